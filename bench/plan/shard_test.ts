import { deepStrictEqual as equal, ok, throws } from "node:assert";
import fc from "fast-check";
import { UsageError } from "../../common/errors.ts";
import { planSweep } from "./plan.ts";
import { dealUnits, parseShard, shareOf } from "./shard.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { TrainingUnit } from "../store/types.ts";

const TEMPLATE = planSweep(fakeSweep(), FAKES, PLAIN_ADDRESSES).units[0];
const unitsOf = (costs: readonly number[]): TrainingUnit[] =>
  costs.map((cost, index) => ({
    ...TEMPLATE,
    id: `${index}`,
    spec: { ...TEMPLATE.spec, hyper: { ...TEMPLATE.spec.hyper, iterations: cost } },
  }));
const cost = ({ spec }: TrainingUnit) => spec.hyper.iterations;
const load = (units: readonly TrainingUnit[]) => units.reduce((total, unit) => total + cost(unit), 0);

Deno.test("shares are numbered from one", () => {
  equal(parseShard("--shard", "2/8"), { index: 2, count: 8 });
  for (const text of ["0/4", "5/4", "2", "a/b", "1/0", "1/-2", "-1/2", "1/1000000", "1.5/2"]) {
    throws(() => parseShard("--shard", text), (error) => error instanceof UsageError && error.message.includes(text));
  }
});

Deno.test("every unit is dealt once, and no bin is heavier than the mean and one unit", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (
      costs,
      count,
    ) => {
      const units = unitsOf(costs);
      const bins = dealUnits(units, cost, count);
      equal(bins.length, count);
      equal(bins.flat().map(({ id }) => Number(id)).sort((a, b) => a - b), costs.map((_, index) => index));
      const bound = load(units) / count + Math.max(0, ...costs);
      for (const bin of bins) ok(load(bin) <= bound + 1e-9);
      // The greedy rule, without a heap: always the lightest bin.
      const plain: { load: number; size: number }[] = Array.from({ length: count }, () => ({ load: 0, size: 0 }));
      for (const unit of [...units].sort((a, b) => cost(b) - cost(a))) {
        const [next] = [...plain].sort((a, b) => a.load - b.load || a.size - b.size);
        next.load += cost(unit);
        next.size++;
      }
      equal(bins.map(load), plain.map((bin) => bin.load));
    }),
  );
});

Deno.test("a share does not change with what tuning chooses, nor with the addresses of results", () => {
  const sweep = fakeSweep({}, { seeds: [0, 1, 2] });
  const plain = planSweep(sweep, FAKES, PLAIN_ADDRESSES);
  const other = planSweep(
    sweep,
    FAKES,
    { unit: (spec) => `other ${PLAIN_ADDRESSES.unit(spec)}`, evaluation: PLAIN_ADDRESSES.evaluation },
    new Map(),
    (_dataset, _norm, algorithm) => algorithm === "meta" ? { outerLr: 0.5, innerLr: 0.25 } : undefined,
  );
  const places = (units: readonly TrainingUnit[], share: readonly TrainingUnit[]) =>
    share.map((unit) => units.indexOf(unit));
  for (const index of [1, 2, 3]) {
    const [a, b] = [plain, other].map(({ units }) => places(units, shareOf(units, { index, count: 3 }, FAKES)));
    equal(a, b);
    ok(a.length > 0);
  }
});
