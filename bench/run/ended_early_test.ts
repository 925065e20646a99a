import { deepStrictEqual as equal } from "node:assert";
import { testHyper } from "../testing/hyper.ts";
import { tinySpec } from "../testing/trainings.ts";
import { endedEarly } from "./ended_early.ts";

const trend = (improvement: number, standardError: number) => ({
  trend: { improvement, standardError },
  iterations: 10,
});

Deno.test("without a rule to end by, a training ended early when it was beyond doubt still improving", () => {
  const spec = { ...tinySpec("maml", "regression"), hyper: testHyper({}) };
  equal(endedEarly(spec, trend(0.2, 0.01), 0.05), true);
  equal(endedEarly(spec, trend(0.06, 0.1), 0.05), false);
  equal(endedEarly(spec, trend(0.2, 0.01), undefined), false);
  equal([endedEarly(spec, { trend: null, iterations: 10 }, 0), endedEarly(undefined, undefined, 0)], [false, false]);
});

Deno.test("with one, a training ended early unless it was beyond doubt flat", () => {
  const spec = { ...tinySpec("maml", "regression"), hyper: testHyper({ untilFlat: { tolerance: 0.05 } }) };
  equal(endedEarly(spec, trend(0.06, 0.1), 1), true);
  equal(endedEarly(spec, trend(0, 0.01), 0), false);
  // Where too little was seen to tell, nothing was shown to be flat; what is not trained cannot be.
  equal(endedEarly(spec, { trend: null, iterations: 10 }, 0), true);
  equal(endedEarly(spec, { trend: null, iterations: 0 }, 0), false);
});
