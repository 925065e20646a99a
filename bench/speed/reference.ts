/**
 * Entry of a process that writes what peers need of a workload: the inputs of the full size to be timed with, and those of a small size with the
 * meta-gradient that they must reproduce, computed by the `cpu` backend in float64.
 *
 * In the folder it is given: `job.json`, an index of named arrays in `timing.f32` and `check.f64` (little-endian, row-major, one after another).
 */
import { join } from "node:path";
import { cpuBackend } from "../../algorithms/tensor/cpu.ts";
import { type Node, type Shape, sizeOf } from "../../algorithms/tensor/graph.ts";
import type { Data } from "../../algorithms/tensor/backend.ts";
import { type Program, program } from "../../algorithms/tensor/program.ts";
import type { OwnSettings } from "../../algorithms/blocks/own_settings.ts";
import { metaKey, parameterSlots } from "../../algorithms/blocks/parameters.ts";
import { algorithmOf, modelOf } from "../units/subject.ts";
import { stepGraph } from "../units/training_program.ts";
import { batchOf, feedsOf, movedStartOf, startOf, type Values } from "./inputs.ts";
import { CLIP, OUTER_LR, programOf, stepPartsOf, TRAINED_SHARE, trainSpecOf } from "./programs.ts";
import { EPISODES, isPooled, sharingDepthOf, type Sizes, sizesOf, type Workload, workloads } from "./workloads.ts";

/** Tasks of the check: two, so that mixing tasks up shows. */
const CHECK_TASKS = 2;
/** Rows of the check's pool: more than its tasks, so that taking wrong rows shows. */
const CHECK_POOL = 3;
/** Training classes of the check: more than its tasks have, so that taking wrong rows shows. */
const CHECK_CLASSES = 12;
/** Query examples per class of the check; the network and the support set keep their size. */
const CHECK_QUERIES = 2;

/** The sizes of the check: small, since the reference is a plain interpreter. */
export function checkSizesOf(workload: Workload): Sizes {
  const { tasks, parts, trainClasses } = sizesOf(workload);
  const { data } = workload.setting;
  const extra = data.kind === "classification" ? CHECK_QUERIES * data.outputs : CHECK_QUERIES;
  return {
    tasks: Math.min(tasks, CHECK_TASKS),
    parts: parts.length === 1 ? [extra + data.outputs] : [parts[0], extra],
    pool: isPooled(workload) ? CHECK_POOL : 0,
    trainClasses: Math.min(trainClasses, CHECK_CLASSES),
  };
}

/** Where an array lies in its file. */
interface Entry {
  readonly shape: Shape;
  /** In numbers, not bytes. */
  readonly offset: number;
}

/** What a peer's script is told of a workload, beside the two files of numbers. */
export interface PeerJob {
  readonly workload: string;
  readonly kind: Workload["kind"];
  readonly algorithm: string;
  readonly model: string;
  readonly norm: string;
  readonly loss: "mse" | "cross-entropy";
  /** Layers in order, by name; the last is the linear head. */
  readonly layers: readonly string[];
  /** Per layer, whether the inner loop changes it. */
  readonly mask: readonly boolean[];
  readonly pooled: boolean;
  readonly inner_steps: number;
  /** The algorithm's own settings, by the names of its schema. */
  readonly own: OwnSettings;
  /** Share of the training that is behind. */
  readonly progress: number;
  readonly inner_lr: number;
  readonly outer_lr: number;
  readonly clip: number;
  /** Test episodes of one iteration of an adaptation. */
  readonly episodes: number;
  /** Arrays of `timing.f32`: `start:<parameter>`, `x0`, `y0`, ... */
  readonly timing: Readonly<Record<string, Entry>>;
  /** Arrays of `check.f64`: the same, and `reference:<parameter>` (or `reference:predictions`). */
  readonly check: Readonly<Record<string, Entry>>;
}

/** The meta-gradient of every parameter, or an adaptation's predictions, in float64. */
export async function referenceOf(
  workload: Workload,
  sizes: Sizes,
  start: Readonly<Record<string, Values>>,
  batch: Readonly<Record<string, Values>>,
): Promise<Record<string, { readonly shape: Shape; readonly data: Data }>> {
  const asked = workload.kind === "adaptation" ? programOf(workload, sizes) : gradientProgram(workload, sizes);
  const executable = cpuBackend(64).compile(asked);
  for (const { attributes: { name } } of asked.states) executable.setState(name, start[name].data);
  const feeds = feedsOf(workload, batch, 1);
  executable.run(Object.fromEntries(asked.inputs.map(({ attributes: { name } }) => [name, feeds[name]])));
  const found: Record<string, { shape: Shape; data: Data }> = {};
  for (const [name, { shape }] of Object.entries(asked.outputs)) {
    const data = await executable.read(name);
    found[workload.kind === "adaptation" ? "predictions" : name] = { shape, data };
  }
  return found;
}

function gradientProgram(workload: Workload, sizes: Sizes): Program {
  const spec = trainSpecOf(workload, sizes);
  const model = modelOf(spec, workload.setting.data);
  const { gradients } = stepGraph(stepPartsOf(workload, spec, model, sizes));
  const outputs: Record<string, Node> = {};
  for (const { key, layer, name } of parameterSlots(model)) outputs[key] = gradients.params[layer][name];
  for (const [name, gradient] of Object.entries(gradients.meta)) outputs[metaKey(name)] = gradient;
  return program({ outputs });
}

/** Arrays one after another, and their index. */
function packed(
  arrays: Readonly<Record<string, { readonly shape: Shape; readonly data: Data }>>,
): { index: Record<string, Entry>; all: Data[] } {
  const index: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    index[name] = { shape, offset };
    offset += sizeOf(shape);
    if (data.length !== sizeOf(shape)) throw new Error(`internal: "${name}" has ${data.length} numbers`);
  }
  return { index, all: Object.values(arrays).map(({ data }) => data) };
}

const prefixed = <T>(prefix: string, table: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [`${prefix}${name}`, value]));

/** Writes the files of a workload to a folder. */
export async function writeReference(workload: Workload, folder: string): Promise<void> {
  const [sizes, checkSizes] = [sizesOf(workload), checkSizesOf(workload)];
  const timing = packed({ ...prefixed("start:", startOf(workload, sizes)), ...batchOf(workload, sizes, 0) });
  const [start, batch] = [movedStartOf(workload, checkSizes), batchOf(workload, checkSizes, 1)];
  const reference = await referenceOf(workload, checkSizes, start, batch);
  const check = packed({ ...prefixed("start:", start), ...batch, ...prefixed("reference:", reference) });
  const spec = trainSpecOf(workload);
  const model = modelOf(spec, workload.setting.data);
  const job: PeerJob = {
    workload: workload.name,
    kind: workload.kind,
    algorithm: workload.algorithm,
    model: workload.setting.model,
    norm: workload.setting.norm,
    loss: workload.setting.data.kind === "regression" ? "mse" : "cross-entropy",
    layers: model.layers.map(({ name }) => name),
    mask: [...algorithmOf(spec).adaptationMask(sharingDepthOf(workload), model.layers.length)],
    pooled: isPooled(workload),
    inner_steps: workload.innerSteps,
    own: spec.hyper.own as OwnSettings,
    progress: TRAINED_SHARE,
    inner_lr: workload.setting.innerLr,
    outer_lr: OUTER_LR,
    clip: CLIP,
    episodes: EPISODES,
    timing: timing.index,
    check: check.index,
  };
  await Deno.writeFile(join(folder, "timing.f32"), bytesOf(timing.all, (data) => Float32Array.from(data)));
  await Deno.writeFile(join(folder, "check.f64"), bytesOf(check.all, (data) => Float64Array.from(data)));
  await Deno.writeTextFile(join(folder, "job.json"), JSON.stringify(job));
}

function bytesOf(all: readonly Data[], convert: (data: Data) => Data): Uint8Array {
  const parts = all.map((data) => new Uint8Array(convert(data).buffer));
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

if (import.meta.main) {
  const [name, folder] = Deno.args;
  const workload = workloads.find((entry) => entry.name === name);
  if (workload === undefined) throw new Error(`internal: no workload "${name}"`);
  await writeReference(workload, folder);
}
