/** Dropout and DropBlock: factors of activations that are drawn for every training iteration, by name. */
import { type Key, rng } from "../../common/random.ts";
import type { Node, Shape } from "../tensor/graph.ts";

/** How activations are dropped. */
export interface Drop {
  /** The share that is dropped, in [0, 1). */
  readonly rate: number;
  /** Side of the square blocks that are dropped together, of images; 1 drops single activations. */
  readonly block: number;
}

/** The factors of a layer's activations of a shape: an input of the graph, fed anew at every iteration. */
export type DropSource = (layer: string, shape: Shape, drop: Drop) => Node;

/** Factors to draw, for an input of a program. */
export interface DropMask extends Drop {
  /** Of the input. */
  readonly name: string;
  /** [T, n, H, W, C] */
  readonly shape: Shape;
}

/**
 * Draws factors: 0 where an activation is dropped; elsewhere one number by which the kept ones make up for them: 1 / (1 - rate), or for blocks the inverse
 * of the share that is kept in this draw.
 *
 * Blocks are drawn by their corners, as many as drop `rate` of the activations if none overlapped; a block is no larger than the image.
 *
 * Source: Srivastava et al. 2014, section 4; Ghiasi et al. 2018 (arXiv:1810.12890), Algorithm 1 and equation 1.
 *
 * @returns [T, n, H, W, C], which depends on the key alone
 */
export function dropFactors({ shape, rate, block }: DropMask, key: Key): Float32Array {
  const random = rng(key);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (block === 1) return Float32Array.from({ length: size }, () => random.uniform() < rate ? 0 : 1 / (1 - rate));
  const [height, width, channels] = shape.slice(-3);
  const [tall, wide] = [Math.min(block, height), Math.min(block, width)];
  const [rows, columns] = [height - tall + 1, width - wide + 1];
  const share = Math.min(1, rate * height * width / (tall * wide * rows * columns));
  const factors = new Float32Array(size).fill(1);
  for (let image = 0; image < size; image += height * width * channels) {
    for (let channel = 0; channel < channels; channel++) {
      for (let corner = 0; corner < rows * columns; corner++) {
        if (random.uniform() >= share) continue;
        const [top, left] = [Math.floor(corner / columns), corner % columns];
        for (let y = top; y < top + tall; y++) {
          for (let x = left; x < left + wide; x++) factors[image + (y * width + x) * channels + channel] = 0;
        }
      }
    }
  }
  const kept = factors.reduce((sum, factor) => sum + factor, 0);
  return kept === 0 ? factors : factors.map((factor) => factor * size / kept);
}
