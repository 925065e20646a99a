import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { drawing, full, specAs, type Values } from "../testing/figures.ts";
import { reliability } from "./reliability.ts";

const drawn = drawing(reliability, full, "omniglot");
const values = specAs<{ data: { values: Values } }>(drawn.spec).data.values;

Deno.test("a reliability diagram has a panel per side of the answer, with the diagonal and the bins of all seeds together", () => {
  const panels = [...new Set(values.map(({ panel }) => panel))];
  ok(panels.length >= 2 && panels.length <= 4, panels.join());
  for (const name of panels) {
    const own = values.filter(({ panel }) => panel === name);
    const diagonal = own.filter(({ kind }) => kind === "perfect");
    equal(diagonal.map(({ confidence, accuracy }) => [confidence, accuracy]), [[0, 0], [1, 1]]);
    const bins = own.filter(({ kind }) => kind === "observed");
    const queries = bins.map((bin) => Number(bin.queries));
    ok(bins.length > 1 && Math.max(...bins.map(({ share }) => Number(share))) === 1);
    const confidences = bins.map(({ confidence }) => Number(confidence));
    equal(confidences, confidences.toSorted((a, b) => a - b));
    // Three seeds of made-up bins of some thousand queries each.
    ok(Math.min(...queries) > 3000, queries.join());
  }
  match(drawn.caption, /Expected calibration error, mean over seeds: .*: \d+\.\d %/);
});

Deno.test("without bins, or without a comparison that answers, there is no diagram", () => {
  const [, omniglot] = full.datasets;
  equal(reliability.draw({ ...full, calibration: [] }, omniglot), undefined);
  equal(reliability.draw({ ...full, verdicts: [] }, omniglot), undefined);
});
