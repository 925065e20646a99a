import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { type FakeRun, verdictsCsv } from "../testing/nightly.ts";
import { after, SCORE } from "../testing/nights.ts";

Deno.test("the same results again, and results that differ by their noise alone, are no regression", async () => {
  for (const noise of ["", "1", "2", "3", "4"]) {
    await after({}, { noise }, (code, nights) => {
      equal(code, 0, nights.summary());
      match(nights.summary(), /^# Nightly 2026-01-02: no regression\n/);
      match(nights.summary(), noise === "" ? /is the same, byte for byte/ : /`cells.csv` differs/);
    });
  }
});

Deno.test("a score that got worse beyond its noise is a regression, with its size, its noise and the commits between", () =>
  after({}, { ...SCORE, manifest: { git: { commit: "fedcba9876543210", dirty: false } } }, (code, nights) => {
    equal(code, 1);
    const summary = nights.summary();
    match(summary, /^# Nightly 2026-01-02: 6 regressions\n/);
    match(
      summary,
      /### Scores\n\n[^]*\| sinusoid, maml, 5 shots, 1 gradient steps, d = 0 \| MSE 2\.\d+ \(n = 3\) \| MSE [34]\.\d+ \(n = 3\) \| × 1\.\d+; ln MSE \+0\.\d+, noise ± 0\.0\d+, p = /,
    );
    match(summary, /`git log 0123456789ab\.\.fedcba987654`/);
    ok(!summary.includes("| sinusoid, mtl"), summary);
  }));

Deno.test("an accuracy that fell is a regression too", () =>
  after(
    {},
    { shift: ({ algorithm, metric }) => algorithm === "mtl" && metric === "accuracy" ? -0.06 : 0 },
    (code, nights) => {
      equal(code, 1);
      match(
        nights.summary(),
        /\| omniglot, mtl, 5 shots, 0 gradient steps, d = 0 \| [67]\d\.\d % .* −6\.0 points, noise ± \d\.\d, p = /,
      );
    },
  ));

Deno.test("a score that got better is told, and is no regression", () =>
  after({}, { ...SCORE, shift: (cell) => -(SCORE.shift?.(cell) ?? 0) }, (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /: no regression\n[^]*## Also moved\n\n### Scores\n[^]*× 0\.\d+; ln MSE −0\./);
  }));

Deno.test("seeds or episodes that diverge and did not before are a regression", async () => {
  const lost = { mean: null, sd: null, median: null, meanLog: null, status: "diverged", reason: "NaN" } as const;
  await after(
    {},
    { row: (row) => row.seed === 1 && row.algorithm === "maml" ? { ...row, ...lost } : row },
    (code, n) => {
      equal(code, 1);
      match(
        n.summary(),
        /\| sinusoid, maml, 5 shots, 0 gradient steps, d = 0 \| 0 seeds diverged \| 1 seeds diverged \|/,
      );
    },
  );
  await after({}, { row: (row) => ({ ...row, diverged: row.algorithm === "mtl" ? 10 : 0 }) }, (code, nights) => {
    equal(code, 1);
    match(nights.summary(), /\| 0\.0 % of episodes diverged \| 25\.0 % \| tolerance 5 points \|/);
  });
});

const VERDICTS = verdictsCsv([5, "equivalent"], [10, "undecided"]);

Deno.test("a verdict that flips, is lost or is not given any more is a regression; one that is settled is not", async () => {
  const flipped = verdictsCsv([5, "b-better"], [10, "undecided"]);
  await after({ verdicts: VERDICTS }, { verdicts: flipped }, (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*### Verdicts\n\n[^]*\| sinusoid, metric mse, mtl-maml-matched, family matched, a algorithm mtl, a shots 5, b algorithm maml \| equivalent \| b-better \| flipped \|/,
    );
  });
  const cases: readonly (readonly [string | undefined, number, RegExp])[] = [
    [verdictsCsv([5, "undecided"], [10, "undecided"]), 1, /\| equivalent \| undecided \| flipped \|/],
    [verdictsCsv([5, "undecided", "boundary"], [10, "undecided"]), 0, /at the boundary/],
    [verdictsCsv([10, "undecided"]), 1, /\| equivalent \| absent \|/],
    [undefined, 1, /\| verdicts\.csv \| 2 verdicts \| absent \|/],
    [verdictsCsv([10, "equivalent"], [5, "equivalent"]), 0, /\| undecided \| equivalent \| settled \|/],
    [VERDICTS, 0, /no regression/],
  ];
  for (const [verdicts, expected, message] of cases) {
    await after({ verdicts: VERDICTS }, { verdicts }, (code, nights) => {
      equal(code, expected, nights.summary());
      match(nights.summary(), message);
    });
  }
  await after({}, { verdicts: VERDICTS }, (code) => equal(code, 0));
});

Deno.test("more counted operations are a regression, fewer are told", async () => {
  const gflop = (ratio: number): FakeRun => ({
    timing: (row) => row.algorithm === "maml" && row.dataset === "sinusoid" ? { ...row, trainGflop: 5 * ratio } : row,
  });
  await after({}, gflop(1.01), (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*### Training cost[^]*\| sinusoid, maml, d = 0 \| 5\.000 GFLOP \| 5\.050 GFLOP \| × 1\.010, tolerance/,
    );
  });
  await after({}, gflop(1.0005), (code) => equal(code, 0));
  await after({}, gflop(0.9), (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /## Also moved\n\n### Training cost/);
  });
});

Deno.test("slower training is a regression: of all beyond one tolerance, of one algorithm beyond a wider one", async () => {
  const slower = (ratio: number, only?: string): FakeRun => ({
    timing: (row) => only === undefined || row.algorithm === only ? { ...row, iterationsPerS: 100 * ratio } : row,
  });
  await after({}, slower(0.8), (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*\| all trainings \| iterations\/s × 1 \| × 0\.80 \| median of 4 trainings, tolerance × 0\.85 \|/,
    );
  });
  await after({}, slower(0.9), (code) => equal(code, 0));
  await after({}, { ...slower(0.65, "maml") }, (code, nights) => {
    equal(code, 1);
    match(nights.summary(), /\| sinusoid, maml \| iterations\/s × 1 \| × 0\.65 \|/);
  });
  await after({}, { ...slower(0.5), manifest: { workers: 1 } }, (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /\| workers \| 2 workers \| 1 workers \| speeds are not compared \|/);
  });
});
