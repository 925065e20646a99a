// The three products of a convolution with patches that never exist: every window position is a matrix product of its own over the images, whose
// rows are read from (or added to) the images themselves. Taps that fall on the padding are skipped.
import { pack, panel, untile } from "./matmul";

// Words at p: destination, left, right, tasks, images per task, geometry, filters, transposed, scratch;
// geometry: height, width, channels, rows, columns, kernel, stride, top, left. Channels are a multiple of 8.

/** Bytes of images whose rows are computed together: they stay in the second-level cache while the window moves over them. */
// @ts-ignore: decorator
@inline
const CHUNK: usize = 1 << 19;
/** Most images of a chunk. */
// @ts-ignore: decorator
@inline
const IMAGES: usize = 96;
/** Images whose sum a filter gradient adds at once. */
// @ts-ignore: decorator
@inline
const DEPTH: usize = 128;
/** Rows of a tile for ragged columns. */
// @ts-ignore: decorator
@inline
const TILE: usize = 96;

let tasks: usize = 0, images: usize = 0, height: i32 = 0, width: i32 = 0, rows: i32 = 0, columns: i32 = 0, kernel: i32 = 0, stride: i32 = 0;
let top: i32 = 0, left: i32 = 0, transposed: bool = false;
/** Elements of a pixel, a whole patch, and a window position's outputs. */
let channels: usize = 0, depth: usize = 0, filters: usize = 0;
/** Bytes of an image, and of all window positions of an image. */
let imageBytes: usize = 0, outputBytes: usize = 0;
let scratch: usize = 0;

function decode(p: usize): void {
  tasks = load<u32>(p, 12), images = load<u32>(p, 16);
  height = load<i32>(p, 20), width = load<i32>(p, 24), channels = load<u32>(p, 28), rows = load<i32>(p, 32), columns = load<i32>(p, 36);
  kernel = load<i32>(p, 40), stride = load<i32>(p, 44), top = load<i32>(p, 48), left = load<i32>(p, 52);
  filters = load<u32>(p, 56), transposed = load<u32>(p, 60) != 0, scratch = load<u32>(p, 64);
  depth = <usize>(kernel * kernel) * channels;
  imageBytes = (<usize>(height * width) * channels) << 2;
  outputBytes = (<usize>(rows * columns) * filters) << 2;
}

/** First tap of a window that starts at pixel `start` and lies on the image. */
// @ts-ignore: decorator
@inline
function firstTap(start: i32): i32 {
  return max(0, -start);
}

/** One past the last such tap, on an axis of `extent` pixels. */
// @ts-ignore: decorator
@inline
function lastTap(start: i32, extent: i32): i32 {
  return min(kernel, extent - start);
}

/** Images of a chunk, as even as they divide. */
function chunkOf(): usize {
  const most = min(max<usize>(CHUNK / imageBytes, 1), IMAGES);
  const chunks = (images + most - 1) / most;
  return (images + chunks - 1) / chunks;
}

/** What `touch` read, so that the reads are not optimised away. */
let touched: u32 = 0;

/** Reads one word of every cache line in order, which streams from memory; what follows jumps and would wait for every line. */
function touch(from: usize, bytes: usize): void {
  let all: u32 = 0;
  for (let i: usize = 0; i < bytes; i += 64) all |= load<u32>(from + i);
  touched = all;
}

/** Packs op(B)[depth, n] into panels of 8 columns at `to`, `rowBytes` and `columnBytes` apart in memory. */
function packPanels(to: usize, from: usize, k: usize, n: usize, rowBytes: usize, columnBytes: usize): void {
  for (let j: usize = 0; j < n; j += 8) {
    pack(to, from + j * columnBytes, rowBytes, columnBytes, k, min<usize>(8, n - j));
    to += k << 5;
  }
}

/** out[T, images, H', W', F] = patches(image) W, with W [T, depth, F], or [T, F, depth] where transposed. */
export function convolve(p: usize): void {
  decode(p);
  let out: usize = load<u32>(p), image: usize = load<u32>(p, 4), weight: usize = load<u32>(p, 8);
  const tail = filters & 7;
  const tile = scratch + (((filters + 7) >> 3) * depth << 5);
  const chunk = chunkOf();
  for (let t: usize = 0; t < tasks; t++) {
    packPanels(scratch, weight, depth, filters, transposed ? 4 : filters << 2, transposed ? depth << 2 : 4);
    for (let i: usize = 0; i < images; i += chunk) {
      const count = min(chunk, images - i);
      touch(image + i * imageBytes, count * imageBytes);
      let target = out + i * outputBytes;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          for (let j: usize = 0; j < filters; j += 8) {
            const panels = scratch + (j >> 3) * (depth << 5);
            if (j + 8 <= filters) {
              convolveAt(row, column, count, image + i * imageBytes, panels, target + (j << 2), outputBytes);
            } else {
              convolveAt(row, column, count, image + i * imageBytes, panels, tile, 32);
              untile(count, tile, target + (j << 2), outputBytes, tail, false);
            }
          }
          target += filters << 2;
        }
      }
    }
    out += images * outputBytes, image += images * imageBytes, weight += (depth * filters) << 2;
  }
}

/** Eight outputs of `count` images at one window position. */
function convolveAt(row: i32, column: i32, count: usize, image: usize, panels: usize, c: usize, ci: usize): void {
  const y = row * stride - top, x = column * stride - left;
  const first = firstTap(x);
  const length = <usize>(lastTap(x, width) - first) * channels;
  let add = false;
  for (let ky = firstTap(y); ky < lastTap(y, height); ky++) {
    const pixel = image + ((<usize>((y + ky) * width + x + first) * channels) << 2);
    panel(count, pixel, imageBytes, 4, panels + (<usize>(ky * kernel + first) * channels << 5), 32, length, c, ci, add);
    add = true;
  }
}

/** out[T, depth, F] = patches(image)ᵀ D, with D [T, images, H', W', F]. */
export function filterGradient(p: usize): void {
  decode(p);
  let out: usize = load<u32>(p), image: usize = load<u32>(p, 4), gradient: usize = load<u32>(p, 8);
  for (let t: usize = 0; t < tasks; t++) {
    memory.fill(out, 0, (depth * filters) << 2);
    for (let i: usize = 0; i < images; i += DEPTH) {
      const count = min(DEPTH, images - i);
      let source = gradient + i * outputBytes;
      touch(image + i * imageBytes, count * imageBytes);
      touch(source, count * outputBytes);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          packPanels(scratch, source, count, filters, outputBytes, 4);
          filterGradientAt(row, column, count, image + i * imageBytes, out);
          source += filters << 2;
        }
      }
    }
    out += (depth * filters) << 2, image += images * imageBytes, gradient += images * outputBytes;
  }
}

/** Adds what `count` images contribute at one window position; their gradients are packed in `scratch`. */
function filterGradientAt(row: i32, column: i32, count: usize, image: usize, out: usize): void {
  const y = row * stride - top, x = column * stride - left;
  const first = firstTap(x);
  const length = <usize>(lastTap(x, width) - first) * channels;
  const tile = scratch + (((filters + 7) >> 3) * DEPTH << 5);
  const ci = filters << 2;
  for (let ky = firstTap(y); ky < lastTap(y, height); ky++) {
    const pixel = image + ((<usize>((y + ky) * width + x + first) * channels) << 2);
    const target = out + <usize>(ky * kernel + first) * channels * ci;
    for (let j: usize = 0; j < filters; j += 8) {
      const packed = scratch + (j >> 3) * (count << 5);
      if (j + 8 <= filters) {
        panel(length, pixel, 4, imageBytes, packed, 32, count, target + (j << 2), ci, true);
        continue;
      }
      for (let r: usize = 0; r < length; r += TILE) {
        const height = min(TILE, length - r);
        panel(height, pixel + (r << 2), 4, imageBytes, packed, 32, count, tile, 32, false);
        untile(height, tile, target + r * ci + (j << 2), ci, filters - j, true);
      }
    }
  }
}

/** out[T, images, H, W, C] = the adjoint of patches applied to D Wᵀ: left D [T, images, H', W', F], right W [T, depth, F], or [T, F, depth] where transposed. */
export function imageGradient(p: usize): void {
  decode(p);
  let out: usize = load<u32>(p), gradient: usize = load<u32>(p, 4), weight: usize = load<u32>(p, 8);
  const chunk = chunkOf();
  for (let t: usize = 0; t < tasks; t++) {
    packPanels(scratch, weight, filters, depth, transposed ? depth << 2 : 4, transposed ? 4 : filters << 2);
    for (let i: usize = 0; i < images; i += chunk) {
      const count = min(chunk, images - i);
      touch(gradient + i * outputBytes, count * outputBytes);
      memory.fill(out + i * imageBytes, 0, count * imageBytes);
      let source = gradient + i * outputBytes;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          imageGradientAt(row, column, count, source, out + i * imageBytes);
          source += filters << 2;
        }
      }
    }
    out += images * imageBytes, gradient += images * outputBytes, weight += (depth * filters) << 2;
  }
}

/** Adds to the pixels under one window position of `count` images. */
function imageGradientAt(row: i32, column: i32, count: usize, gradient: usize, image: usize): void {
  const y = row * stride - top, x = column * stride - left;
  const first = firstTap(x);
  const length = <usize>(lastTap(x, width) - first) * channels;
  for (let ky = firstTap(y); ky < lastTap(y, height); ky++) {
    const pixel = image + ((<usize>((y + ky) * width + x + first) * channels) << 2);
    const panels = scratch + ((<usize>(ky * kernel + first) * channels) >> 3) * (filters << 5);
    for (let j: usize = 0; j < length; j += 8) {
      panel(count, gradient, outputBytes, 4, panels + (j >> 3) * (filters << 5), 32, filters, pixel + (j << 2), imageBytes, true);
    }
  }
}
