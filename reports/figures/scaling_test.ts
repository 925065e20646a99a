import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { drawing, full, valuesOf } from "../testing/figures.ts";
import { scalingRows } from "../statistics/scaling.ts";
import { overSizes } from "../testing/sizes.ts";
import { scaling } from "./scaling.ts";

const SIZED = overSizes(full);

Deno.test("errors over sizes are drawn where a run has three sizes, and once for all data sets of one curve", () => {
  ok(full.datasets.every((dataset) => scaling.draw(full, dataset) === undefined));
  const drawn = SIZED.datasets.filter((dataset) => scaling.draw(SIZED, dataset) !== undefined);
  equal(drawn.map(({ name }) => name), ["sinusoid", "omniglot"]);
  match(drawing(scaling, SIZED, "sinusoid").title, /^Sinusoids: error by training tasks$/);
  match(drawing(scaling, SIZED, "omniglot").title, /^Omniglot, 5-way: error by training classes$/);
});

Deno.test("each line is the law that scaling.csv has, and the caption says its exponent with its interval", () => {
  const drawn = drawing(scaling, SIZED, "sinusoid");
  const values = valuesOf(drawn);
  const law = scalingRows(SIZED.cells).find((row) =>
    row.axis === "training-tasks" && row.algorithm === "maml" && row.shots === 10 && row.sharingDepth === 0 &&
    row.innerSteps === 10
  )!;
  ok(Math.abs(law.exponent! - 0.3) < 1e-9);
  const line = values.filter(({ algorithm, shots, kind }) => algorithm === "MAML" && shots === 10 && kind === "fit");
  equal(line.map(({ size }) => size), [10, 160]);
  for (const { size, error } of line) {
    ok(Math.abs(Number(error) / (law.coefficient! * Number(size) ** -law.exponent!) - 1) < 1e-12);
  }
  equal(
    values.filter(({ algorithm, shots, kind }) => algorithm === "MAML" && shots === 10 && kind === "point").length,
    3,
  );
  match(drawn.caption, /MAML at 10 shots 0\.30 \(0\.30 to 0\.30\)/);
});
