import { match, strictEqual } from "node:assert/strict";
import { OMNIGLOT, SINUSOID, synthetic } from "../testing/synthetic.ts";
import { diversityTable } from "./diversity_table.ts";

Deno.test("the table has a row per algorithm and shots, after the most steps at native depth, with its interval over seeds", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
  const { text } = diversityTable(input, SINUSOID)!;
  strictEqual(text.match(/<tr>/g)?.length, 1 + 2 * 2);
  // 2 + 0.1 · 10 + 0.05 · 10 + 0.01 · 1, and t(0.975; 2) · 0.01 / √3.
  match(text, /MAML[^]*3\.51 ± 0\.02/);
  match(text, /a row for each of 64 test episodes/);
  match(diversityTable(input, OMNIGLOT)!.text, /Omniglot, 5-way: how differently tasks move the weights/);
});

Deno.test("nothing is said where nothing was measured, or nothing moves", () => {
  const input = synthetic({ algorithms: ["mtl"] });
  strictEqual(diversityTable({ ...input, diversity: [] }, SINUSOID), undefined);
  const still = input.diversity.map((row) => ({ ...row, effectiveRank: null, largestShare: null, rms: 0 }));
  strictEqual(diversityTable({ ...input, diversity: still }, SINUSOID), undefined);
});
