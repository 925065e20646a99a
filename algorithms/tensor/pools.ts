/** Index tables that turn windows of pooling into gathers. */
import type { PoolAttributes } from "./graph.ts";

/** Positions of a window that lies beside itself, without padding: what is left at the bottom and the right belongs to none. */
export function pooled(extent: number, window: number): number {
  return Math.floor(extent / window);
}

/** For every place (ky, kx) in a window, the pixel that each window has there: k·k lists of [H'·W']. */
export function windowIndices({ window, height, width }: PoolAttributes): Int32Array[] {
  const [rows, columns] = [pooled(height, window), pooled(width, window)];
  return Array.from({ length: window * window }, (_, place) => {
    const [ky, kx] = [Math.floor(place / window), place % window];
    return Int32Array.from({ length: rows * columns }, (_, position) => {
      const [row, column] = [Math.floor(position / columns), position % columns];
      return (row * window + ky) * width + column * window + kx;
    });
  });
}

/** The lists of `windowIndices` read backwards: for every pixel its element in them, one past the last one where it is in no window: [H·W]. */
export function windowElements(attributes: PoolAttributes): Int32Array {
  const places = windowIndices(attributes);
  const perPlace = places[0].length;
  const elements = new Int32Array(attributes.height * attributes.width).fill(places.length * perPlace);
  places.forEach((pixels, place) => pixels.forEach((pixel, position) => elements[pixel] = place * perPlace + position));
  return elements;
}
