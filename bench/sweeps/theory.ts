/**
 * What the distance between joint training and meta-learning depends on: Wang et al. 2021 bound how far the predictions of multi-task learning and ANIL are apart,
 * once the head alone is adapted, by λτ + 1/L in wide networks (λ: step size, τ: inner steps, L: layers). ANIL therefore trains at the steps that it is tested at, and
 * nobody chooses a step size.
 */
import type { DataSetSweep, Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, matched } from "./comparisons.ts";
import { SINUSOID, SINUSOID_HYPER } from "./parts.ts";
import { ofDistance, ON_SINUSOID_MATCHED } from "./predictions.ts";

/** Units of a hidden layer: the bound is about wide networks. */
const WIDTH = 64;

/** L, at one λ; and λ, at L = 3. Gradient steps on a head diverge where λ is more than 2 over the largest curvature, for joint training from about 0.003 on. */
const LAYERS = [2, 3, 5, 8];
const RATES = [0.0001, 0.0003, 0.001];
const RATE = 0.0003;

/** Sinusoids on a network of so many layers, of which the head alone is adapted. */
function at(layers: number, rate: number): DataSetSweep & { readonly keptPredictions: number } {
  const plain = layers === 3 && rate === RATE;
  const name = `sinusoid-${layers}-layers${rate === RATE ? "" : `-rate-${rate}`}`;
  const title = `Sinusoids, ${layers} layers${rate === RATE ? "" : `, λ = ${rate}`}`;
  return {
    ...SINUSOID,
    ...(plain ? {} : { name, ...{ of: "sinusoid", title } }),
    hidden: Array.from({ length: layers - 1 }, () => WIDTH),
    shots: [10],
    innerSteps: [1, 5, 10],
    sharingDepths: [layers - 1],
    adapters: ["gradient"],
    episodes: 500,
    keptPredictions: 50,
    hyper: {
      ...SINUSOID_HYPER,
      iterations: 4000,
      outerLr: 1e-3,
      innerLr: rate,
      adaptLrs: [],
      trainInnerSteps: "matched",
    },
  };
}

const DATA_SETS: readonly DataSetSweep[] = [
  at(3, RATE),
  ...LAYERS.filter((layers) => layers !== 3).map((layers) => at(layers, RATE)),
  ...RATES.filter((rate) => rate !== RATE).map((rate) => at(3, rate)),
];

/** `--profile theory` */
export const theory: Sweep = {
  format: 2,
  name: "theory",
  title: "How far the predictions of multi-task learning and ANIL are apart",
  algorithms: ["mtl", "anil"],
  seeds: [0, 1, 2, 3, 4],
  rounds: null,
  datasets: DATA_SETS,
  families: COMPARISON_FAMILIES.filter(({ name }) => name === "matched"),
  comparisons: [matched("mtl", "anil")],
  predictions: [...ON_SINUSOID_MATCHED, ...ofDistance(DATA_SETS.slice(1).map(({ name }) => name))],
};
