import { ok, throws } from "node:assert/strict";
import { UsageError } from "../../common/errors.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { dataSets } from "../../data/mod.ts";
import { FAKES, fakeSweep } from "../testing/plan.ts";
import { requireTitlesDiffer } from "./titles.ts";
import { validateSweep } from "./validate.ts";

Deno.test("two algorithms of one title are refused, since figures call them by it", () => {
  const sweep = fakeSweep({ overrides: {}, depthsOf: {} }, {
    ...{ algorithms: ["joint", "meta"], comparisons: [], predictions: [], families: [] },
  });
  validateSweep(sweep, FAKES);
  const alike = {
    ...FAKES.algorithms,
    meta: { ...FAKES.algorithms.meta, title: ` ${FAKES.algorithms.joint.title.toUpperCase()}` },
  };
  throws(
    () => validateSweep(sweep, { ...FAKES, algorithms: alike }),
    (error) => {
      ok(error instanceof UsageError);
      ok(/^Algorithms "joint" and "meta" have one title/.test(error.message), error.message);
      return true;
    },
  );
});

Deno.test("no two algorithms, and no two data sets, of the tables have one title", () => {
  requireTitlesDiffer("Algorithms", Object.keys(algorithms), algorithms);
  requireTitlesDiffer("Data sets", Object.keys(dataSets), dataSets);
});
