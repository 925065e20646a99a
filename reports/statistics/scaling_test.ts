import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { CellRow } from "../rows/rows.ts";
import { synthetic } from "../testing/synthetic.ts";
import { scalingCurves, scalingRows } from "./scaling.ts";

const { cells } = synthetic({ algorithms: ["mtl", "maml"], seeds: 3, steps: [5] });
const one = (dataset: string) => cells.filter((row) => row.dataset === dataset && row.status === "ok");

/** Rows again at several sizes, with errors of a known law. */
function at(rows: readonly CellRow[], sizes: readonly number[], change: (size: number) => Partial<CellRow>): CellRow[] {
  return sizes.flatMap((size) =>
    rows.map((row): CellRow => {
      const error = 2 * size ** -0.5 * Math.exp(0.01 * row.seed);
      const score = row.metric === "mse" ? { mean: error, meanLog: Math.log(error) } : { mean: 1 - error / 10 };
      return { ...row, ...score, trainingUnit: `${row.trainingUnit} ${size}`, ...change(size) };
    })
  );
}

Deno.test("places that differ in nothing but the number of training tasks make one curve, with the law behind it", () => {
  const rows = at(one("sinusoid"), [5, 20, 80], (size) => ({ trainingTasks: size }));
  const laws = scalingRows([...rows, ...at(one("sinusoid"), [1], () => ({ trainingTasks: null }))]);
  equal(laws.length, rows.length / 9);
  for (const law of laws) {
    equal([law.axis, law.sizes, law.smallest, law.largest, law.seeds], ["training-tasks", 3, 5, 80, 3]);
    ok(Math.abs(law.exponent! - 0.5) < 1e-9 && law.exponentHi! - law.exponentLo! < 1e-6);
    ok(Math.abs(law.coefficient! - 2 * Math.exp(0.01)) < 1e-9);
  }
});

Deno.test("training classes are counted across the data sets that have them, and each pair of domains has a law of its own", () => {
  const sizes = [10, 40, 160];
  const of = (name: string, testedOn: string) =>
    at(one("omniglot"), sizes, (size) => ({ dataset: `${name}-${size}`, testedOn, trainingClasses: size }));
  const laws = scalingRows([...of("omniglot", "omniglot"), ...of("pair", "shapes")]);
  equal(new Set(laws.map(({ axis, trainedOn }) => `${axis} ${trainedOn}`)), new Set(["training-classes omniglot"]));
  equal(new Set(laws.map(({ testedOn }) => testedOn)), new Set(["omniglot", "shapes"]));
  equal(laws.length, 2 * one("omniglot").length / 3);
  ok(laws.every(({ exponent }) => Math.abs(exponent! - 0.5) < 1e-9));
});

Deno.test("two sizes make no law, nor does one training at every size; seeds without all sizes are left out", () => {
  const tasks = (size: number) => ({ trainingTasks: size });
  equal(scalingCurves(at(one("sinusoid"), [5, 20], tasks)), []);
  equal(scalingCurves(at(one("sinusoid"), [5, 20, 80], (size) => ({ ...tasks(size), trainingUnit: "u" }))), []);
  const rows = at(one("sinusoid"), [5, 20, 80], tasks);
  const lost = rows.map((row): CellRow =>
    row.seed === 1 && row.trainingTasks === 20 ? { ...row, status: "diverged", mean: null, meanLog: null } : row
  );
  ok(scalingCurves(lost).every(({ points }) => points.every(({ errors }) => errors.length === 2)));
  // No wrong answer has no logarithm.
  const perfect = at(one("omniglot"), [5, 20, 80], (size) => ({ trainingClasses: size, mean: size === 80 ? 1 : 0.2 }));
  ok(scalingRows(perfect).every(({ exponent, r2 }) => exponent === null && r2 === null));
});
