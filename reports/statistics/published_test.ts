import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Published } from "../claims/published.ts";
import type { CellRow } from "../rows/rows.ts";
import { parsePublished, publishedCsv } from "../rows/csv.ts";
import { synthetic } from "../testing/synthetic.ts";
import { publishedRows } from "./published.ts";

const { cells, timings } = synthetic({ algorithms: ["mtl", "maml"], seeds: 3, steps: [5] });
const [chosen] = cells.filter(({ dataset, algorithm }) => dataset === "omniglot" && algorithm === "maml");
const { adapter, shots, innerSteps, sharingDepth } = chosen;
const number: Published = {
  ...{ method: "MAML", source: "a paper", score: 0.7, error: 0.02, iterations: 60_000, differs: "fewer iterations" },
  ...{ dataset: "omniglot", algorithm: "maml", adapter, shots, innerSteps, sharingDepth: sharingDepth ?? undefined },
};
/** The cells that it is about, with given means, one per seed. */
const scored = (means: readonly (number | null)[]): CellRow[] =>
  means.map((mean, seed) => ({
    ...chosen,
    seed,
    mean,
    status: mean === null ? "failed" : "ok",
    reason: mean === null ? "no" : "",
  }));
const rowFor = (means: readonly (number | null)[], more: Partial<Published> = {}) =>
  publishedRows([{ ...number, ...more }], scored(means), timings)[0];

Deno.test("a published accuracy stands beside the mean over seeds with its t interval", () => {
  const { mean, lo95, hi95, seeds, episodes, published, publishedError, publishedIterations, differs, metric } = rowFor(
    [
      ...[0.6, 0.62, 0.64],
    ],
  );
  ok(mean !== null && lo95 !== null && hi95 !== null);
  ok(Math.abs(mean - 0.62) < 1e-12);
  // t(0.975; 2) = 4.302653, sd = 0.02
  ok(Math.abs(hi95 - mean - 4.302653 * 0.02 / Math.sqrt(3)) < 1e-6 && Math.abs(mean - lo95 - (hi95 - mean)) < 1e-12);
  equal([seeds, episodes, published, publishedError, publishedIterations], [3, chosen.episodes, 0.7, 0.02, 60_000]);
  equal([differs, metric], ["fewer iterations", "accuracy"]);
});

Deno.test("it is reached where ours is no worse, open where only its interval reaches as far, and not reached else", () => {
  const outcome = (means: number[], more: Partial<Published> = {}) => rowFor(means, more).outcome;
  equal(outcome([0.6, 0.62, 0.64]), "not reached");
  equal(outcome([0.8, 0.82, 0.84]), "reached");
  equal(outcome([0.66, 0.68, 0.7]), "reached");
  // 0.66 ± 0.05 reaches 0.68, but so would any number with an interval that is wide enough.
  equal(outcome([0.64, 0.66, 0.68]), "open");
  // One seed has no interval: only the published one is left.
  equal(outcome([0.679]), "not reached");
  equal(outcome([0.681]), "reached");
  equal(outcome([0.681], { error: null }), "not reached");
});

Deno.test("of errors less is better", () => {
  const mse = scored([0.3, 0.3, 0.31]).map((row): CellRow => ({ ...row, metric: "mse" }));
  const outcomeAt = (score: number) => publishedRows([{ ...number, score, error: null }], mse, timings)[0].outcome;
  equal([outcomeAt(0.5), outcomeAt(0.3), outcomeAt(0.2)], ["reached", "open", "not reached"]);
});

Deno.test("what was not run says why", () => {
  const empty = rowFor([0.6], { algorithm: "protonet" });
  equal([empty.outcome, empty.mean, empty.seeds], ["not run", null, 0]);
  equal(empty.differs, "the run has no such cell");
  const failed = rowFor([null, null]);
  equal([failed.outcome, failed.differs], ["not run", "no"]);
  const two = publishedRows([number], [
    ...scored([0.5]),
    ...scored([0.6]).map((row) => ({ ...row, norm: "layer" as const })),
  ], []);
  equal([two[0].outcome, two[0].mean], ["not run", null]);
  equal(two[0].differs, "2 settings of the run fit: the sweep must say which");
});

Deno.test("published.csv gives its rows back", () => {
  const rows = publishedRows([number, { ...number, algorithm: "protonet" }], cells, timings);
  equal(parsePublished(publishedCsv(rows)), rows);
  ok(rows[0].iterations !== null && rows[0].trainS !== null);
});
