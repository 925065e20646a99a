/** Algorithms that learn more than a model: their outer gradients against PyTorch, and laws of heads that are made of classes. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { rng } from "../common/random.ts";
import { classTable } from "./blocks/class_table.ts";
import { curvatureOf } from "./blocks/curvature.ts";
import { algorithms } from "./registry.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { sizeOf } from "./tensor/graph.ts";
import {
  gradientsOf,
  type Knobs,
  knobsOf,
  type OuterGradients,
  type Setting,
  SETTINGS,
} from "./testing/conformance.ts";
// Made by testing/golden/outer_gradients.py, which says how.
import golden from "./testing/golden/outer_gradients.json" with { type: "json" };
import { assertAlmost, spread } from "./testing/tensor.ts";
import { parameterSlots } from "./blocks/parameters.ts";

const CLASSES = 7;

/** The setting on images of 2 x 2 pixels with this normalisation. */
function settingOf(norm: string): Setting {
  const found = SETTINGS.find((setting) => setting.kind === "classification" && setting.norm === norm);
  if (found === undefined) throw new Error(`no setting with norm ${norm}`);
  return found;
}

/** The numbers that the program of the golden values works with. */
function feedsOf({ model }: Setting): Record<string, Float64Array> {
  const slots = parameterSlots(model);
  return {
    ...Object.fromEntries(slots.map(({ key, shape }, phase) => [key, spread(sizeOf(shape), -1, 1, phase)])),
    ...Object.fromEntries(slots.map(({ layer, name, shape }, phase) => {
      return [`meta:rate${layer}.${name}`, spread(sizeOf(shape), 0.05, 0.3, 40 + phase)];
    })),
    ...Object.fromEntries(
      curvatureOf(model).map(({ name, shape, init }, phase) => {
        const start = init(sizeOf(shape), rng([0]));
        const drawn = spread(start.length, -0.3, 0.3, 80 + phase);
        return [`meta:${name}`, drawn.map((value, i) => start[i] + value)];
      }),
    ),
    "meta:logLambda": Float64Array.of(-0.4),
    "meta:logScale": Float64Array.of(0.3),
    ...Object.fromEntries(slots.flatMap(({ layer, name }, phase) =>
      Array.from({ length: 2 }, (_, step) => {
        return [`meta:rate${layer}.${name}.${step}`, spread(1, 0.05, 0.3, 60 + 2 * phase + step)];
      })
    )),
    progress: Float64Array.of(0.04),
    "meta:rows": spread(CLASSES * 3, -1, 1, 30),
    "meta:context.gamma": spread(5 * 4, -1, 1, 50),
    "meta:context.beta": spread(5 * 4, -1, 1, 51),
    "meta:norms": spread(CLASSES, 0.5, 1.5, 31),
    classes: Float64Array.of(0, 3, 6, 3, 0, 5),
  };
}

/** Inputs of two parts or of one, as many numbers as the algorithm takes. */
function inputsOf(name: keyof typeof golden.gradients): Record<string, Float64Array> {
  if (name === "mtl-class-rows") return { x0: spread(2 * 12 * 4, -1.5, 1.5, 20) };
  if (name === "mtl-all-rows" || name === "baseline-plus-plus") return { x0: spread(12 * 4, -1.5, 1.5, 20) };
  return { x0: spread(2 * 6 * 4, -1.5, 1.5, 20), x1: spread(2 * 6 * 4, -1.5, 1.5, 21) };
}

for (const name of Object.keys(golden.gradients) as (keyof typeof golden.gradients)[]) {
  for (const norm of ["batch", "batch-inductive"] as const) {
    Deno.test(`${name}: the outer gradient under norm ${norm} is PyTorch's`, async () => {
      const setting = settingOf(norm);
      const knobs = knobsOf(algorithms[name], { innerSteps: 2 }, setting.model.layers.length);
      const fed = { ...feedsOf(setting), ...inputsOf(name) };
      const actual = await gradientsOf(cpuBackend(64), algorithms[name], setting, knobs, fed);
      const expected: Readonly<Record<string, number[]>> = golden.gradients[name][norm];
      equal(Object.keys(actual).sort(), Object.keys(expected).sort());
      for (const [key, values] of Object.entries(expected)) assertAlmost(key, actual[key], values, 1e-12);
      ok(Object.values(expected).some((values) => values.some((value) => Math.abs(value) > 1e-3)));
    });
  }
}

/** Rows of a matrix in another order: row i of the result is row `order[i]`. */
function reordered(values: ArrayLike<number>, width: number, order: readonly number[]): Float64Array {
  return Float64Array.from(order.flatMap((row) => Array.from({ length: width }, (_, j) => values[row * width + j])));
}

const ORDER = [4, 0, 6, 1, 5, 2, 3];

function sameButRows(actual: OuterGradients, expected: OuterGradients, order: readonly number[]): void {
  for (const [key, values] of Object.entries(expected)) {
    const wanted = key === "d:meta:rows" ? reordered(values, 3, order) : values;
    assertAlmost(key, actual[key], wanted, 1e-13);
  }
}

async function gradients(
  name: "mtl-class-rows" | "mtl-all-rows",
  changed: Record<string, Float64Array>,
  knobs: Partial<Knobs> = {},
) {
  const setting = settingOf("batch");
  const all = { ...knobsOf(algorithms[name], {}, setting.model.layers.length), ...knobs };
  const fed = { ...feedsOf(setting), ...inputsOf(name), ...changed };
  return await gradientsOf(cpuBackend(64), algorithms[name], setting, all, fed);
}

Deno.test("numbering all training classes in another order numbers the rows' gradients so, and changes nothing else", async () => {
  const rows = feedsOf(settingOf("batch"))["meta:rows"];
  const labels = Array.from({ length: 12 }, (_, i) => i % CLASSES);
  const oneHot = (ids: readonly number[]) =>
    Float64Array.from(ids.flatMap((id) => Array.from({ length: CLASSES }, (_, k) => k === id ? 1 : 0)));
  const other = {
    "meta:rows": reordered(rows, 3, ORDER),
    y0: oneHot(labels.map((id) => ORDER.indexOf(id))),
  };
  sameButRows(
    await gradients("mtl-all-rows", other),
    await gradients("mtl-all-rows", { y0: oneHot(labels) }),
    ORDER,
  );
  const classes = [0, 3, 6, 3, 0, 5];
  const renamed = {
    "meta:rows": reordered(rows, 3, ORDER),
    classes: Float64Array.from(classes, (id) => ORDER.indexOf(id)),
  };
  sameButRows(await gradients("mtl-class-rows", renamed), await gradients("mtl-class-rows", {}), ORDER);
});

Deno.test("rows of classes that no task has stand still, and the others move", async () => {
  const gradientOf = async (classes: readonly number[]) =>
    (await gradients("mtl-class-rows", { classes: Float64Array.from(classes) }))["d:meta:rows"];
  const row = (values: ArrayLike<number>, id: number) => Array.from({ length: 3 }, (_, j) => values[id * 3 + j]);
  const shared = await gradientOf([0, 3, 6, 3, 0, 5]);
  for (const id of [1, 2, 4]) equal(row(shared, id), [0, 0, 0]);
  for (const id of [0, 3, 5, 6]) ok(row(shared, id).some((value) => value !== 0));
});

Deno.test("with a softmax over all classes, a row that no example belongs to is pushed away from the features", async () => {
  // Twelve examples of classes 0, 1 and 2 only.
  const y0 = Float64Array.from({ length: 12 * CLASSES }, (_, i) => Math.floor(i / CLASSES) % 3 === i % CLASSES ? 1 : 0);
  const all = (await gradients("mtl-all-rows", { y0 }))["d:meta:rows"];
  for (const id of [3, 4, 5, 6]) {
    ok(Array.from({ length: 3 }, (_, j) => all[id * 3 + j]).every((value) => value >= 0)); // features are not negative
  }
});

Deno.test("without unit length, logits grow with the features", async () => {
  const own = { rows: "unit", publishedWays: 5, unitFeatures: false } as const;
  for (const name of ["mtl-class-rows", "mtl-all-rows"] as const) {
    const [unit, free] = [await gradients(name, {}), await gradients(name, {}, { own })];
    ok(free["d:meta:rows"].some((value, i) => Math.abs(value - unit["d:meta:rows"][i]) > 1e-3), name);
    // The last layer's scale is free where features are scaled to length 1 anyway.
    const gamma = feedsOf(settingOf("batch"))["dense2.gamma"];
    const beta = feedsOf(settingOf("batch"))["dense2.beta"];
    const along = (found: OuterGradients) =>
      gamma.reduce((sum, value, i) => sum + value * found["d:dense2.gamma"][i], 0) +
      beta.reduce((sum, value, i) => sum + value * found["d:dense2.beta"][i], 0);
    ok(Math.abs(along(unit)) < 1e-10 && Math.abs(along(free)) > 1e-3, `${name}: ${along(unit)} ${along(free)}`);
  }
});

Deno.test("rows start at length 1, or as in the authors' code, each class with a row of its own", () => {
  const { model } = settingOf("batch");
  const draw = (rows: string, trainClasses: number) => {
    const own = { rows, publishedWays: 5, unitFeatures: true };
    const { name, shape, init } = classTable(model, { innerLr: 0, innerSteps: 1, own, trainClasses });
    equal([name, shape], ["rows", [trainClasses, model.features]]);
    const values = init(trainClasses * model.features, rng([1, "rows"]));
    return Array.from({ length: trainClasses }, (_, k) => [...values.subarray(3 * k, 3 * k + 3)]);
  };
  const unit = draw("unit", 200);
  for (const row of unit) ok(Math.abs(Math.hypot(...row) - 1) < 1e-6);
  equal(new Set(unit.map(String)).size, 200);
  const bound = Math.sqrt(200 / 5) / Math.sqrt(3);
  const published = draw("published", 200).flat();
  ok(published.every((value) => Math.abs(value) <= bound));
  // Uniform within ± the bound: its variance is a third of the bound's square.
  const variance = published.reduce((sum, value) => sum + value * value, 0) / published.length;
  ok(Math.abs(variance / (bound ** 2 / 3) - 1) < 0.15, `${variance}`);
});
