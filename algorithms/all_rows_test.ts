/** One softmax over all classes: its optimum is logistic regression, and Baseline++ is the same model in other parameters. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { Matrix, pseudoInverse } from "ml-matrix";
import type { Algorithm } from "./algorithm.ts";
import { baselinePlusPlus } from "./baseline_plus_plus.ts";
import { models } from "./models/registry.ts";
import { mtlAllRows } from "./mtl_all_rows.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { gradientsOf, knobsOf, type OuterGradients, type Setting } from "./testing/conformance.ts";
// Made by testing/golden/all_rows.py, which says how.
import golden from "./testing/golden/all_rows.json" with { type: "json" };
import { assertAlmost, spread } from "./testing/tensor.ts";

const [EXAMPLES, CLASSES, WIDTH] = [60, 7, 3];

const SETTING: Setting = {
  name: "a perceptron of one layer",
  kind: "classification",
  norm: "none",
  model: models.mlp.build({ inputShape: [4], outputs: 3, hidden: [WIDTH], norm: "none" }),
  inputShape: [4],
  outputs: 3,
  parts: [EXAMPLES / 2, EXAMPLES / 2],
};

/** A body that stays as it is, and examples whose classes cannot be separated. */
const FEEDS = {
  "dense1.weight": spread(4 * WIDTH, -1, 1, 0),
  "dense1.bias": spread(WIDTH, 0.5, 1, 1),
  x0: spread(EXAMPLES * 4, -1.5, 1.5, 20),
  y0: Float64Array.from(
    { length: EXAMPLES * CLASSES },
    (_, at) => {
      const i = Math.floor(at / CLASSES);
      return (i * i + Math.floor(i / 7)) % CLASSES === at % CLASSES ? 1 : 0;
    },
  ),
};

async function gradients(algorithm: Algorithm, learned: Record<string, Float64Array>): Promise<OuterGradients> {
  return await gradientsOf(cpuBackend(64), algorithm, SETTING, knobsOf(algorithm, {}, 2), { ...FEEDS, ...learned });
}

Deno.test("a head of all rows trained to its optimum on frozen features is scikit-learn's multinomial logistic regression", async () => {
  const slope = async (rows: Float64Array) => {
    return Float64Array.from((await gradients(mtlAllRows, { "meta:rows": rows }))["d:meta:rows"]);
  };
  let rows = new Float64Array(CLASSES * WIDTH);
  // Newton's method, whose second derivatives are differences of the objective's own gradient.
  for (let step = 0; step < 8; step++) {
    const at = await slope(rows);
    const curvature = await Promise.all(Array.from(rows, async (_, i) => {
      const along = async (h: number) => await slope(rows.map((value, j) => i === j ? value + h : value));
      const [above, below] = [await along(1e-4), await along(-1e-4)];
      return Array.from(above, (value, j) => (value - below[j]) / 2e-4);
    }));
    // The same vector added to all rows changes nothing: those directions are left alone.
    const move = pseudoInverse(new Matrix(curvature), 1e-6).mmul(Matrix.columnVector(Array.from(at)));
    rows = rows.map((value, i) => value - move.get(i, 0));
  }
  assertAlmost("slope", await slope(rows), new Float64Array(CLASSES * WIDTH), 1e-10);
  assertAlmost("rows", rows, golden.rows, 1e-6);
});

Deno.test("Baseline++ is the softmax over all rows with rows s g v / ‖v‖: the features get the same gradient, and norms that of a row along itself", async () => {
  const [directions, norms] = [spread(CLASSES * WIDTH, -1, 1, 5), spread(CLASSES, 0.5, 1.5, 6)];
  const length = (k: number) => Math.hypot(...directions.subarray(WIDTH * k, WIDTH * (k + 1)));
  const unit = directions.map((value, i) => value / length(Math.floor(i / WIDTH)));
  const rows = unit.map((value, i) => 10 * norms[Math.floor(i / WIDTH)] * value);
  const cosines = await gradients(baselinePlusPlus, { "meta:rows": directions, "meta:norms": norms });
  const linear = await gradients(mtlAllRows, { "meta:rows": rows });
  const body = ["d:dense1.weight", "d:dense1.bias"];
  for (const key of body) assertAlmost(key, cosines[key], linear[key], 1e-11);
  ok(linear[body[0]].some((value) => Math.abs(value) > 1e-3));
  const dot = (k: number, a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from({ length: WIDTH }, (_, j) => a[WIDTH * k + j] * b[WIDTH * k + j]).reduce((sum, value) => sum + value);
  const classes = Array.from({ length: CLASSES }, (_, k) => k);
  const along = classes.map((k) => 10 * dot(k, linear["d:meta:rows"], unit));
  assertAlmost("norms", cosines["d:meta:norms"], along, 1e-11);
  // A direction has no slope along itself.
  assertAlmost("directions", classes.map((k) => dot(k, cosines["d:meta:rows"], unit)), classes.map(() => 0), 1e-11);
  equal(cosines["d:head.weight"].some((value) => value !== 0), false);
});
