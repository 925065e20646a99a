/** Index tables that turn im2col and its adjoint into gathers. */
import type { PatchAttributes } from "./graph.ts";

/** Where a SAME-padded, strided window lies on an image. */
export interface PatchGeometry {
  /** H', W': positions of the window. */
  readonly rows: number;
  readonly columns: number;
  /** Zero rows and columns put around the image. */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The geometry of a window; odd padding puts the larger half at the bottom and right, as TensorFlow does. */
export function patchGeometry({ kernel, stride, height, width }: PatchAttributes): PatchGeometry {
  const rows = Math.ceil(height / stride);
  const columns = Math.ceil(width / stride);
  const vertical = Math.max(0, (rows - 1) * stride + kernel - height);
  const horizontal = Math.max(0, (columns - 1) * stride + kernel - width);
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return { rows, columns, top, bottom: vertical - top, left, right: horizontal - left };
}

/** For each element (row, column, ky, kx) of the patches, its pixel in the padded image: [H'·W'·k·k]. */
export function patchIndices(attributes: PatchAttributes): Int32Array {
  const { kernel, stride, width } = attributes;
  const { rows, columns, left, right } = patchGeometry(attributes);
  const paddedWidth = left + width + right;
  const indices = new Int32Array(rows * columns * kernel * kernel);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let ky = 0; ky < kernel; ky++) {
        for (let kx = 0; kx < kernel; kx++) {
          indices[next++] = (row * stride + ky) * paddedWidth + column * stride + kx;
        }
      }
    }
  }
  return indices;
}

/**
 * For each pixel of the image, the patch elements that hold it: [H·W·overlap], filled up with H'·W'·k·k (one past the last
 * element, where a zero is expected).
 */
export function pixelIndices(attributes: PatchAttributes): { readonly indices: Int32Array; readonly overlap: number } {
  const { height, width } = attributes;
  const { top, left, right } = patchGeometry(attributes);
  const paddedWidth = left + width + right;
  const patches = patchIndices(attributes);
  const holders = Array.from({ length: height * width }, (): number[] => []);
  patches.forEach((pixel, element) => {
    const y = Math.floor(pixel / paddedWidth) - top;
    const x = pixel % paddedWidth - left;
    if (y >= 0 && y < height && x >= 0 && x < width) holders[y * width + x].push(element);
  });
  const overlap = Math.max(1, ...holders.map((elements) => elements.length));
  const indices = new Int32Array(height * width * overlap).fill(patches.length);
  holders.forEach((elements, pixel) => indices.set(elements, pixel * overlap));
  return { indices, overlap };
}
