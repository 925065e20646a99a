import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { sweeps } from "../sweeps/registry.ts";
import { parseSweep } from "../sweeps/read.ts";
import { applyOverrides } from "../sweeps/overrides.ts";
import { CATALOG } from "../run/catalog.ts";
import { planSweep } from "./plan.ts";
import { requireCells, unplanned, unplannedText } from "./unplanned.ts";

const quick = parseSweep(sweeps.quick, "quick");
const narrowed = (overrides: Parameters<typeof applyOverrides>[1]) => applyOverrides(quick, overrides);
const addresses = { unit: () => "unit", evaluation: () => "evaluation" };

Deno.test("what a sweep names and makes no cells of is told with its reason, an adapter for other tasks once for all algorithms", () => {
  const sweep = narrowed({
    algorithms: ["mtl", "protonet"],
    datasets: ["sinusoid", "omniglot"],
    adapters: ["gradient", "logistic"],
  });
  equal(unplanned(sweep, CATALOG).map(unplannedText), [
    "logistic on sinusoid: it is for classification only",
    "protonet on sinusoid: it is for classification only",
    "protonet with gradient on omniglot: its training leaves no head for that adapter to start from",
  ]);
  equal(unplanned(narrowed({ algorithms: ["mtl", "maml"] }), CATALOG), []);
});

Deno.test("an algorithm without any adapter that fits it makes no cells, and its own adapters are named", () => {
  const sweep = narrowed({ algorithms: ["mtl", "protonet"], datasets: ["omniglot"], adapters: ["gradient"] });
  equal(unplanned(sweep, CATALOG).map(unplannedText), [
    "protonet on omniglot: no adapter that is asked for fits it; its own: prototypes (its training leaves no head for that adapter to start from)",
  ]);
});

Deno.test("a sweep is refused when no cell at all is left, and only then", () => {
  requireCells(narrowed({ algorithms: ["mtl", "protonet"], datasets: ["sinusoid"] }), CATALOG);
  const nothing = narrowed({ algorithms: ["protonet"], datasets: ["sinusoid"] });
  throws(() => requireCells(nothing, CATALOG), ({ message }: Error) => {
    match(message, /no cell is left: protonet on sinusoid: it is for classification only\. .*deno task list/);
    return true;
  });
});

Deno.test("the planner makes cells of exactly what is not told to make none", () => {
  const sweep = narrowed({
    algorithms: Object.keys(algorithms),
    datasets: ["sinusoid", "omniglot"],
    adapters: Object.keys(adapters),
    seeds: [0],
  });
  const made = new Set(
    planSweep(sweep, CATALOG, addresses).cells.map(({ dataset, algorithm, adapter }) =>
      [dataset, algorithm, adapter].join()
    ),
  );
  const told = unplanned(sweep, CATALOG);
  for (const { name } of sweep.datasets) {
    for (const algorithm of sweep.algorithms) {
      for (const adapter of Object.keys(adapters)) {
        const without = told.some((one) =>
          one.dataset === name && (one.algorithm ?? algorithm) === algorithm && (one.adapter ?? adapter) === adapter
        );
        equal(made.has([name, algorithm, adapter].join()), !without, `${algorithm} with ${adapter} on ${name}`);
      }
    }
  }
});
