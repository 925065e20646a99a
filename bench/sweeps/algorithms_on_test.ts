import { deepStrictEqual as equal } from "node:assert";
import { planSweep } from "../plan/plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { algorithmsOn } from "./algorithms_on.ts";
import { applyOverrides } from "./overrides.ts";

Deno.test("a data set has the sweep's algorithms, or those of them that it names, in the sweep's order", () => {
  const sweep = { algorithms: ["a", "b", "c"] };
  equal(algorithmsOn({ algorithms: null }, sweep), ["a", "b", "c"]);
  equal(algorithmsOn({ algorithms: ["c", "a"] }, sweep), ["a", "c"]);
});

Deno.test("only the algorithms that a data set names have cells on it, unless the command line asks for others", () => {
  const sweep = fakeSweep({ algorithms: ["meta"], overrides: {} });
  const planned = (of: typeof sweep) => [
    ...new Set(planSweep(of, FAKES, PLAIN_ADDRESSES).cells.map(({ algorithm }) => algorithm)),
  ];
  equal(planned(sweep), ["meta"]);
  equal(planned(applyOverrides(sweep, { algorithms: ["joint"] })), ["joint"]);
});
