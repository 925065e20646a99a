import { deepStrictEqual as equal, ok } from "node:assert";
import { parse } from "@std/csv/parse";
import type { VerdictKey } from "./judge_comparisons.ts";
import { accuracyPair, simulate, stream } from "../testing/statistics.ts";
import { judge } from "./judge.ts";
import { verdictsCsv } from "./verdicts_csv.ts";

const PLACE = {
  norm: "batch",
  trainingTasks: null,
  shots: 1,
  adapter: "gradient",
  innerSteps: 5,
  sharingDepth: 2,
  adaptDepth: 2,
  taskStart: null,
} as const;
const KEY: VerdictKey = {
  dataset: "omniglot",
  metric: "accuracy",
  comparison: "mtl-maml-native",
  family: "native",
  a: { ...PLACE, algorithm: "mtl", adapter: "logistic", innerSteps: null, taskStart: "mean" },
  b: { ...PLACE, algorithm: "maml", sharingDepth: 0 },
};

Deno.test("a row holds the key and the verdict; numbers read back as they were, and what is unknown is empty", () => {
  const matrix = simulate(stream("csv"), 3, 20, { seed: 2, episode: 2, residual: 2 });
  const found = judge({ ...accuracyPair(matrix), flags: ["undertrained: mtl 1 of 3 seeds", 'a "quoted", flag'] });
  const csv = verdictsCsv([{ key: KEY, verdict: found }, { key: KEY, verdict: judge(accuracyPair(matrix.slice(1))) }]);
  const [row, none] = parse(csv, { skipFirstRow: true }) as Record<string, string>[];
  equal(found.verdict, "undecided");
  equal(
    [row.dataset, row.comparison, row.family, row.a_adapter, row.a_inner_steps, row.b_inner_steps, row.a_task_start],
    ["omniglot", "mtl-maml-native", "native", "logistic", "", "5", "mean"],
  );
  equal(
    [row.diff, row.lo, row.hi, row.level, row.hi90_unadjusted, row.p_adjusted, row.effect_size, row.needs_margin]
      .map(Number),
    [
      ...[found.diff, found.lo, found.hi, found.level, found.unadjusted?.hi90],
      ...[found.pAdjusted, found.effectSize, found.needs?.margin],
    ],
  );
  equal([row.n_seeds, row.n_episodes, row.margin, row.verdict, row.needs, row.flags, row.ratio], [
    ...["3", "20", "1", "undecided", found.needs?.words, found.flags.join("; "), ""],
  ]);
  ok(row.flags.endsWith('a "quoted", flag'));
  equal([none.verdict, none.lo, none.p_adjusted, none.needs], [
    ...["none", "", "", "2 seeds have scores of both; a verdict needs 3"],
  ]);
});

Deno.test("without comparisons there is a header alone, in the documented order", () => {
  const [header, ...rest] = verdictsCsv([]).trimEnd().split("\r\n");
  equal(rest, []);
  const promised = "n_seeds,n_episodes,diff,lo,hi,margin,verdict,needs,flags,ratio,level,diff_mean,lo_mean,hi_mean";
  ok(
    header.startsWith("dataset,metric,comparison,family,a_norm,a_algorithm,a_adapter,a_shots,") &&
      header.includes(`,${promised},`),
    header,
  );
});
