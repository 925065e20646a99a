import { deepStrictEqual as equal, strictEqual } from "node:assert/strict";
import { addTimes, describeOverhead, HarnessClock, NO_TIME, overhead } from "./harness.ts";
import { planSweep } from "../plan/plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { TrainingResult } from "../store/types.ts";

const { units } = planSweep(fakeSweep({}, { algorithms: ["meta"], seeds: [0] }), FAKES, PLAIN_ADDRESSES);
const TIMINGS = {
  trainingTiming: () => ({ trainS: 6, validateS: 1 }) as never,
  evaluationTiming: () => ({ evaluateS: 0.5, peakRssMib: 1 }),
};

Deno.test("overhead is the time of workers that had units but computed none, and no unit counts twice", () => {
  const [first, second, third] = units;
  let now = 100;
  const store = {
    training: (id: string) => id === second.id ? {} as TrainingResult : undefined,
    hasEvaluation: (id: string) => id === second.evaluations[0].id,
  };
  const clock = new HarnessClock(2, [first, second, third], store, () => now);
  now = 110;
  clock.unit(first, TIMINGS);
  now = 112;
  clock.unit(second, TIMINGS);
  now = 120;
  clock.unit(third, TIMINGS);
  now = 121;
  const time = clock.time();
  const trained = 2 * (6 + 1);
  const evaluated = 0.5 * (first.evaluations.length + second.evaluations.length - 1 + third.evaluations.length);
  // The worker of the second unit was idle from 112 on, that of the third from 120 on.
  equal(time, { availableS: 42, computedS: trained + evaluated, idleS: 9 + 1 });
  strictEqual(overhead(time), 1 - (trained + evaluated) / 32);
  equal(addTimes(time, NO_TIME), time);
});

Deno.test("where nothing was computed there is no overhead to speak of", () => {
  strictEqual(
    overhead(new HarnessClock(2, [], { training: () => undefined, hasEvaluation: () => false }).time()),
    null,
  );
  strictEqual(describeOverhead(NO_TIME), undefined);
  strictEqual(
    describeOverhead({ availableS: 110, computedS: 99, idleS: 10 }),
    "Harness: 1.0 % of 100 s of workers with units to compute went to neither training, validation nor evaluation",
  );
});
