import { match, strictEqual } from "node:assert/strict";
import { costRatio, costToTargetSentence, ratioText, timesText } from "./cost_ratio.ts";
import type { ReportInput } from "./input.ts";
import { synthetic } from "../testing/synthetic.ts";
import { headline } from "./compared.ts";

const made = synthetic({ algorithms: ["mtl", "maml"] });
/** Trainings of MTL cost a quarter of the operations and a tenth of the seconds. */
const input: ReportInput = {
  ...made,
  cells: made.cells.map((row) => ({
    ...row,
    trainGflop: (row.algorithm === "mtl" ? 5 : 20) * (1 + row.seed),
    trainGradients: row.algorithm === "mtl" ? 125_000 : 750_000,
  })),
  timings: made.timings.map((row) => ({ ...row, trainS: (row.algorithm === "mtl" ? 1 : 10) * (2 + row.seed) })),
};
Deno.test("a comparison's cost is that of one training of each side with the same seed, in operations, gradients and seconds", () => {
  const [pair] = headline(input, "sinusoid");
  strictEqual(
    ratioText(costRatio(input, pair)),
    "0.25× the operations, 0.17× the gradient evaluations and 0.1× the seconds",
  );
});

Deno.test("a cost that is not known is left out, not made up", () => {
  const [pair] = headline(input, "sinusoid");
  strictEqual(costRatio({ ...input, timings: [] }, pair).seconds, null);
  const uncounted = { ...input, cells: input.cells.map((row) => ({ ...row, trainGflop: null })) };
  strictEqual(costRatio(uncounted, pair).operations, null);
  strictEqual(timesText([null]), "");
  strictEqual(timesText([0.5, 0.123, 2]), "0.12 to 2×");
  strictEqual(timesText([1234.5, 0.00123]), "0.0012 to 1235×");
});

Deno.test("the cost to reach the other's score is said in both directions, what is not reached by its name", () => {
  match(
    costToTargetSentence(input),
    /Sinusoids: MTL to MAML's 0\.08× \(3 of 3 seeds\), MAML to MTL's not reached \(0 of 3 seeds\)\.$/,
  );
  strictEqual(costToTargetSentence({ ...input, costToTarget: [] }), "");
});
