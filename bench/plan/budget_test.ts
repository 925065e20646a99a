import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planSweep } from "./plan.ts";
import { planTuning } from "./tuning.ts";

const of = (gflop: number | null) => {
  const plain = fakeSweep({ shots: [5, 10], innerSteps: [1, 5] }).datasets[0];
  return fakeSweep({ ...plain, overrides: {}, hyper: { ...plain.hyper, gflop } });
};

Deno.test("with a budget of operations every training has as many iterations as come closest to it, whatever one costs", () => {
  const gflop = 0.1;
  const { units } = planSweep(of(gflop), FAKES, PLAIN_ADDRESSES);
  const counts = new Set<number>();
  for (const { spec } of units) {
    if (FAKES.algorithms[spec.algorithm].data === "none") continue;
    const { iterations } = spec.hyper;
    counts.add(iterations);
    const perIteration = FAKES.iterationFlops(spec);
    ok(Math.abs(iterations * perIteration - gflop * 1e9) <= perIteration / 2, `${spec.algorithm}: ${iterations}`);
    equal("gflop" in spec.hyper, false);
  }
  ok(counts.size > 1, "all trainings cost the same");
});

Deno.test("without a budget every training keeps its iterations, and the smallest budget is one iteration", () => {
  const plain = of(null);
  const own = new Set(planSweep(plain, FAKES, PLAIN_ADDRESSES).units.map(({ spec }) => spec.hyper.iterations));
  equal([...own], [plain.datasets[0].hyper.iterations]);
  const least = planSweep(of(1e-9), FAKES, PLAIN_ADDRESSES).units.filter(({ spec: { algorithm } }) =>
    FAKES.algorithms[algorithm].data !== "none"
  );
  equal([...new Set(least.map(({ spec }) => spec.hyper.iterations))], [1]);
});

Deno.test("more iterations than any training may have are refused, with the way out", () => {
  throws(
    () => planSweep(of(1e9), FAKES, PLAIN_ADDRESSES),
    /for 1000000000 GFLOP: that is \d+ iterations, .*lower gflop/,
  );
});

Deno.test("trials have the budget too, unless the tuning says how long they are", () => {
  const tuning = { outerLrs: [1e-3, 2e-3], innerLrs: [0.01], iterations: null, seed: 7 };
  const sweep = of(0.1);
  const trialsOf = (iterations: number | null) =>
    planTuning(
      { ...sweep, datasets: [{ ...sweep.datasets[0], tuning: { ...tuning, iterations } }] },
      FAKES,
      PLAIN_ADDRESSES,
    ).map(({ unit: { spec } }) => spec);
  for (const spec of trialsOf(null)) ok(Math.abs(spec.hyper.iterations * FAKES.iterationFlops(spec) / 1e8 - 1) < 0.1);
  equal([...new Set(trialsOf(3).map(({ hyper }) => hyper.iterations))], [3]);
});
