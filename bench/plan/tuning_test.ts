import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { UsageError } from "../../common/errors.ts";
import { planSweep } from "./plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { chooseTuned, planTuning, trialUnits, trialValues, tunedValues, withTrials } from "./tuning.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { TrainingResult } from "../store/types.ts";
import { validateSweep } from "./validate.ts";

const TUNING = { outerLrs: [1e-3, 2e-3, 4e-3], innerLrs: [0.01, 0.03], iterations: 30, seed: 7 };
const AXES = { sharingDepths: [0, 1, 3], shots: [5, 10], innerSteps: [0, 1, 5] };
const tunedSweep = (change: Partial<DataSetSweep> = {}) =>
  fakeSweep({ ...AXES, overrides: {}, tuning: TUNING, ...change });
const SWEEP = tunedSweep();
const TRIALS = planTuning(SWEEP, FAKES, PLAIN_ADDRESSES);
const familyOf = ({ algorithm, sharingDepth }: { algorithm: string; sharingDepth: number | null }) =>
  `${algorithm} ${sharingDepth}`;

const result = (score: number, change: Partial<TrainingResult> = {}): TrainingResult => ({
  status: "ok",
  reason: "",
  iterations: 30,
  curve: [],
  restarts: 0,
  flops: 1,
  validation: [{ iteration: 15, score: 0, flops: 0.5 }, { iteration: 30, score, flops: 1 }],
  trend: null,
  ...change,
});

Deno.test("every algorithm that learns gets the same number of distinct trials at every sharing depth", () => {
  const families = new Map<string, Set<string>>();
  for (const trial of TRIALS) {
    const seen = families.get(familyOf(trial)) ?? new Set();
    families.set(familyOf(trial), seen.add(trial.unit.id));
  }
  const expected = ["joint 0", "joint 1", "joint 3", "meta 0", "meta 1", "meta 3", "frozen 3"];
  equal([...families.keys()].sort(), expected.sort());
  for (const [family, ids] of families) equal(ids.size, 6, family);
});

Deno.test("trials never see a test episode, and train with the tuning's seed and length at the most shots and steps", () => {
  for (const { unit, algorithm } of TRIALS) {
    equal(unit.evaluations, []);
    equal([unit.spec.seed, unit.spec.hyper.iterations], [7, 30]);
    if (algorithm === "meta") equal([unit.spec.shots, unit.spec.innerSteps], [10, 5]);
    ok(unit.spec.validation !== null);
  }
});

Deno.test("where no gradient adapts, as many outer step sizes are tried over the same range", () => {
  equal(trialValues(TUNING, true, 0.5).map(({ outerLr, innerLr }) => [outerLr, innerLr]), [
    [1e-3, 0.01],
    [1e-3, 0.03],
    [2e-3, 0.01],
    [2e-3, 0.03],
    [4e-3, 0.01],
    [4e-3, 0.03],
  ]);
  const finer = trialValues(TUNING, false, 0.5);
  equal([finer.length, finer[0].outerLr, finer[5].outerLr], [6, 1e-3, 4e-3]);
  ok(finer.every(({ innerLr }) => innerLr === 0.5));
  const ratios = finer.slice(1).map(({ outerLr }, index) => outerLr / finer[index].outerLr);
  ok(ratios.every((ratio) => Math.abs(ratio - 4 ** 0.2) < 1e-3));
  equal(trialValues({ ...TUNING, innerLrs: [0.01] }, false, 0.5).map(({ outerLr }) => outerLr), [1e-3, 2e-3, 4e-3]);
});

Deno.test("the best last validation score is chosen, lower for errors and higher for accuracies, the first of equals", () => {
  const of = (trials: typeof TRIALS, scores: Record<number, TrainingResult>) =>
    chooseTuned(trials, FAKES, (id) => scores[trials.find(({ unit }) => unit.id === id)?.trial ?? 0])
      .filter(({ chosen }) => chosen === "yes").map(({ trial }) => trial);
  const trials = TRIALS.filter((trial) => familyOf(trial) === "meta 0");
  const scores = { 1: result(3), 2: result(2), 3: result(2), 4: result(9), 5: result(4), 6: result(5) };
  equal(of(trials, scores), [2]);
  equal(of(trials.map((trial) => ({ ...trial, dataset: "letters" })), scores), [4]);
  const gone = { 2: result(0, { status: "diverged", reason: "not finite" }), 4: result(9) };
  equal(of(trials, gone), [4]);
  equal(of(trials, {}), []);
});

Deno.test("what was chosen is what all units of its algorithm and depth train with; nothing else changes", () => {
  const rows = chooseTuned(TRIALS, FAKES, (id) => {
    const trial = TRIALS.find(({ unit }) => unit.id === id);
    return trial === undefined || familyOf(trial) !== "meta 1" ? undefined : result(trial.trial === 6 ? 1 : 2);
  }, new Map([[TRIALS[0].unit.id, "it threw"]]));
  equal([rows[0].status, rows[0].reason, rows[0].score], ["failed", "it threw", null]);
  const tuned = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES, new Map(), tunedValues(rows));
  const own = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES);
  equal([tuned.units.length, tuned.cells.length], [own.units.length, own.cells.length]);
  tuned.units.forEach(({ spec }, index) => {
    const { hyper } = own.units[index].spec;
    const expected = familyOf(spec) === "meta 1" ? { ...hyper, outerLr: 4e-3, innerLr: 0.03 } : hyper;
    equal(spec.hyper, expected);
  });
  ok(tuned.units.some((unit) => familyOf(unit.spec) === "meta 1"));
});

Deno.test("every step size that training may try is a candidate of everybody's adaptation", () => {
  const sweep = tunedSweep({ tuning: { ...TUNING, innerLrs: [0.01, 0.77] } });
  for (const { evaluations } of planSweep(sweep, FAKES, PLAIN_ADDRESSES).units) {
    for (const { spec } of evaluations) ok(spec.adapter === "ridge" || spec.innerLrs.includes(0.77));
  }
});

Deno.test("a trial that is also a unit of the plan is one training", () => {
  const sweep = tunedSweep({ tuning: { ...TUNING, iterations: null, seed: 0 } });
  const trials = planTuning(sweep, FAKES, PLAIN_ADDRESSES);
  const rows = chooseTuned(trials, FAKES, () => result(1));
  const plan = planSweep(sweep, FAKES, PLAIN_ADDRESSES, new Map(), tunedValues(rows));
  const all = withTrials(plan, trials);
  const families = new Set(trials.map(familyOf)).size;
  equal(all.units.length, plan.units.length + trialUnits(trials).length - families);
  equal(new Set(all.units.map(({ id }) => id)).size, all.units.length);
});

Deno.test("nothing is tuned where the sweep does not say so, or the data is missing", () => {
  equal(planTuning(fakeSweep(), FAKES, PLAIN_ADDRESSES), []);
  equal(planTuning(SWEEP, FAKES, PLAIN_ADDRESSES, new Map([["curves", "not there"]])), []);
});

Deno.test("a tuning that cannot be fair is refused", () => {
  const refused = (change: Partial<DataSetSweep>, message: RegExp) =>
    throws(
      () => validateSweep(tunedSweep(change), FAKES),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  refused({ validation: null }, /Cannot tune on "curves": trials are scored on validation episodes/);
  refused({ tuning: { ...TUNING, outerLrs: [1e-3] } }, /with one outer step size/);
});
