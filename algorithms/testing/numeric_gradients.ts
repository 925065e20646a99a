/** Outer gradients from values of losses alone: what algorithms' own are compared with. */
import type { Algorithm } from "../algorithm.ts";
import { descend, heldConstant, perTask, taskGradients } from "../blocks/inner_loop.ts";
import type { Network, Params } from "../blocks/network.ts";
import { parameterSlots, toLayers } from "../blocks/parameters.ts";
import type { TrainingStep } from "../blocks/training_step.ts";
import type { Data } from "../tensor/backend.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph } from "../tensor/graph.ts";
import { meanAll } from "../tensor/ops.ts";
import { type Program, program } from "../tensor/program.ts";
import { build, type Built, type Knobs, type OuterGradients, type Setting, TASKS } from "./conformance.ts";
import { centralDifferences } from "./tensor.ts";

/** The gradient that an algorithm declares, from values of losses alone; undefined where only its identities pin it. */
export async function numericGradients(
  algorithm: Algorithm,
  setting: Setting,
  knobs: Knobs,
): Promise<OuterGradients | undefined> {
  const built = build(algorithm, setting, knobs);
  switch (algorithm.outerGradient) {
    case "exact":
      return await slopesOf(built.compiled, "loss", built.keys, built.feeds);
    case "first-order":
      return await firstOrderGradients(built, setting);
    case "displacement":
      return await displacements(built, setting, knobs);
    default:
      return undefined;
  }
}

async function slopesOf(
  compiled: Program,
  output: string,
  keys: readonly string[],
  feeds: Record<string, Float64Array>,
): Promise<OuterGradients> {
  const executable = cpuBackend(64).compile(compiled);
  return await slopes(keys, feeds, async (moved) => {
    executable.run(moved);
    return (await executable.read(output))[0];
  });
}

/** The query loss's slope where the inner loop ends, taken as if all tasks' ends moved with the start. */
async function firstOrderGradients({ step, keys, feeds }: Built, setting: Setting): Promise<OuterGradients> {
  const [support, query] = step.batch;
  const ends = await innerEnds(step, feeds);
  const graph = new Graph();
  const params = toLayers(setting.model, ({ key, shape }) => graph.input(key, [TASKS, ...shape]));
  const outputs = step.network.queryOutputs(
    params,
    graph.input("x0", support.x.shape),
    graph.input("x1", query.x.shape),
  );
  const loss = meanAll(step.lossPerTask(outputs, graph.input("y1", query.y.shape)));
  const executable = cpuBackend(64).compile(program({ outputs: { loss } }));
  const shifts = Object.fromEntries(keys.map((key) => [key, new Float64Array(feeds[key].length)]));
  return await slopes(keys, shifts, async (moved) => {
    const shifted = keys.map((key) => [key, ends[key].map((value, i) => value + moved[key][i % moved[key].length])]);
    executable.run({ ...Object.fromEntries(shifted), x0: feeds.x0, x1: feeds.x1, y1: feeds.y1 });
    return (await executable.read("loss"))[0];
  });
}

/** θ_S of every task, [T, ...], by the inner loop without derivatives through it. */
async function innerEnds(step: TrainingStep, feeds: Record<string, Data>): Promise<Record<string, Data>> {
  const { network, batch: [support], mask, lossPerTask } = step;
  let theta: Params = perTask(step.params, mask, TASKS);
  for (let s = 0; s < step.innerSteps; s++) {
    const losses = lossPerTask(network.outputs(theta, support.x), support.y);
    theta = descend(theta, heldConstant(taskGradients(losses, theta, mask)), step.innerLr);
  }
  const outputs = Object.fromEntries(
    parameterSlots(network.model).map(({ key, layer, name }) => [key, theta[layer][name]]),
  );
  const executable = cpuBackend(64).compile(program({ outputs }));
  executable.run(feeds);
  const result: Record<string, Data> = {};
  for (const key of Object.keys(outputs)) {
    const value = Array.from(await executable.read(key));
    result[key] = Float64Array.from(outputs[key].shape[0] === TASKS ? value : [...value, ...value]);
  }
  return result;
}

/** (θ − mean of θ_k) / (α k), with θ_k by plain descent per task whose gradients are central differences: nothing of the graph's derivatives is used. */
async function displacements({ step, keys, feeds }: Built, setting: Setting, knobs: Knobs): Promise<OuterGradients> {
  const ends = await descendByHand(step.network, step, setting, feeds, knobs);
  return Object.fromEntries(keys.map((key) => {
    const { length } = feeds[key];
    const mean = feeds[key].map((_, i) => (ends[key][i] + ends[key][length + i]) / TASKS);
    return [`d:${key}`, feeds[key].map((value, i) => (value - mean[i]) / (knobs.innerLr * knobs.innerSteps))];
  }));
}

async function descendByHand(
  network: Network,
  { lossPerTask }: TrainingStep,
  setting: Setting,
  feeds: Record<string, Float64Array>,
  knobs: Knobs,
): Promise<Record<string, Data>> {
  const graph = new Graph();
  const params = toLayers(setting.model, ({ key, shape }) => graph.input(key, [1, ...shape]));
  const total = setting.parts[0] + setting.parts[1];
  const losses = setting.parts.map((n, part) => {
    const x = graph.input(`x${part}`, [1, n, ...setting.inputShape]);
    const y = graph.input(`y${part}`, [1, n, setting.outputs]);
    return meanAll(lossPerTask(network.outputs(params, x), y));
  });
  const executable = cpuBackend(64).compile(program({ outputs: { l0: losses[0], l1: losses[1] } }));
  const keys = parameterSlots(setting.model).map(({ key }) => key);
  const ends: Record<string, number[]> = Object.fromEntries(keys.map((key) => [key, []]));
  for (let task = 0; task < TASKS; task++) {
    const own = (name: string) =>
      feeds[name].subarray(task * feeds[name].length / TASKS, (task + 1) * feeds[name].length / TASKS);
    const batch = Object.fromEntries(["x0", "y0", "x1", "y1"].map((name) => [name, own(name)]));
    let theta: Record<string, Float64Array> = Object.fromEntries(keys.map((key) => [key, feeds[key]]));
    for (let k = 0; k < knobs.innerSteps; k++) {
      const gradient = await slopes(keys, theta, async (moved) => {
        executable.run({ ...moved, ...batch });
        const [l0, l1] = [(await executable.read("l0"))[0], (await executable.read("l1"))[0]];
        return (setting.parts[0] * l0 + setting.parts[1] * l1) / total;
      });
      theta = Object.fromEntries(
        keys.map((key) => [key, theta[key].map((v, i) => v - knobs.innerLr * gradient[`d:${key}`][i])]),
      );
    }
    for (const key of keys) ends[key].push(...theta[key]);
  }
  return Object.fromEntries(keys.map((key) => [key, Float64Array.from(ends[key])]));
}

async function slopes(
  keys: readonly string[],
  at: Record<string, Float64Array>,
  f: (moved: Record<string, Float64Array>) => Promise<number>,
): Promise<OuterGradients> {
  const result: OuterGradients = {};
  for (const key of keys) result[`d:${key}`] = await centralDifferences((x) => f({ ...at, [key]: x }), at[key], 1e-6);
  return result;
}
