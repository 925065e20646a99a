import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { answer } from "./answer.ts";
import { costRatio, costSentence, costToTargetSentence, ratioText, timesText } from "./cost_ratio.ts";
import type { ReportInput } from "../view/input.ts";
import { costToTargetTable } from "./cost_to_target_table.ts";
import { synthetic } from "../testing/synthetic.ts";
import { headline } from "../view/compared.ts";

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
const plain = (text: string) => text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

Deno.test("the first screen says what training costs relative to the other side, in operations and in seconds, per data set", () => {
  const text =
    "A training of MTL takes 0.25× the counted operations of one of MAML on Sinusoids and 0.25× on Omniglot, 5-way (observed seconds: 0.1× and 0.1×).";
  strictEqual(costSentence(input), text);
  ok(plain(answer(input).text).includes(text));
  const [pair] = headline(input, "sinusoid");
  strictEqual(
    ratioText(costRatio(input, pair)),
    "0.25× the operations, 0.17× the gradient evaluations and 0.1× the seconds",
  );
});

Deno.test("a cost that is not known is left out, not made up", () => {
  const untimed = { ...input, timings: [] };
  match(costSentence(untimed), /0\.25× the counted operations of one of MAML on Sinusoids/);
  doesNotMatch(costSentence(untimed), /seconds/);
  const uncounted = { ...untimed, cells: input.cells.map((row) => ({ ...row, trainGflop: null })) };
  strictEqual(costSentence(uncounted), "");
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
  const text = plain(costToTargetTable(input).text);
  match(text, /final score of MAML, d = 0MSE 0\.420 ?MTL, d = 2 ?3 of 3 ?12\.0 ?10\.0 to 14\.0/);
  match(text, /0 of 3 ?not reached ?– ?– ?–/);
  match(text, /ladderMSE 0\.500 ?MTL, d = 2 ?2 of 3 ?12\.0 ?10\.0 to not reached/);
});

Deno.test("undertrained sides are named beside the answer", () => {
  const text = plain(answer(input).text);
  match(text, /Beware: all 4 comparisons rest on trainings of MAML that were still improving when they ended/);
  const calm = {
    ...input,
    verdicts: input.verdicts.map(({ key, verdict }) => ({ key, verdict: { ...verdict, flags: [] } })),
  };
  doesNotMatch(plain(answer(calm).text), /Beware/);
});
