/** What R2-D2 is to multi-task learning. */
import { ok } from "node:assert/strict";
import { parameterSlots } from "./blocks/parameters.ts";
import { dualRidge } from "./blocks/ridge_head.ts";
import { mtl } from "./mtl.ts";
import { r2d2 } from "./r2d2.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { Graph, sizeOf } from "./tensor/graph.ts";
import { program } from "./tensor/program.ts";
import { gradientsOf, knobsOf, type Setting, SETTINGS } from "./testing/conformance.ts";
import { spread } from "./testing/tensor.ts";

const TASKS = 2;
const REGRESSION = SETTINGS.find(({ kind }) => kind === "regression") as Setting;

/** The body's parameters by key. */
function bodyOf({ model }: Setting): Record<string, Float64Array> {
  const slots = parameterSlots(model).filter(({ key }) => !key.startsWith("head."));
  return Object.fromEntries(slots.map(({ key, shape }, phase) => [key, spread(sizeOf(shape), -1, 1, phase)]));
}

/** Each task's head, solved on its own examples at this λ. */
async function solvedHeads(setting: Setting, feeds: Record<string, Float64Array>, lambda: number) {
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
function featuresOf(body: Record<string, Float64Array>, x: Float64Array): Float64Array {
  const dense = (row: readonly number[], layer: string, width: number) =>
    Array.from({ length: width }, (_, j) => {
      const sum = row.reduce((total, value, i) => total + value * body[`${layer}.weight`][i * width + j], 0);
      return Math.max(0, sum + body[`${layer}.bias`][j]);
    });
  return Float64Array.from(Array.from(x).flatMap((value) => dense(dense([value], "dense1", 4), "dense2", 3)));
}

Deno.test("without a split and as λ falls to 0, R2-D2 descends along multi-task learning's gradient where every task's head is solved", async () => {
  // Five examples for four unknowns, so that the heads cannot fit them all and the gradient is not zero.
  const setting: Setting = { ...REGRESSION, parts: [5, 5] };
  const body = bodyOf(setting);
  const [x, y] = [spread(TASKS * 5, -1.5, 1.5, 20), spread(TASKS * 5, -1.5, 1.5, 22)];
  const batch = { x0: x, x1: x, y0: y, y1: y };
  const distances: number[] = [];
  for (const lambda of [1e-4, 1e-5, 1e-6]) {
    const solving = await gradientsOf(cpuBackend(64), r2d2, setting, knobsOf(r2d2, {}, 3), {
      ...body,
      ...batch,
      "meta:logLambda": Float64Array.of(Math.log(lambda)),
    });
    const heads = await solvedHeads(setting, { z: featuresOf(body, x), y0: y }, lambda);
    const joint = await gradientsOf(cpuBackend(64), mtl, setting, knobsOf(mtl, { depth: "L - 1" }, 3), {
      ...body,
      ...batch,
      ...heads,
    });
    const [ours, theirs] = [solving, joint].map((found) => Object.keys(body).flatMap((key) => [...found[`d:${key}`]]));
    const size = Math.hypot(...theirs);
    ok(size > 1e-2, `${size}`);
    distances.push(Math.hypot(...ours.map((value, i) => value - theirs[i])) / size);
  }
  // The penalty's share of the inner problem is all that is between the two.
  ok(distances[1] < distances[0] / 5 && distances[2] < distances[1] / 5 && distances[2] < 1e-2, distances.join());
});
