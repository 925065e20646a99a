/** Made-up results for tests and for looking at figures: plausible, fixed, and not measured by anything. */
import type { Norm } from "../../common/vocabulary.ts";
import type { CellRow, ReferenceRow, TimingRow } from "../rows/rows.ts";
import type { Figure } from "../figures/figure.ts";
import { FIGURES } from "../figures/registry.ts";
import type { AdapterDescription, DataSetDescription, ReportInput } from "../view/input.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "../../bench/sweeps/comparisons.ts";
import type { Comparison } from "../claims/comparison.ts";
import type { Adapted } from "../view/adaptation.ts";
import { syntheticMeasures } from "./measures.ts";
import { noise } from "./noise.ts";
import { omniglotPicture, sinusoidPicture } from "./pictures.ts";
import { COST_TO_TARGET, EQUAL_OPERATIONS, syntheticCurves } from "./curves.ts";
import { PREDICTIONS } from "./predictions.ts";
import { syntheticRepresentations } from "./representations.ts";
import { TUNING } from "./tuning.ts";
import { syntheticVerdicts } from "./verdicts.ts";

/** Sizes of a made-up sweep. */
export interface SyntheticOptions {
  readonly algorithms?: readonly string[];
  readonly depths?: readonly number[];
  readonly seeds?: number;
  readonly shots?: readonly number[];
  readonly steps?: readonly number[];
  readonly comparisons?: readonly Comparison[];
  /** Of Omniglot; norm batch alone by default. */
  readonly norms?: readonly Norm[];
  /** Adapters without inner steps on Omniglot; one by default. */
  readonly still?: readonly string[];
}

const TITLES: Readonly<Record<string, string>> = {
  mtl: "MTL",
  maml: "MAML",
  fomaml: "FOMAML",
  anil: "ANIL",
  boil: "BOIL",
  reptile: "Reptile",
  pooled: "Pooled",
  scratch: "Scratch",
};

export const SINUSOID: DataSetDescription = {
  name: "sinusoid",
  title: "Sinusoids",
  source: "Finn et al. 2017, section 5.1 (arXiv:1703.03400)",
  metric: "mse",
  inputShape: [1],
  layers: 3,
  margin: 1.1,
  norms: ["none"],
  trainingTasks: [null],
  nativeDepths: { mtl: 2, maml: 0, fomaml: 0, anil: 2, boil: null, reptile: 0, pooled: 3, scratch: null },
};

export const OMNIGLOT: DataSetDescription = {
  name: "omniglot",
  title: "Omniglot, 5-way",
  source: "Lake et al. 2015",
  metric: "accuracy",
  inputShape: [28, 28, 1],
  layers: 5,
  margin: 1,
  norms: ["batch"],
  trainingTasks: [null],
  nativeDepths: { mtl: 4, maml: 0, fomaml: 0, anil: 4, boil: null, reptile: 0, pooled: 5, scratch: null },
};

const STEPS: AdapterDescription = {
  name: "gradient",
  title: "gradient steps",
  short: "gradient",
  readsInnerSteps: true,
  strength: "step size",
};

/** An adapter that takes no steps. */
function still(name: string, title: string, short: string): AdapterDescription {
  return { name, title, short, readsInnerSteps: false, strength: name === "prototypes" ? "" : "regularisation" };
}

/** Adapters of made-up results, in the order of the table. */
export const ADAPTERS: readonly AdapterDescription[] = [
  STEPS,
  still("ridge", "head solved (ridge)", "ridge head"),
  still("logistic", "head solved (logistic)", "logistic head"),
  still("prototypes", "class prototypes", "prototypes"),
];

/** How many pictures the table of figures has of an input. */
export function figureCount(input: ReportInput): number {
  const figures: readonly Figure[] = Object.values(FIGURES);
  return figures.flatMap((figure) => input.datasets.filter((dataset) => figure.draw(input, dataset) !== undefined))
    .length;
}

function depthsOf(name: string, depths: readonly number[], layers: number): (number | null)[] {
  if (name === "anil") return [layers - 1];
  if (name === "pooled") return [layers];
  if (name === "scratch" || name === "boil") return [null];
  return name === "mtl" || name === "maml" || name === "fomaml" ? [...depths] : [0];
}

/** The built-in comparisons whose algorithms are there, in the order of these. */
function comparisonsAmong(names: readonly string[]): Comparison[] {
  const among = COMPARISONS.filter(({ a, b }) => [a, b].every(({ algorithm }) => names.includes(algorithm ?? "")));
  return among.toSorted((x, y) => names.indexOf(x.b.algorithm ?? "") - names.indexOf(y.b.algorithm ?? ""));
}

/** A full, plausible input. */
export function synthetic(options: SyntheticOptions = {}): ReportInput {
  const names = options.algorithms ?? Object.keys(TITLES);
  const comparisons = options.comparisons ?? comparisonsAmong(names);
  const cells: CellRow[] = [];
  const timings = new Map<string, TimingRow>();
  const datasets: DataSetDescription[] = [SINUSOID, { ...OMNIGLOT, norms: options.norms ?? OMNIGLOT.norms }];
  for (const dataset of datasets) {
    const still = dataset.name === "sinusoid" ? ["ridge"] : options.still ?? ["logistic"];
    const shots = options.shots ?? (dataset === SINUSOID ? [5, 10] : [1, 5]);
    const depths = options.depths ?? [0, dataset.layers - 1];
    for (const algorithm of names) {
      for (const depth of depthsOf(algorithm, depths, dataset.layers)) {
        for (let seed = 0; seed < (options.seeds ?? 3); seed++) {
          for (const k of shots) {
            const adapted = (options.steps ?? [0, 1, 5, 10]).map((innerSteps) => ({ adapter: STEPS.name, innerSteps }));
            for (const how of [...adapted, ...still.map((adapter) => ({ adapter, innerSteps: null }))]) {
              for (const norm of dataset.norms) {
                const row = cell(dataset, norm, algorithm, depth, seed, k, how);
                cells.push(row);
                timings.set(row.trainingUnit, timing(row));
              }
            }
          }
        }
      }
    }
  }
  return {
    title: "Quick comparison",
    datasets,
    algorithms: names.map((name) => ({
      name,
      title: TITLES[name] ?? name,
      summary: `what ${TITLES[name] ?? name} does, in one line`,
      source: "a paper (2017), section 2",
      nativeAdapters: name === "mtl" ? ["ridge", "logistic"] : ["gradient"],
      rank: name in TITLES ? Object.keys(TITLES).indexOf(name) : 100,
    })),
    adapters: ADAPTERS.filter(({ name }) => cells.some(({ adapter }) => adapter === name)),
    cells,
    timings: [...timings.values()],
    representations: syntheticRepresentations(cells, datasets, noise),
    ...syntheticMeasures(cells),
    tuning: TUNING,
    curves: syntheticCurves([...timings.values()], datasets, noise),
    costToTarget: COST_TO_TARGET,
    equalOperations: EQUAL_OPERATIONS,
    families: COMPARISON_FAMILIES,
    comparisons,
    verdicts: syntheticVerdicts(comparisons, cells, datasets, noise),
    predictions: PREDICTIONS,
    references: REFERENCE_ROWS,
    pictures: [sinusoidPicture(), omniglotPicture()],
    manifest: {
      format: 1,
      created: "2026-01-01T00:00:00.000Z",
      backend: { name: "wasm", reason: "the first that works here" },
      workers: 2,
      machine: { os: "linux", cpu: "a processor", cores: 2 },
      versions: { deno: "2.9.6" },
      git: { commit: "0123456789abcdef", dirty: false },
      data: { omniglot: { digest: "8b30138357c6f079" } },
      sweep: { format: 2, name: "quick", seeds: [0, 1, 2] },
    },
  };
}

/** Two floors and a ceiling. */
const REFERENCE_ROWS: readonly ReferenceRow[] = [
  ...[5, 10].flatMap((shots) => [
    referenceOf("sinusoid", "zero", "floor", shots, 4.25),
    referenceOf("sinusoid", "bayes", "ceiling", shots, 0.01 / shots),
  ]),
  ...[1, 5].map((shots) => referenceOf("omniglot", "nearest-mean", "floor", shots, shots === 1 ? 0.419 : 0.691)),
];

function referenceOf(
  dataset: string,
  reference: string,
  role: ReferenceRow["role"],
  shots: number,
  mean: number,
): ReferenceRow {
  const metric = dataset === "sinusoid" ? "mse" : "accuracy";
  const meanLog = metric === "mse" ? Math.log(mean / 2) : null;
  return {
    ...{ dataset, reference, title: `what ${reference} predicts`, role, shots, metric, mean, sd: 0.1, median: mean },
    ...{ meanLog, episodes: 600 },
  };
}

const SKILL: Readonly<Record<string, number>> = {
  mtl: 0.9,
  maml: 1,
  fomaml: 0.92,
  anil: 0.85,
  boil: 0.8,
  reptile: 0.7,
  pooled: 0.3,
  scratch: 0.05,
};

function cell(
  dataset: DataSetDescription,
  norm: Norm,
  algorithm: string,
  sharingDepth: number | null,
  seed: number,
  shots: number,
  { adapter, innerSteps }: Adapted,
): CellRow {
  const skill = (SKILL[algorithm] ?? 0.5) * (1 - 0.05 * (sharingDepth ?? 0)) * (norm === "batch-inductive" ? 0.9 : 1);
  const progress = innerSteps === null
    ? (adapter === "prototypes" ? 0.85 : 0.95)
    : 1 - Math.exp(-(innerSteps + 0.15) / 2);
  const shift = 0.06 * noise(dataset.name, algorithm, sharingDepth ?? "-", seed, shots, innerSteps ?? "solved");
  const quality = skill * progress * (1 - 0.6 / (shots + 1)) + shift;
  const mean = dataset.metric === "accuracy"
    ? Math.min(0.995, 0.2 + 0.79 * Math.max(0, quality))
    : 4 * Math.exp(-4 * quality);
  const failed = algorithm === "boil" && dataset.metric === "mse" && seed === 1;
  const diverged = algorithm === "reptile" && dataset.metric === "mse" && seed === 2;
  const shaped = algorithm === "maml" || algorithm === "anil" || algorithm === "fomaml";
  const ok = !failed && !diverged;
  return {
    dataset: dataset.name,
    norm,
    trainingTasks: null,
    algorithm,
    adapter,
    shots,
    innerSteps,
    sharingDepth,
    adaptDepth: innerSteps === null ? null : sharingDepth ?? 0,
    taskStart: algorithm === "mtl" ? "mean" : null,
    seed,
    adaptStrength: ok ? 0.01 : null,
    metric: dataset.metric,
    mean: ok ? mean : null,
    sd: ok ? mean / 3 : null,
    median: ok ? mean * 0.9 : null,
    meanLog: ok && dataset.metric === "mse" ? Math.log(mean) - 0.4 : null,
    nll: ok && dataset.metric === "accuracy" ? 2 * (1 - mean) : null,
    ece: ok && dataset.metric === "accuracy" ? 0.1 * (1 - mean) : null,
    episodes: 200,
    diverged: algorithm === "scratch" ? 3 : 0,
    trainGflop: ok ? 150 : null,
    trainGradients: ok ? 125_000 : null,
    adaptMflop: ok ? 0.1 + 0.4 * (innerSteps ?? 3) : null,
    ...{ flags: "", status: failed ? "failed" : diverged ? "diverged" : "ok" },
    reason: failed ? "the worker ran out of memory" : diverged ? "training loss is NaN at iteration 412" : "",
    trainingUnit: (norm === "batch-inductive" ? `${norm}/` : "") +
      [dataset.name.slice(0, 3), algorithm, sharingDepth ?? "x", seed, shaped ? shots : ""].join("."),
    ...{ trainedOn: dataset.name, testedOn: dataset.name, trainingClasses: null },
  };
}

function timing(row: CellRow): TimingRow {
  const costs: Readonly<Record<string, number>> = {
    mtl: 6,
    maml: 41,
    fomaml: 22,
    anil: 24,
    boil: 40,
    reptile: 15,
    pooled: 4,
  };
  const cost = (costs[row.algorithm] ?? 0) * (row.dataset === "omniglot" ? 3 : 1) *
    (1 + 0.1 * noise(row.trainingUnit));
  return {
    trainingUnit: row.trainingUnit,
    dataset: row.dataset,
    norm: row.norm,
    trainingTasks: row.trainingTasks,
    algorithm: row.algorithm,
    sharingDepth: row.sharingDepth,
    shots: row.trainingUnit.endsWith(".") ? null : row.shots,
    innerSteps: null,
    seed: row.seed,
    iterations: cost === 0 ? 0 : 5000,
    trainS: cost,
    iterationsPerS: cost === 0 ? null : 5000 / cost,
    validateS: 0.5,
    evaluateS: 1.5,
    trainGflop: cost * 20,
    peakRssMib: 310,
    backend: "wasm",
  };
}
