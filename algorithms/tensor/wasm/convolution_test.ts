import fc from "fast-check";
import { cpuBackend } from "../cpu.ts";
import { grad } from "../grad.ts";
import { Graph, sizeOf } from "../graph.ts";
import { conv2d } from "../nn.ts";
import * as op from "../ops.ts";
import { assemble, program } from "../program.ts";
import { assertAlmost, spread } from "../../testing/tensor.ts";
import { OPCODE } from "./encode.ts";
import { planMemory } from "./plan.ts";
import { wasmBackend } from "./wasm.ts";

/** Opcodes of a plan, in order. */
function opcodes(words: Uint32Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < words.length; at += words[at + 1]) found.push(words[at]);
  return found;
}

const sizes = fc.record({
  tasks: fc.integer({ min: 1, max: 3 }),
  images: fc.integer({ min: 16, max: 19 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.constantFrom(8, 16),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  filters: fc.integer({ min: 1, max: 19 }),
  transposed: fc.boolean(),
});

Deno.test("a convolution and its adjoints agree with float64 for any window, and no patches are written", async () => {
  const wasm = await wasmBackend();
  await fc.assert(
    fc.asyncProperty(sizes, async ({ tasks, images, height, width, channels, kernel, stride, filters, transposed }) => {
      const graph = new Graph();
      const depth = kernel * kernel * channels;
      const positions = op.samePadded(height, stride) * op.samePadded(width, stride);
      const shapes = {
        image: [tasks * images, height, width, channels],
        weight: transposed ? [tasks, filters, depth] : [tasks, depth, filters],
        gradient: [tasks, images * positions, filters],
      };
      const nodes = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, graph.input(name, shape)]));
      const patches = op.reshape(op.im2col(nodes.image, kernel, stride), [tasks, images * positions, depth]);
      const spreadBack = op.matmul(nodes.gradient, nodes.weight, false, !transposed);
      const rows = [tasks * images, op.samePadded(height, stride), op.samePadded(width, stride), depth];
      const compiled = assemble({
        outputs: {
          value: op.matmul(patches, nodes.weight, false, transposed),
          ofFilters: op.matmul(patches, nodes.gradient, true, false),
          ofImage: op.col2im(op.reshape(spreadBack, rows), kernel, stride, height, width),
        },
      });
      const kinds = opcodes(planMemory(compiled, 0).words).toSorted((a, b) => a - b).join();
      const expectedKinds = [OPCODE.convolve, OPCODE.filterGradient, OPCODE.imageGradient].join();
      if (kinds !== expectedKinds) throw new Error(`instructions ${kinds} instead of ${expectedKinds}`);
      const feeds = Object.fromEntries(
        Object.entries(shapes).map(([name, shape], index) => [name, spread(sizeOf(shape), -1, 1, index)]),
      );
      const [actual, expected] = [wasm, cpuBackend(64)].map((backend) => backend.compile(compiled));
      actual.run(feeds);
      actual.run(feeds); // nothing may be left over from the run before
      expected.run(feeds);
      for (const name of Object.keys(compiled.outputs)) {
        assertAlmost(name, await actual.read(name), await expected.read(name), 1e-5);
      }
      actual.dispose();
    }),
    { numRuns: 150 },
  );
});

Deno.test("a convolution of many large images agrees with float64 in every block", async () => {
  // 300 images of 24 KiB cross the blocks of half a mebibyte and of 128 images; the widest column range crosses the tile of 96 rows.
  const graph = new Graph();
  const x = graph.input("x", [1, 300, 16, 16, 24]);
  const weight = graph.input("weight", [1, 9 * 24, 9]);
  const loss = op.sumAll(op.square(conv2d(x, weight, undefined, 3, 2)));
  const [ofX, ofWeight] = grad(loss, [x, weight]);
  const compiled = program({ outputs: { loss, ofX, ofWeight } });
  const feeds = { x: spread(300 * 16 * 16 * 24, -1, 1, 1), weight: spread(9 * 24 * 9, -1, 1, 2) };
  const [actual, expected] = [await wasmBackend(), cpuBackend(64)].map((backend) => backend.compile(compiled));
  actual.run(feeds);
  expected.run(feeds);
  for (const name of Object.keys(compiled.outputs)) {
    assertAlmost(name, await actual.read(name), await expected.read(name), 1e-5);
  }
});

Deno.test("patches are written where something else reads them too", async () => {
  const graph = new Graph();
  const x = graph.input("x", [16, 4, 4, 8]);
  const weight = graph.input("weight", [1, 72, 5]);
  const patches = op.im2col(x, 3, 2);
  const compiled = program({
    outputs: { product: op.matmul(op.reshape(patches, [1, 64, 72]), weight), squares: op.square(patches) },
  });
  const feeds = { x: spread(16 * 16 * 8, -1, 1, 1), weight: spread(72 * 5, -1, 1, 2) };
  const [actual, expected] = [await wasmBackend(), cpuBackend(64)].map((backend) => backend.compile(compiled));
  actual.run(feeds);
  expected.run(feeds);
  for (const name of Object.keys(compiled.outputs)) {
    assertAlmost(name, await actual.read(name), await expected.read(name), 1e-5);
  }
});
