/** Heads solved on the features of a small perceptron: what trainings through solved heads are compared at. */
import { parameterSlots } from "../blocks/parameters.ts";
import { dualRidge } from "../blocks/ridge_head.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { program } from "../tensor/program.ts";
import { type Setting, SETTINGS, TASKS } from "./conformance.ts";
import { spread } from "./tensor.ts";

/** The perceptron on regression. */
export const REGRESSION = SETTINGS.find(({ kind }) => kind === "regression") as Setting;

/** The body's parameters by key. */
export function bodyOf({ model }: Setting): Record<string, Float64Array> {
  const slots = parameterSlots(model).filter(({ key }) => !key.startsWith("head."));
  return Object.fromEntries(slots.map(({ key, shape }, phase) => [key, spread(sizeOf(shape), -1, 1, phase)]));
}

/** Each task's head, solved on its own examples at this λ. */
export async function solvedHeads(setting: Setting, feeds: Record<string, Float64Array>, lambda: number) {
  const graph = new Graph();
  const [n, width] = [setting.parts[0], setting.model.features];
  const { weight, bias } = dualRidge({
    features: graph.input("z", [TASKS, n, width]),
    targets: graph.input("y", [TASKS, n, 1]),
    penalty: graph.constant(n * lambda, [1, 1, 1]),
    bias: true,
  });
  const executable = cpuBackend(64).compile(program({ outputs: { weight, bias } }));
  executable.run({ z: feeds.z, y: feeds.y0 });
  return {
    "head.weight": Float64Array.from(await executable.read("weight")),
    "head.bias": Float64Array.from(await executable.read("bias")),
  };
}

/** Features of some inputs of both tasks, as the setting's perceptron computes them. */
export function featuresOf(body: Record<string, Float64Array>, x: Float64Array): Float64Array {
  const dense = (row: readonly number[], layer: string, width: number) =>
    Array.from({ length: width }, (_, j) => {
      const sum = row.reduce((total, value, i) => total + value * body[`${layer}.weight`][i * width + j], 0);
      return Math.max(0, sum + body[`${layer}.bias`][j]);
    });
  return Float64Array.from(Array.from(x).flatMap((value) => dense(dense([value], "dense1", 4), "dense2", 3)));
}
