/** What models of images have in common: what they take, and how their features enter the head. */
import { z } from "zod";
import type { Shape } from "../tensor/graph.ts";
import { mean, reshape } from "../tensor/ops.ts";
import { pooled } from "../tensor/pools.ts";
import type { Layer } from "./model.ts";

/** Side of the windows that are pooled. */
export const WINDOW = 2;

/** How what the trunk puts out at its positions becomes features. */
export const featuresOption = z.enum(["mean", "flatten"]).default("mean").describe(
  "What enters the head: the mean over positions, one number per filter; or all positions one after another.",
);

/** Why a model with so many poolings cannot take inputs of a shape; undefined where it can. */
export function imageRefusal(shape: Shape, poolings: number): string | undefined {
  if (shape.length !== 3) return `it takes images, not inputs of shape [${shape.join(", ")}]`;
  const [height, width] = shape;
  const least = WINDOW ** poolings;
  if (Math.min(height, width) >= least) return undefined;
  return `its ${poolings} poolings halve an image of ${height} x ${width} to nothing; it takes ${least} x ${least} at least`;
}

/** Height and width after a pooling. */
export function halved([height, width]: readonly [number, number]): [number, number] {
  return [pooled(height, WINDOW), pooled(width, WINDOW)];
}

/** A trunk's last layer with features instead of an image: [T, n, H, W, F] -> [T, n, D]. */
export function withFeatures(layer: Layer, features: z.infer<typeof featuresOption>): Layer {
  return {
    ...layer,
    apply(params, x, moments, drop) {
      const y = layer.apply(params, x, moments, drop);
      const [tasks, examples, height, width, filters] = y.shape;
      return features === "mean"
        ? reshape(mean(y, [2, 3]), [tasks, examples, filters])
        : reshape(y, [tasks, examples, height * width * filters]);
    },
  };
}
