/** What the conformance suite of algorithms works with: small settings, and objectives as programs. */
import type { Norm, TaskKind } from "../../common/vocabulary.ts";
import type { Algorithm, IdentityKnobs } from "../algorithm.ts";
import { trainingNetwork } from "../blocks/network.ts";
import { outerGradients } from "../blocks/outer_gradients.ts";
import type { OwnSettings } from "../blocks/own_settings.ts";
import { initialMeta, initialState, metaKey, parameterSlots, toLayers } from "../blocks/parameters.ts";
import type { TrainingStep } from "../blocks/training_step.ts";
import type { Model, ParameterSpec } from "../models/model.ts";
import { models } from "../models/registry.ts";
import type { Backend, Data } from "../tensor/backend.ts";
import { Graph, type Node } from "../tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../tensor/nn.ts";
import { mean, meanAll } from "../tensor/ops.ts";
import { type Program, program } from "../tensor/program.ts";
import { spread } from "./tensor.ts";

/** A model on a kind of task. */
export interface Setting {
  readonly name: string;
  readonly kind: TaskKind;
  readonly norm: Norm;
  readonly model: Model;
  readonly inputShape: readonly number[];
  readonly outputs: number;
  /** Examples per task of support and query. */
  readonly parts: readonly [number, number];
}

const onImages = (norm: Norm): Setting => ({
  name: `mlp with norm ${norm} on classification`,
  kind: "classification",
  norm,
  model: models.mlp.build({ inputShape: [2, 2, 1], outputs: 3, hidden: [4, 3], norm }),
  inputShape: [2, 2, 1],
  outputs: 3,
  parts: [6, 6],
});

/** Every kind of task, model and normalisation. */
export const SETTINGS: readonly Setting[] = [
  {
    name: "mlp on regression",
    kind: "regression",
    norm: "none",
    model: models.mlp.build({ inputShape: [1], outputs: 1, hidden: [4, 3], norm: "none" }),
    inputShape: [1],
    outputs: 1,
    parts: [3, 4],
  },
  onImages("batch"),
  onImages("batch-inductive"),
  {
    name: "convolutions with layer norm on classification",
    kind: "classification",
    norm: "layer",
    model: models.conv4.build({ inputShape: [5, 5, 1], outputs: 2, hidden: [3, 2], norm: "layer" }),
    inputShape: [5, 5, 1],
    outputs: 2,
    parts: [4, 4],
  },
  {
    name: "max-pooled convolutions with batch norm on classification",
    kind: "classification",
    norm: "batch",
    model: models.conv4.build({
      inputShape: [4, 5, 1],
      outputs: 2,
      hidden: [3, 2],
      norm: "batch",
      settings: { pooling: "max", features: "flatten" },
    }),
    inputShape: [4, 5, 1],
    outputs: 2,
    parts: [4, 4],
  },
  {
    name: "a residual block with batch-inductive norm on classification",
    kind: "classification",
    norm: "batch-inductive",
    model: models.resnet12.build({ inputShape: [3, 2, 1], outputs: 2, hidden: [2], norm: "batch-inductive" }),
    inputShape: [3, 2, 1],
    outputs: 2,
    parts: [4, 4],
  },
];

/** The settings that an algorithm is for. */
export function settingsOf({ supports }: Algorithm): readonly Setting[] {
  return SETTINGS.filter(({ kind }) => supports.includes(kind));
}

/** Tasks of every batch. */
export const TASKS = 2;
const TRAIN_CLASSES = 7;

/** Training classes of a setting; regression has none. */
export function trainClassesOf({ kind }: Setting): number {
  return kind === "classification" ? TRAIN_CLASSES : 0;
}

/** What is varied within a setting. */
export interface Knobs {
  readonly depth: number | null;
  readonly innerLr: number;
  readonly innerSteps: number;
  readonly own: OwnSettings;
}

/** Knobs of an algorithm, with its own settings at their defaults. */
export function knobsOf(
  { name, hyper, sharingDepth }: Algorithm,
  { depth = 0, innerLr = 0.2, innerSteps = 1, own = {} }: IdentityKnobs,
  layers: number,
): Knobs {
  const asked = depth === "L" ? layers : depth === "L - 1" ? layers - 1 : depth ?? 0;
  const taken = sharingDepth(asked, layers);
  if (taken === undefined) throw new Error(`internal: ${name} has no sharing depth ${asked}`);
  return { depth: taken, innerLr, innerSteps, own: (hyper?.parse(own) ?? {}) as OwnSettings };
}

/** Every sharing depth that an algorithm has. */
export function depthsOf(algorithm: Algorithm, layers: number): (number | null)[] {
  const asked = Array.from({ length: layers + 1 }, (_, depth) => algorithm.sharingDepth(depth, layers));
  return [...new Set(asked.filter((depth) => depth !== undefined))];
}

/** An objective as a program with inputs only: everything that is learned is an input named by its key. */
export interface Built {
  readonly compiled: Program;
  readonly feeds: Record<string, Float64Array>;
  readonly step: TrainingStep;
  readonly keys: readonly string[];
}

/** An algorithm's objective in a setting. @throws where nothing is trained */
export function build(algorithm: Algorithm, setting: Setting, { depth, innerLr, innerSteps, own }: Knobs): Built {
  if (algorithm.objective === undefined) throw new Error(`internal: ${algorithm.name} is not trained`);
  const { model } = setting;
  const graph = new Graph();
  const shapes = new Map<string, readonly number[]>();
  const input = (name: string, shape: readonly number[]) => {
    shapes.set(name, shape);
    return graph.input(name, shape);
  };
  const params = toLayers(
    model,
    ({ key, layer, shape }) => input(key, [algorithm.data === "pool" && layer >= (depth ?? 0) ? TASKS : 1, ...shape]),
  );
  const specs =
    algorithm.metaParameters?.(model, { innerLr, innerSteps, own, trainClasses: trainClassesOf(setting) }) ?? [];
  const meta = Object.fromEntries(specs.map(({ name, shape }) => [name, input(metaKey(name), shape)]));
  const labelled = algorithm.data === "labelled";
  const tasks = labelled ? 1 : TASKS;
  const unsplit = algorithm.data === "tasks" || labelled;
  const parts = unsplit ? [setting.parts[0] + setting.parts[1]] : setting.parts;
  const batch = parts.map((n, part) => ({
    x: input(`x${part}`, [tasks, n, ...setting.inputShape]),
    y: input(`y${part}`, [tasks, n, labelled ? TRAIN_CLASSES : setting.outputs]),
  }));
  const step: TrainingStep = {
    network: trainingNetwork(model, setting.norm, algorithm.statistics),
    ...{ params, meta, batch, innerLr, innerSteps, own },
    classes: setting.kind === "classification" && !labelled ? input("classes", [tasks * setting.outputs]) : undefined,
    mask: algorithm.adaptationMask(depth, model.layers.length),
    progress: () => input("progress", [1]),
    lossPerTask: setting.kind === "regression" ? squaredErrorPerTask : crossEntropyPerTask,
  };
  const objective = algorithm.objective(step);
  const loss = meanAll(objective.losses);
  const gradients = outerGradients(objective, loss, params, meta);
  const outputs: Record<string, Node> = { loss };
  for (const { key, layer, name } of parameterSlots(model)) {
    outputs[`d:${key}`] = gradients.params[layer][name];
    const shares = objective.taskGradients?.[layer][name];
    if (shares !== undefined) outputs[`share:${key}`] = mean(shares, [0]);
  }
  for (const { name } of specs) outputs[`d:${metaKey(name)}`] = gradients.meta[name];
  const keys = [...parameterSlots(model).map(({ key }) => key), ...specs.map(({ name }) => metaKey(name))];
  return { compiled: program({ outputs }), feeds: feedsOf(setting, shapes, specs), step, keys };
}

/** Input values of every leaf: initial values (a little apart per task where task-specific) and a fixed batch. */
function feedsOf(
  setting: Setting,
  shapes: ReadonlyMap<string, readonly number[]>,
  specs: readonly ParameterSpec[],
): Record<string, Float64Array> {
  const start: Record<string, Float32Array> = { ...initialState(setting.model, 7, "init"), ...initialMeta(specs, 7) };
  const feeds: Record<string, Float64Array> = {};
  for (const [name, shape] of shapes) {
    // By name, so that leaves of the same name have the same values whatever else there is.
    const phase = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 1009, 7);
    const size = shape.reduce((a, b) => a * b, 1);
    const width = shape[shape.length - 1];
    if (name === "progress") {
      feeds[name] = Float64Array.of(0.04);
    } else if (name === "classes") {
      feeds[name] = Float64Array.from({ length: size }, (_, i) => (3 * i) % TRAIN_CLASSES);
    } else if (name.startsWith("y") && setting.kind === "classification") {
      feeds[name] = Float64Array.from({ length: size }, (_, i) => Math.floor(i / width) % width === i % width ? 1 : 0);
    } else if (/^meta:rate\d+\.\w+\.\d+$/.test(name)) {
      // One number for a whole tensor and step: small enough for float32 to follow the steps.
      feeds[name] = spread(size, 0.05, 0.15, phase);
    } else if (name.startsWith("meta:rate")) {
      feeds[name] = spread(size, 0.05, 0.3, phase);
    } else if (name in start) {
      const values = start[name];
      feeds[name] = Float64Array.from(
        { length: size },
        (_, i) => values[i % values.length] + 0.3 * spread(size, -1, 1, phase)[i],
      );
    } else {
      feeds[name] = spread(size, -1.5, 1.5, phase);
    }
  }
  return feeds;
}

/** Outer gradients, as "d:" and the key of what they are taken with respect to. */
export type OuterGradients = Record<string, Data>;

/** An algorithm's outer gradient on a backend, in float32 or float64 as that computes; as "share:" and the key the mean of tasks' shares, where it gives them. */
export async function gradientsOf(
  backend: Backend,
  algorithm: Algorithm,
  setting: Setting,
  knobs: Knobs,
  changed: Readonly<Record<string, Float64Array>> = {},
): Promise<OuterGradients> {
  const { compiled, feeds } = build(algorithm, setting, knobs);
  const executable = backend.compile(compiled);
  executable.run({ ...feeds, ...changed });
  const result: OuterGradients = {};
  for (const name of Object.keys(compiled.outputs)) {
    if (name !== "loss") result[name] = await executable.read(name);
  }
  executable.dispose();
  return result;
}
