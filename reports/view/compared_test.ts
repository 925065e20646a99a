import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { COMPARISON_FAMILIES } from "../../bench/sweeps/comparisons.ts";
import type { Comparison } from "../claims/comparison.ts";
import { FIGURES } from "../figures/registry.ts";
import { page } from "../page/page.ts";
import { synthetic } from "../testing/synthetic.ts";
import { commonTitles, gridPairs, headline, seedDifferences, titlesOf } from "./compared.ts";

const built = synthetic();
const NATIVE = { adapter: "native", sharingDepth: "native", innerSteps: "most" } as const;

/** Four lines each in a sweep file: two algorithms, and one setting of an algorithm against another one. */
const OWN: readonly Comparison[] = [
  {
    ...{ id: "anil-maml", question: "Does ANIL match MAML?", family: "native" },
    a: { algorithm: "anil", ...NATIVE },
    b: { algorithm: "maml", ...NATIVE },
  },
  {
    ...{ id: "one-step", question: "Is one step of adaptation enough?", family: "matched" },
    a: { algorithm: "maml", innerSteps: 1 },
    b: { algorithm: "maml", innerSteps: 10 },
  },
];
const own = synthetic({ algorithms: ["maml", "anil"], comparisons: OWN });

Deno.test("sides are called by their algorithms, and by what differs where that is not the algorithm", () => {
  const titles = Object.fromEntries(own.verdicts.map(({ key }) => [key.comparison, titlesOf(own, key)]));
  deepStrictEqual(titles, {
    "anil-maml": { a: "ANIL", b: "MAML" },
    "one-step": { a: "MAML (1 step)", b: "MAML (10 steps)" },
  });
  deepStrictEqual(commonTitles(built, built.verdicts), { a: "MTL", b: "the other" });
});

Deno.test("the answer rests on the first comparison of the answering family, the grid on the first of the exploring one", () => {
  deepStrictEqual(
    new Set(headline(built, "sinusoid").map(({ key }) => key.comparison)),
    new Set(["mtl-maml-native"]),
  );
  const grid = gridPairs(built, "sinusoid");
  deepStrictEqual(new Set(grid.map(({ key }) => key.comparison)), new Set(["mtl-maml-matched"]));
  const tiles = grid.map(({ key: { a } }) => JSON.stringify([a.shots, a.adapter, a.innerSteps, a.sharingDepth]));
  strictEqual(new Set(tiles).size, tiles.length);
  deepStrictEqual(headline({ families: COMPARISON_FAMILIES, verdicts: [] }, "sinusoid"), []);
});

Deno.test("a pair's differences are those of its rows, seed by seed where both have a score", () => {
  const [pair] = gridPairs(built, "omniglot");
  const found = seedDifferences(built, pair);
  strictEqual(found.length, 3);
  const score = (algorithm: string) =>
    built.cells.find((row) =>
      row.dataset === "omniglot" && row.algorithm === algorithm && row.seed === found[0].seed &&
      row.shots === pair.key.a.shots && row.innerSteps === pair.key.a.innerSteps &&
      row.sharingDepth === pair.key.a.sharingDepth
    )?.mean ?? 0;
  ok(Math.abs(found[0].difference - 100 * (score("mtl") - score("maml"))) < 1e-9);
  const lost = built.cells.map((row) =>
    row.algorithm === "mtl" && row.seed === 0 ? { ...row, status: "failed" as const } : row
  );
  deepStrictEqual(seedDifferences({ cells: lost }, pair).map(({ seed }) => seed), [1, 2]);
});

Deno.test("a sweep's own comparisons get answer, forest rows, grid and table, without a word of others", () => {
  const text = page(own, []).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  match(text, /(?:ANIL|MAML) (?:beats|matches) (?:ANIL|MAML)/);
  match(text, /Does ANIL match MAML\?/);
  match(text, /Is one step of adaptation enough\?/);
  match(text, /MAML \(1 step\) against MAML \(10 steps\)/);
  ok(!/\bMTL\b|multi-task/i.test(text.split("Methods and limits")[0]));
  const forest = JSON.stringify(FIGURES.forest.draw(own, own.datasets[0]));
  match(forest, /ANIL against MAML, each used as its authors do/);
  match(forest, /5 shots, 1 step vs 10 steps, d = 0/);
  match(JSON.stringify(FIGURES.verdict_grid.draw(own, own.datasets[0])), /MAML \(1 step\) against MAML \(10 steps\)/);
});
