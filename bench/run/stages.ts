/** The stages of a run, which executors put together: settings are tried, and the units planned with the best are computed. */
import type { TuningRow } from "../../reports/rows/rows.ts";
import type { Plan } from "../plan/plan.ts";
import { sweepOfRound } from "../plan/rounds.ts";
import { shareOf } from "../plan/shard.ts";
import { chooseTuned, trialUnits, tunedValues } from "../plan/tuning.ts";
import type { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";
import { computeStage } from "./compute.ts";
import { describeSaving, describeTuning } from "./describe.ts";
import { missingUnits } from "./prepare.ts";
import { forget, type Run, say } from "./run.ts";

/** What is left to plan once settings have been tried. */
export interface TunedPlan {
  readonly tuning: readonly TuningRow[];
  /** Trials apart. */
  readonly plan: Plan;
}

/** Tries settings, or a share of them. @returns the exit status when there is no going on */
export async function tuneStage(run: Run): Promise<number | undefined> {
  const { prepared: { trials, catalog }, flags: { shard }, store } = run;
  const tried = trialUnits(trials);
  for (const line of describeTuning(trials, missingUnits(tried, store).length)) say(run, line);
  return await computeStage(run, "tune", shard === undefined ? tried : shareOf(tried, shard, catalog));
}

/** The trials that nobody has made: neither a result nor a reason for its absence is in the store. */
export function unmadeTrials({ prepared: { trials } }: Pick<Run, "prepared">, store: Store): TrainingUnit[] {
  return missingUnits(trialUnits(trials), store).filter(({ id }) => store.failure(id) === undefined);
}

/** Remembers why others could not compute what the store lacks of the units. */
export function recallFailures({ store, failures }: Pick<Run, "store" | "failures">, units: readonly TrainingUnit[]) {
  for (const { id, evaluations } of missingUnits(units, store)) {
    for (const address of [id, ...evaluations.map((evaluation) => evaluation.id)]) {
      const reason = store.failure(address);
      if (reason !== undefined) failures.set(address, reason);
    }
  }
}

/** Plans the sweep with the settings that the trials in the store chose. */
export function planTuned({ prepared, store, failures }: Pick<Run, "prepared" | "store" | "failures">): TunedPlan {
  const tuning = chooseTuned(prepared.trials, prepared.catalog, (id) => store.training(id), failures);
  return { tuning, plan: prepared.plan(tunedValues(tuning)) };
}

/** Computes the units of a tuned plan, or a share of them. @returns the exit status when there is no going on */
export async function trainStage(run: Run, { tuning, plan }: TunedPlan): Promise<number | undefined> {
  const { prepared, flags: { fresh, shard }, store } = run;
  if (fresh) {
    const whole = sweepOfRound(prepared.sweep, (prepared.sweep.rounds ?? []).length - 1);
    const { units } = prepared.plan(tunedValues(tuning), whole);
    forget(units, store, new Set(prepared.trials.map(({ unit }) => unit.id)));
  }
  say(run, describeSaving(plan, prepared.catalog));
  run.live?.planned(plan.cells);
  return await computeStage(
    run,
    "train",
    shard === undefined ? plan.units : shareOf(plan.units, shard, prepared.catalog),
  );
}
