/** How far adaptation moves each layer's representation. */
import type { Model } from "../algorithms/models/model.ts";
import type { Data } from "../algorithms/tensor/backend.ts";
import { type Node, sizeOf } from "../algorithms/tensor/graph.ts";
import { matmul, mean, reshape, square, sub, sum } from "../algorithms/tensor/ops.ts";
import type { EpisodeBatch } from "../data/dataset.ts";
import type { NamedNode } from "./adaptation.ts";
import type { Observer } from "./episodes.ts";
import { type CentredGram, centredGram, linearCka } from "./statistics/linear_cka.ts";
import type { LayerSimilarity, StepRepresentations } from "./types.ts";

/** Test episodes whose representations are compared, from the first on: two whole chunks. */
export const WATCHED_EPISODES = 50;

const gramName = (innerSteps: number, layer: number) => `gram${innerSteps}.${layer}`;
const sizeName = (innerSteps: number, layer: number) => `size${innerSteps}.${layer}`;

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
      model.layers.flatMap((_, layer) => [gramName(steps, layer), sizeName(steps, layer)])
    );
    this.#similarities = new Map(this.#steps.map((steps) => [steps, model.layers.map(() => [])]));
  }

  /**
   * What a program has to put out for it, per layer: the Gram matrix of the activations with their mean over examples taken off, [T, n, n], and their sum
   * of squares before that, [T].
   */
  readonly watch = (activations: readonly Node[], innerSteps: number): NamedNode[] => {
    if (!this.#steps.includes(innerSteps)) return [];
    return activations.flatMap((activation, layer): NamedNode[] => {
      const [tasks, examples] = activation.shape;
      const x = reshape(activation, [tasks, examples, sizeOf(activation.shape) / (tasks * examples)]);
      const centred = sub(x, mean(x, [1]));
      return [
        [gramName(innerSteps, layer), matmul(centred, centred, false, true)],
        [sizeName(innerSteps, layer), reshape(sum(square(x), [1, 2]), [tasks])],
      ];
    });
  };

  see({ tasks, nQuery }: EpisodeBatch, outputs: Readonly<Record<string, Data>>): void {
    const centred = (steps: number, layer: number, task: number): CentredGram | null => {
      const length = nQuery * nQuery;
      const gram = outputs[gramName(steps, layer)].subarray(task * length, (task + 1) * length);
      return centredGram(gram, nQuery, outputs[sizeName(steps, layer)][task]);
    };
    for (const layer of this.#model.layers.keys()) {
      for (let task = 0; task < tasks; task++) {
        const before = centred(0, layer, task);
        for (const [steps, similarities] of this.#similarities) {
          const after = steps === 0 ? before : centred(steps, layer, task);
          similarities[layer].push(before === null || after === null ? null : linearCka(before, after));
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

function summary(values: readonly (number | null)[]): Omit<LayerSimilarity, "name" | "adapted"> {
  const defined = values.filter((value) => value !== null);
  const n = defined.length;
  const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const average = n === 0 ? null : total(defined) / n;
  return {
    cka: average,
    sd: average === null || n < 2 ? null : Math.sqrt(total(defined.map((value) => (value - average) ** 2)) / (n - 1)),
    episodes: values.length,
    undefinedEpisodes: values.length - n,
  };
}
