import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { ReportInput } from "../view/input.ts";
import { answerRows } from "../view/answer_rows.ts";
import { synthetic } from "../testing/synthetic.ts";
import { beware } from "./beware.ts";
import { costToTargetTable } from "./cost_to_target_table.ts";
import { costPairs } from "./costs.ts";
import { costColumns, costRows } from "./tables.ts";

const made = synthetic({ algorithms: ["mtl", "maml"] });
/** Trainings of MTL cost a quarter of the operations and a tenth of the seconds. */
const input: ReportInput = {
  ...made,
  cells: made.cells.map((row) => ({ ...row, trainGflop: (row.algorithm === "mtl" ? 5 : 20) * (1 + row.seed) })),
  timings: made.timings.map((row) => ({ ...row, trainS: (row.algorithm === "mtl" ? 1 : 10) * (2 + row.seed) })),
};
const plain = (text: string) => text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

Deno.test("costs are stated pair by pair of the answer, with the ratio of the first screen", () => {
  const text = plain(costPairs(input).text);
  match(
    text,
    /MTL against MAML ?5 shots[^×]*0\.25× ?1× ?0\.1× ?0\.08× ?\(3 of 3 seeds\) ?not reached ?\(0 of 3 seeds\)/,
  );
  strictEqual(answerRows(input)[0].cost, "0.25×");
  match(plain(costPairs({ ...input, verdicts: [] }).text), /No comparison of the answer/);
});

Deno.test("the table of costs has a row per kind of training, so that no number is a median over depths or steps", () => {
  const rows = costRows(input);
  const at = (heading: string) => costColumns(input).indexOf(heading);
  const places = rows.map((row) =>
    ["algorithm", "data set", "sharing depth", "shots", "inner steps"].map((heading) => row[at(heading)]).join()
  );
  deepStrictEqual(places, [...new Set(places)]);
  ok(rows.some((row) => row[at("sharing depth")] === "0") && rows.some((row) => row[at("sharing depth")] === "2"));
  ok(rows.every((row) => row[at("seeds")] === "3"), "three seeds each");
});

Deno.test("the table of costs to reach a score says what is not reached by its name", () => {
  const text = plain(costToTargetTable(input).text);
  match(text, /final score of MAML, d = 0MSE 0\.420 ?MTL, d = 2 ?3 of 3 ?12\.0 ?10\.0 to 14\.0/);
  match(text, /0 of 3 ?not reached ?– ?– ?–/);
  match(text, /ladderMSE 0\.500 ?MTL, d = 2 ?2 of 3 ?12\.0 ?10\.0 to not reached/);
});

Deno.test("undertrained sides are named beside the answer", () => {
  const pairs = answerRows(input).map(({ pair }) => pair);
  match(
    beware(pairs, input),
    /Beware: all 4 comparisons rest on trainings of MAML that were still improving when they ended/,
  );
  const calm = pairs.map(({ key, verdict }) => ({ key, verdict: { ...verdict, flags: [] } }));
  doesNotMatch(beware(calm, input), /Beware/);
});
