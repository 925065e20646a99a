/** How far adaptation moves each layer's representation. */
import { meanOf, standardDeviationOf } from "../../reports/statistics/moments.ts";
import type { Model } from "../../algorithms/models/model.ts";
import type { Data } from "../../algorithms/tensor/backend.ts";
import { type Node, sizeOf } from "../../algorithms/tensor/graph.ts";
import { matmul, mean, mul, reshape, square, sub, sum } from "../../algorithms/tensor/ops.ts";
import type { EpisodeBatch } from "../../data/contract/dataset.ts";
import type { NamedNode } from "./adaptation.ts";
import type { Observer } from "./episodes.ts";
import { linearCka, type Representation } from "../../reports/statistics/linear_cka.ts";
import type { LayerSimilarity, StepRepresentations } from "../store/types.ts";

/** Test episodes whose representations are compared, from the first on: two whole chunks. */
export const WATCHED_EPISODES = 50;

const names = (innerSteps: number, layer: number) => {
  const place = `${innerSteps}.${layer}`;
  return { squares: `squares${place}`, size: `size${place}`, own: `own${place}`, product: `product${place}` };
};

/**
 * Compares what every layer puts out for the query sets after adaptation with what it put out before, by debiased linear CKA: the question of feature reuse
 * (Raghu et al. 2020, section 3.2, arXiv:1909.09157), asked of the examples that count.
 *
 * An example's representation in a layer is all that the layer puts out for it, after its norm and non-linearity: positions of an image are features as
 * channels are (Kornblith et al. 2019, section 5, arXiv:1905.00414). The head's is its predictions or logits.
 */
export class RepresentationMeter implements Observer {
  readonly outputs: readonly string[];
  readonly #model: Model;
  readonly #mask: readonly boolean[];
  readonly #steps: readonly number[];
  /** By inner steps and layer, one number per episode; null where undefined. */
  readonly #similarities: ReadonlyMap<number, readonly (number | null)[][]>;

  /**
   * @param mask per layer, whether adaptation changes it
   * @param innerSteps after which to compare with the state before adaptation
   */
  constructor(model: Model, mask: readonly boolean[], innerSteps: readonly number[]) {
    this.#model = model;
    this.#mask = mask;
    this.#steps = [...new Set([0, ...innerSteps])];
    this.outputs = this.#steps.flatMap((steps) =>
      model.layers.flatMap((_, layer) => Object.values(names(steps, layer)))
    );
    this.#similarities = new Map(this.#steps.map((steps) => [steps, model.layers.map(() => [])]));
  }

  /**
   * What a program has to put out for it, per layer with activations X, of which the mean over examples is taken off, and Y before adaptation: `squares`
   * [T, n], `size` [T], and the terms of `own` ‖XᵀX‖² and `product` ‖XᵀY‖², whose sum over the last axis is left to float64. The two are sums over
   * features, or over pairs of examples where those are fewer.
   */
  readonly watch = (activations: readonly Node[], before: readonly Node[], innerSteps: number): NamedNode[] => {
    if (!this.#steps.includes(innerSteps)) return [];
    return activations.flatMap((activation, layer): NamedNode[] => {
      const raw = rowsOf(activation);
      const [x, y] = [centred(raw), centred(rowsOf(before[layer]))];
      const gram = (values: Node) => matmul(values, values, false, true);
      const [, examples, features] = x.shape;
      const [own, product] = examples < features
        ? [square(gram(x)), mul(gram(x), gram(y))]
        : [square(matmul(x, x, true)), square(matmul(x, y, true))];
      const named = names(innerSteps, layer);
      return [
        [named.squares, sum(square(x), [2])],
        [named.size, sum(square(raw), [1, 2])],
        [named.own, sum(own, [2])],
        [named.product, sum(product, [2])],
      ];
    });
  };

  see({ tasks }: EpisodeBatch, outputs: Readonly<Record<string, Data>>): void {
    const part = (name: string, task: number) => {
      const length = outputs[name].length / tasks;
      return outputs[name].subarray(task * length, (task + 1) * length);
    };
    const total = (name: string, task: number) => {
      let sum = 0;
      for (const value of part(name, task)) sum += value;
      return sum;
    };
    for (const [steps, similarities] of this.#similarities) {
      for (const [layer, values] of similarities.entries()) {
        const [x, y] = [names(steps, layer), names(0, layer)];
        for (let task = 0; task < tasks; task++) {
          const representation = ({ squares, own, size }: typeof x): Representation => ({
            squares: part(squares, task),
            own: total(own, task),
            size: part(size, task)[0],
          });
          values.push(linearCka(representation(x), representation(y), total(x.product, task)));
        }
      }
    }
  }

  /** What was seen at a number of inner steps that it was made for. */
  at(innerSteps: number): StepRepresentations {
    const similarities = this.#similarities.get(innerSteps);
    if (similarities === undefined) throw new Error(`internal: no representations after ${innerSteps} steps`);
    const layers = similarities.map((values, layer): LayerSimilarity => ({
      name: this.#model.layers[layer].name,
      adapted: this.#mask[layer],
      ...summary(values),
    }));
    return { innerSteps, layers };
  }
}

/** One vector per example: [T, n, ...] -> [T, n, p]. */
function rowsOf(activation: Node): Node {
  const [tasks, examples] = activation.shape;
  return reshape(activation, [tasks, examples, sizeOf(activation.shape) / (tasks * examples)]);
}

/** [T, n, p] less its mean over examples. */
function centred(x: Node): Node {
  return sub(x, mean(x, [1]));
}

function summary(values: readonly (number | null)[]): Omit<LayerSimilarity, "name" | "adapted"> {
  const defined = values.filter((value) => value !== null);
  const n = defined.length;
  return {
    cka: n === 0 ? null : meanOf(defined),
    sd: standardDeviationOf(defined),
    episodes: values.length,
    undefinedEpisodes: values.length - n,
  };
}
