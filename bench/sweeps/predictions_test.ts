import { deepStrictEqual as equal, ok } from "node:assert";
import { planSweep } from "../plan/plan.ts";
import { cellPairs, cellsOfSide } from "../../reports/predictions/selection.ts";
import { CATALOG } from "../run/catalog.ts";
import type { Cell } from "../../reports/statistics/pairs.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { parseSweep } from "./read.ts";
import { validateSweep } from "../plan/validate.ts";
import { sweeps } from "./registry.ts";

for (const profile of ["quick", "nightly", "paper"] as const) {
  Deno.test(`every prediction of the ${profile} sweep is about cells that its plan has`, () => {
    const sweep = sweeps[profile];
    const cells = planSweep(sweep, CATALOG, PLAIN_ADDRESSES).cells.filter(({ seed }) => seed === 0).map((
      { dataset, shots, algorithm, adapter, innerSteps, sharingDepth, adaptDepth, taskStart },
    ): Cell => ({
      ...{ dataset, metric: CATALOG.dataSets[dataset].metric, shots, bySeed: new Map() },
      place: { algorithm, adapter, innerSteps, sharingDepth, adaptDepth, taskStart },
    }));
    for (const prediction of sweep.predictions) {
      const { id, dataset, shots } = prediction;
      const counts = prediction.kind === "at-floor"
        ? [cellsOfSide(cells, dataset, prediction.a, shots).length]
        : "innerSteps" in prediction
        ? prediction.innerSteps.map((innerSteps) =>
          cellPairs(cells, dataset, { a: { ...prediction.a, innerSteps }, b: { ...prediction.b, innerSteps } }, shots)
            .length
        )
        : [cellPairs(cells, dataset, prediction, shots).length];
      ok(counts.every((count) => count > 0), id);
      const axis = sweep.datasets.find(({ name }) => name === dataset)?.shots.length ?? 0;
      // One comparison per number of shots, but where sharing depths are swept.
      if (!id.startsWith("budget")) equal(counts.map((count) => Math.min(count, axis)), counts, id);
    }
  });
}

Deno.test("built-in sweeps with their predictions pass as user files", () => {
  for (const sweep of Object.values(sweeps)) {
    const parsed = parseSweep(JSON.parse(JSON.stringify(sweep)), sweep.name);
    validateSweep(parsed, CATALOG);
    equal(parsed.predictions, JSON.parse(JSON.stringify(sweep.predictions)));
  }
});
