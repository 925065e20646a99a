/** The fixed workloads of `deno task speed`: sizes that do not change, so that figures of different days can be compared. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { CHUNK } from "../units/episodes.ts";
import { algorithmOf } from "../units/subject.ts";

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
  /** Training classes, which tables have a row for each of; 0 for regression. */
  readonly trainClasses: number;
}

/** Workloads that are chosen together: those that are measured by default, or one of every further method. */
export const GROUPS = ["core", "methods"] as const;
export type Group = typeof GROUPS[number];

/** One workload. */
export interface Workload {
  readonly name: string;
  readonly label: string;
  readonly setting: Setting;
  /** Name in the table of algorithms; for an adaptation, whose mask is used. */
  readonly algorithm: string;
  readonly innerSteps: number;
  readonly kind: "training" | "adaptation";
  readonly group: Group;
}

type Family = "sinusoid" | "omniglot-mlp" | "conv4";
const FAMILIES: readonly Family[] = ["sinusoid", "omniglot-mlp", "conv4"];

const OMNIGLOT = {
  data: { kind: "classification", inputShape: [28, 28, 1], outputs: 5 },
  dataset: "omniglot",
  norm: "batch",
  shots: 1,
  queries: 15,
  testQueries: 75,
  pool: 1600,
  trainClasses: 4112,
} as const;

const SETTINGS: Readonly<Record<Family, Setting>> = {
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
    trainClasses: 0,
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

/** One line per training: its algorithm, S (0 where it takes no inner steps), what it is for people, and where it is measured. */
type Line = readonly [algorithm: string, innerSteps: number, title: string, families: readonly Family[]];

const CORE: readonly Line[] = [
  ["maml", 1, "MAML, 1 inner step", FAMILIES],
  ["maml", 5, "MAML, 5 inner steps", FAMILIES],
  ["fomaml", 1, "first-order MAML, 1 inner step", FAMILIES],
  ["anil", 1, "ANIL, 1 inner step", FAMILIES],
  ["mtl", 0, "multi-task learning, shared body and a head per task", FAMILIES],
];

const METHODS: readonly Line[] = [
  ["boil", 1, "BOIL, 1 inner step", ["sinusoid"]],
  ["meta-sgd", 1, "Meta-SGD, 1 inner step", FAMILIES],
  ["meta-curvature", 1, "Meta-Curvature, 1 inner step", FAMILIES],
  ["maml-plus-plus", 5, "MAML++, 5 inner steps", ["sinusoid", "omniglot-mlp"]],
  ["unicorn-maml", 1, "UNICORN-MAML, 1 inner step", ["omniglot-mlp"]],
  ["imaml", 5, "iMAML, 5 inner steps, 5 of conjugate gradients", ["sinusoid"]],
  ["cavia", 1, "CAVIA, 1 inner step", ["sinusoid", "omniglot-mlp"]],
  ["reptile", 5, "Reptile, 5 inner steps", ["sinusoid"]],
  ["mtl-solved", 0, "multi-task learning with solved heads", ["sinusoid"]],
  ["r2d2", 0, "R2-D2", FAMILIES],
  ["metaoptnet-ridge", 0, "MetaOptNet with ridge regression", ["omniglot-mlp"]],
  ["metaoptnet-svm", 0, "MetaOptNet with support vector machines", ["omniglot-mlp"]],
  ["protonet", 0, "prototypical network", ["omniglot-mlp", "conv4"]],
  ["mtl-class-rows", 0, "multi-task learning with class rows", ["omniglot-mlp", "conv4"]],
  ["mtl-all-rows", 0, "supervised training on all classes", ["omniglot-mlp"]],
  ["baseline-plus-plus", 0, "Baseline++", ["omniglot-mlp"]],
  ["pooled", 0, "pooled training", ["sinusoid"]],
];

function trainingsOf(group: Group, lines: readonly Line[]): Workload[] {
  return FAMILIES.flatMap((family) =>
    lines.filter(([, , , families]) => families.includes(family)).map(([algorithm, innerSteps, title]) => ({
      name: innerSteps === 0 ? `${family}-${algorithm}` : `${family}-${algorithm}-s${innerSteps}`,
      label: `${title}: ${SETTINGS[family].label}`,
      setting: SETTINGS[family],
      algorithm,
      innerSteps,
      kind: "training",
      group,
    }))
  );
}

function adaptationOf(family: Family): Workload {
  const setting = SETTINGS[family];
  return {
    name: `${family}-adapt`,
    label: `adaptation to ${EPISODES} test episodes, ${ADAPTATION_STEPS} gradient steps: ${setting.label}`,
    setting,
    algorithm: "maml",
    innerSteps: ADAPTATION_STEPS,
    kind: "adaptation",
    group: "core",
  };
}

/** All workloads, in the order of the table. */
export const workloads: readonly Workload[] = [
  ...trainingsOf("core", CORE),
  adaptationOf("sinusoid"),
  adaptationOf("omniglot-mlp"),
  ...trainingsOf("methods", METHODS),
];

/** Algorithms that train and have no workload yet, by name. */
export function unmeasured(): string[] {
  const measured = new Set(workloads.map(({ algorithm }) => algorithm));
  const all: readonly Algorithm[] = Object.values(algorithms);
  return all.filter(({ name, objective }) => objective !== undefined && !measured.has(name)).map(({ name }) => name);
}

/** Sizes of what one run of a workload's program takes in. */
export interface Sizes {
  readonly tasks: number;
  /** Examples per task of each part: [support, query], or [all]. */
  readonly parts: readonly number[];
  /** P, rows of the task-specific parameters. */
  readonly pool: number;
  /** Training classes; 0 for regression. */
  readonly trainClasses: number;
}

/** The full sizes. An adaptation goes in chunks of as many episodes as the harness takes. */
export function sizesOf(workload: Workload): Sizes {
  const { setting, kind } = workload;
  const { trainClasses, data, tasks } = setting;
  const classes = data.kind === "classification" ? data.outputs : 1;
  const [support, query] = [setting.shots * classes, setting.queries * classes];
  if (kind === "adaptation") {
    return { tasks: CHUNK, parts: [support, setting.testQueries], pool: 0, trainClasses };
  }
  const pool = isPooled(workload) ? setting.pool : 0;
  if (isLabelled(workload)) return { tasks: 1, parts: [tasks * (support + query)], pool, trainClasses };
  return { tasks, parts: isSplit(workload) ? [support, query] : [support + query], pool, trainClasses };
}

/** Whether a workload's tasks have a support and a query set. */
export function isSplit({ algorithm }: Workload): boolean {
  return algorithmOf({ algorithm }).data === "episodes";
}

/** Whether a workload has examples of all training classes and no tasks. */
export function isLabelled({ algorithm }: Workload): boolean {
  return algorithmOf({ algorithm }).data === "labelled";
}

/** Whether a workload's tasks come from a pool and have layers of their own. */
export function isPooled({ algorithm }: Workload): boolean {
  return algorithmOf({ algorithm }).data === "pool";
}

/** Whether a workload's labels stand for classes that the training knows by their ids. */
export function hasClasses({ algorithm, setting }: Workload): boolean {
  return setting.data.kind === "classification" && algorithmOf({ algorithm }).data === "tasks";
}

/** d: all layers but the head are shared in multi-task learning; the MAML family adapts what the algorithm says. */
export function sharingDepthOf(workload: Workload): number {
  const layers = workload.setting.hidden.length + 1;
  return algorithmOf(workload).sharingDepth(isPooled(workload) ? layers - 1 : 0, layers) ?? 0;
}
