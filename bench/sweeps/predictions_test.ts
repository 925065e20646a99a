import { deepStrictEqual as equal, ok } from "node:assert";
import { planSweep } from "../plan/plan.ts";
import { nativeUses } from "../plan/native_use.ts";
import { pairUp, select } from "../../reports/statistics/pairing.ts";
import { catalogOf } from "../run/catalog.ts";
import { groupCells } from "../../reports/statistics/cells.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { parseSweep } from "./read.ts";
import { validateSweep } from "../plan/validate.ts";
import { sweeps } from "./registry.ts";

for (const profile of ["quick", "identity", "theory", "nightly", "paper"] as const) {
  Deno.test(`every prediction of the ${profile} sweep is about cells that its plan has`, () => {
    const sweep = sweeps[profile];
    const planned = planSweep(sweep, catalogOf(sweep), PLAIN_ADDRESSES).cells.filter(({ seed }) => seed === 0);
    const all = groupCells(planned, (cell) => cell, ({ unit }) => unit);
    const nativeOf = nativeUses(sweep, catalogOf(sweep));
    for (const prediction of sweep.predictions) {
      const { id, dataset, shots } = prediction;
      const cells = all.filter((cell) => cell.dataset === dataset && (shots?.includes(cell.place.shots) ?? true));
      const counts = prediction.kind === "at-floor"
        ? [select(cells, prediction.a, nativeOf).length]
        : "innerSteps" in prediction
        ? prediction.innerSteps.map((innerSteps) =>
          pairUp(cells, { a: { ...prediction.a, innerSteps }, b: { ...prediction.b, innerSteps } }, nativeOf).length
        )
        : prediction.kind === "order-kept"
        ? prediction.adapters.map((adapter) => {
          const how = { adapter, innerSteps: "most" } as const;
          return pairUp(cells, { a: { ...prediction.a, ...how }, b: { ...prediction.b, ...how } }, nativeOf).length;
        })
        : [pairUp(cells, prediction, nativeOf).length];
      ok(counts.every((count) => count > 0), id);
      const axis = sweep.datasets.find(({ name }) => name === dataset)?.shots.length ?? 0;
      // One comparison per number of shots, but where sharing depths are swept.
      if (!id.startsWith("budget") && prediction.kind !== "distance-trend") {
        equal(counts.map((count) => Math.min(count, axis)), counts, id);
      }
    }
  });
}

Deno.test("built-in sweeps with their predictions pass as user files", () => {
  for (const sweep of Object.values(sweeps)) {
    const parsed = parseSweep(JSON.parse(JSON.stringify(sweep)), sweep.name);
    validateSweep(parsed, catalogOf(parsed));
    equal(parsed.predictions, JSON.parse(JSON.stringify(sweep.predictions)));
  }
});
