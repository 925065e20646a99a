/** What a training drops of activations: inputs of its graph, and the draws that they are fed. */
import type { Drops } from "../../algorithms/blocks/network.ts";
import { dropFactors, type DropMask } from "../../algorithms/models/drop.ts";
import type { Graph, Node } from "../../algorithms/tensor/graph.ts";
import type { BatchSource } from "./batches.ts";

export type { DropMask } from "../../algorithms/models/drop.ts";

/**
 * Makes an input for every layer that drops something of a set of examples; all passes of the same examples in one iteration, those of inner steps too, share
 * its draw.
 *
 * @param masks gets what is to be drawn
 */
export function dropInputs(graph: Graph, masks: DropMask[]): Drops {
  // Examples are numbered as they are first met, which depends on the algorithm alone.
  const numbers = new Map<Node, number>();
  return (x) => {
    const number = numbers.get(x) ?? numbers.size;
    numbers.set(x, number);
    return (layer, shape, drop) => {
      const name = `drop:${number}.${layer}`;
      if (!masks.some((mask) => mask.name === name)) masks.push({ name, shape, ...drop });
      return graph.input(name, shape);
    };
  };
}

/** The batches of a training with what it drops, drawn by the seed, the iteration and the layer. */
export function withDrops(source: BatchSource, masks: readonly DropMask[], seed: number): BatchSource {
  if (masks.length === 0) return source;
  return {
    ...source,
    draw(iteration) {
      const { feeds, rows } = source.draw(iteration);
      const drawn = masks.map((mask) => [mask.name, dropFactors(mask, [seed, iteration, mask.name])] as const);
      return { feeds: { ...feeds, ...Object.fromEntries(drawn) }, rows };
    },
  };
}
