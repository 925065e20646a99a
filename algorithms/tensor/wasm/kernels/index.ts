// The virtual machine: walks a list of 32-bit words and runs one kernel per instruction, so that a whole program costs one call from JavaScript.
// Built by `deno task build:wasm`; the opcodes are those of ../encode.ts.
import { exp, fill, log, maxLast, stridedCopy, tanh } from "./elementwise";
import { matmul } from "./matmul";
import { convolve, filterGradient, imageGradient } from "./convolution";
import { putMax, takeMax } from "./pool";
import { addRows, col2im, im2col, putRows, takeRows } from "./layout";

// @ts-ignore: decorator
@inline
function word(pc: usize, index: usize): usize {
  return load<u32>(pc + (index << 2));
}

// @ts-ignore: decorator
@inline
function real(pc: usize, index: usize): f32 {
  return load<f32>(pc + (index << 2));
}

/** First free byte of the memory. */
export function heapBase(): usize {
  return __heap_base;
}

/** Runs the instructions in [pc, end). Every instruction starts with its opcode and its length in words. */
export function run(pc: usize, end: usize): void {
  while (pc < end) {
    const p = pc + 8;
    switch (<i32>word(pc, 0)) {
      case 0:
        fill(word(p, 0), word(p, 1), real(p, 2));
        break;
      case 1:
        memory.copy(word(p, 0), word(p, 1), word(p, 2) << 2);
        break;
      case 2:
        exp(word(p, 0), word(p, 1), word(p, 2));
        break;
      case 3:
        log(word(p, 0), word(p, 1), word(p, 2));
        break;
      case 4:
        tanh(word(p, 0), word(p, 1), word(p, 2));
        break;
      case 5:
        maxLast(word(p, 0), word(p, 1), word(p, 2), word(p, 3));
        break;
      case 6:
        matmul(p);
        break;
      case 7:
        stridedCopy(word(p, 0), word(p, 1), p + 8);
        break;
      case 8:
        im2col(p);
        break;
      case 9:
        col2im(p);
        break;
      case 10:
        takeRows(word(p, 0), word(p, 1), word(p, 2), word(p, 3), word(p, 4));
        break;
      case 11:
        putRows(word(p, 0), word(p, 1), word(p, 2), word(p, 3), word(p, 4));
        break;
      case 12:
        convolve(p);
        break;
      case 13:
        filterGradient(p);
        break;
      case 14:
        imageGradient(p);
        break;
      case 15:
        call_indirect<void>(<u32>word(p, 0)); // a generated loop
        break;
      case 16:
        addRows(word(p, 0), word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5));
        break;
      case 17:
        takeMax(p);
        break;
      case 18:
        putMax(p);
        break;
      default:
        unreachable();
    }
    pc += word(pc, 1) << 2;
  }
}
