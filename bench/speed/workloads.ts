/** The fixed workloads of `deno task speed`: sizes that do not change, so that figures of different days can be compared. */
import { gradient } from "../../algorithms/adapters/gradient.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "../units/subject.ts";
import { type Program } from "../../algorithms/tensor/program.ts";
import { adaptationProgram } from "../units/adaptation.ts";
import { CHUNK } from "../units/episodes.ts";
import { stepGraph, type StepParts, trainingProgram } from "../units/training_program.ts";
import type { TrainSpec } from "../store/types.ts";
import type { DataSet } from "../../data/contract/dataset.ts";

/** Test episodes that an adaptation workload adapts to. */
export const EPISODES = 600;

/** Gradient steps of an adaptation workload. */
const ADAPTATION_STEPS = 50;

/** A family of workloads: the same data, network and sizes. */
interface Setting {
  readonly label: string;
  readonly data: Pick<DataSet, "kind" | "inputShape" | "outputs">;
  /** Name in the table of data sets. */
  readonly dataset: string;
  readonly model: "mlp" | "conv4";
  readonly hidden: readonly number[];
  readonly norm: "none" | "batch";
  readonly tasks: number;
  /** K, per class (classification) or task. */
  readonly shots: number;
  /** Q, per class (classification) or task. */
  readonly queries: number;
  /** Query examples of a test episode, per task. */
  readonly testQueries: number;
  readonly innerLr: number;
  readonly pool: number;
}

/** One workload. */
export interface Workload {
  readonly name: string;
  readonly label: string;
  readonly setting: Setting;
  /** Name in the table of algorithms; for an adaptation, whose mask is used. */
  readonly algorithm: string;
  readonly innerSteps: number;
  readonly kind: "training" | "adaptation";
}

const OMNIGLOT = {
  data: { kind: "classification", inputShape: [28, 28, 1], outputs: 5 },
  dataset: "omniglot",
  norm: "batch",
  shots: 1,
  queries: 15,
  testQueries: 75,
  pool: 1600,
} as const;

const SETTINGS: Readonly<Record<string, Setting>> = {
  sinusoid: {
    label: "sinusoids, MLP 1-40-40-1, 25 tasks, 10 + 10 examples",
    data: { kind: "regression", inputShape: [1], outputs: 1 },
    dataset: "sinusoid",
    model: "mlp",
    hidden: [40, 40],
    norm: "none",
    tasks: 25,
    shots: 10,
    queries: 10,
    testQueries: 100,
    innerLr: 0.01,
    pool: 100,
  },
  "omniglot-mlp": {
    ...OMNIGLOT,
    label: "Omniglot's shape, MLP 784-256-128-64-64-5, batch norm, 32 tasks, 5-way 1-shot, 15 queries per class",
    model: "mlp",
    hidden: [256, 128, 64, 64],
    tasks: 32,
    innerLr: 0.4,
  },
  conv4: {
    ...OMNIGLOT,
    label:
      "Omniglot's shape, four 3x3 convolutions of 64 filters, batch norm, 8 tasks, 5-way 1-shot, 15 queries per class",
    model: "conv4",
    hidden: [64, 64, 64, 64],
    tasks: 8,
    innerLr: 0.4,
  },
};

const TRAININGS: readonly (readonly [algorithm: string, innerSteps: number, title: string])[] = [
  ["maml", 1, "MAML, 1 inner step"],
  ["maml", 5, "MAML, 5 inner steps"],
  ["fomaml", 1, "first-order MAML, 1 inner step"],
  ["anil", 1, "ANIL, 1 inner step"],
  ["mtl", 0, "multi-task learning, shared body and a head per task"],
];

function trainingsOf(family: string, setting: Setting): Workload[] {
  return TRAININGS.map(([algorithm, innerSteps, title]) => ({
    name: innerSteps === 0 ? `${family}-${algorithm}` : `${family}-${algorithm}-s${innerSteps}`,
    label: `${title}: ${setting.label}`,
    setting,
    algorithm,
    innerSteps,
    kind: "training",
  }));
}

function adaptationOf(family: string, setting: Setting): Workload {
  return {
    name: `${family}-adapt`,
    label: `adaptation to ${EPISODES} test episodes, ${ADAPTATION_STEPS} gradient steps: ${setting.label}`,
    setting,
    algorithm: "maml",
    innerSteps: ADAPTATION_STEPS,
    kind: "adaptation",
  };
}

/** All workloads, in the order of the table. */
export const workloads: readonly Workload[] = [
  ...trainingsOf("sinusoid", SETTINGS.sinusoid),
  ...trainingsOf("omniglot-mlp", SETTINGS["omniglot-mlp"]),
  ...trainingsOf("conv4", SETTINGS.conv4),
  adaptationOf("sinusoid", SETTINGS.sinusoid),
  adaptationOf("omniglot-mlp", SETTINGS["omniglot-mlp"]),
];

/** Sizes of what one run of a workload's program takes in. */
export interface Sizes {
  readonly tasks: number;
  /** Examples per task of each part: [support, query], or [all]. */
  readonly parts: readonly number[];
  /** P, rows of the task-specific parameters. */
  readonly pool: number;
}

/** The full sizes. An adaptation goes in chunks of as many episodes as the harness takes. */
export function sizesOf(workload: Workload): Sizes {
  const { setting, kind } = workload;
  const classes = setting.data.kind === "classification" ? setting.data.outputs : 1;
  const [support, query] = [setting.shots * classes, setting.queries * classes];
  if (kind === "adaptation") return { tasks: CHUNK, parts: [support, setting.testQueries], pool: 0 };
  const parts = isPooled(workload) ? [support + query] : [support, query];
  return { tasks: setting.tasks, parts, pool: isPooled(workload) ? setting.pool : 0 };
}

/** Whether a workload's tasks come from a pool and have layers of their own. */
export function isPooled({ algorithm }: Workload): boolean {
  return algorithmOf({ algorithm }).data === "pool";
}

/** d: all layers but the head are shared in multi-task learning; the MAML family adapts what the algorithm says. */
export function sharingDepthOf(workload: Workload): number {
  const layers = workload.setting.hidden.length + 1;
  return algorithmOf(workload).sharingDepth(isPooled(workload) ? layers - 1 : 0, layers) ?? 0;
}

/** A workload as the harness would be told to train it. */
export function trainSpecOf(workload: Workload, sizes: Sizes = sizesOf(workload)): TrainSpec {
  const { setting, algorithm, innerSteps } = workload;
  return {
    dataset: setting.dataset,
    ways: setting.data.outputs,
    model: setting.model,
    hidden: setting.hidden,
    norm: setting.norm,
    algorithm,
    sharingDepth: sharingDepthOf(workload),
    shots: setting.shots,
    innerSteps,
    seed: 0,
    hyper: {
      iterations: 0,
      metaBatch: sizes.tasks,
      queries: isPooled(workload) ? setting.shots + setting.queries : setting.queries,
      innerLr: setting.innerLr,
      outerLr: OUTER_LR,
      optimiser: { name: "adam" },
      schedule: { name: "constant" },
      weightDecay: 0,
      clip: { by: "value", limit: CLIP },
      pool: sizes.pool,
      taskLayers: "auto",
      poolMoments: "lazy",
      untilFlat: null,
      trainWays: null,
      own: {},
    },
    validation: null,
  };
}

/** β of Adam in every workload. */
export const OUTER_LR = 1e-3;

/** Outer gradients are clipped to ±this in every workload. */
export const CLIP = 10;

/** The program that is timed: the one that the harness trains or adapts with. */
export function programOf(workload: Workload, sizes: Sizes = sizesOf(workload)): Program {
  const spec = trainSpecOf(workload, sizes);
  const { data } = workload.setting;
  const model = modelOf(spec, data);
  if (workload.kind === "adaptation") {
    const [nSupport, nQuery] = sizes.parts;
    return adaptationProgram(
      {
        ...{ adapter: gradient, model, spec, metaSpecs: metaSpecsOf(spec, model, {}), adaptDepth: "native" },
        innerSteps: [workload.innerSteps],
        strength: spec.hyper.innerLr,
      },
      { tasks: sizes.tasks, nSupport, nQuery },
      data,
    );
  }
  return trainingProgram(stepGraph(stepPartsOf(workload, spec, model, sizes)), model, spec.hyper);
}

/** What the graph of a training workload is built from. */
export function stepPartsOf({ setting: { data } }: Workload, spec: TrainSpec, model: Model, sizes: Sizes): StepParts {
  return {
    algorithm: algorithmOf(spec),
    model,
    spec,
    batch: { ...sizes, outputs: data.outputs, ways: data.kind === "classification" ? data.outputs : 0 },
    dataSet: data,
    metaSpecs: metaSpecsOf(spec, model, {}),
  };
}

/** Runs of the program that make one iteration of a workload: a chunk of episodes each, or one. */
export function runsOf({ kind }: Workload): number {
  return kind === "adaptation" ? EPISODES / CHUNK : 1;
}
