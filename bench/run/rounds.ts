/** Trains a sweep in rounds of seeds, until every answer is decided or there is no more time. */
import { Estimator, formatDuration, wallSeconds } from "../plan/estimate.ts";
import type { Plan } from "../plan/plan.ts";
import { Places, planOfPlaces, sweepOfRound } from "../plan/rounds.ts";
import { tunedValues } from "../plan/tuning.ts";
import { collect } from "./collect.ts";
import { computeStage } from "./compute.ts";
import { judgeSweep } from "./judge_sweep.ts";
import { missingUnits } from "./prepare.ts";
import { type Run, say } from "./run.ts";
import type { TunedPlan } from "./stages.ts";

/** What rounds have come to: the plan of all that they trained, or the exit status where there is no going on. */
export type RoundsOutcome = { readonly tuned: TunedPlan } | { readonly status: number };

/**
 * Goes on from the first round, which is in the store.
 *
 * @param elapsed seconds since the run began
 * @param computes whether rounds that the store lacks are computed; else they end what there is
 */
export async function laterRounds(
  run: Run,
  first: TunedPlan,
  elapsed: () => number,
  computes: boolean,
): Promise<RoundsOutcome> {
  const { prepared, store, failures, flags } = run;
  const { sweep, opened, catalog } = prepared;
  const rounds = sweep.rounds ?? [];
  const tuned = tunedValues(first.tuning);
  const places = new Places();
  let plan = first.plan;
  for (let round = 1; round < rounds.length; round++) {
    const collected = await collect(plan, store, { sweep, catalog, opened, failures });
    const { open } = judgeSweep(sweep, catalog, opened, collected);
    const asking = open.filter(({ seeds }) => seeds.length > 0);
    if (open.length > asking.length) say(run, futileNews(open.length - asking.length, rounds[rounds.length - 1]));
    if (asking.length === 0) break;
    for (const { key: { dataset, a, b } } of asking) {
      for (const place of [a, b]) places.extend(dataset, place, rounds[round]);
    }
    const { seeds } = sweepOfRound(sweep, round);
    const next = planOfPlaces(prepared.plan(tuned, { ...sweep, seeds }), seeds, rounds[0], places);
    const missing = missingUnits(next.units, store);
    const left = flags.budgetS - elapsed();
    const estimate = secondsOf(run, missing);
    const news = `${comparisonsAre(asking.length)} open at ${rounds[round - 1]} seeds`;
    if (missing.length > 0 && !computes) break;
    if (missing.length > 0 && estimate > left) {
      say(run, `${news}; ${rounds[round]} would take ${formatDuration(estimate)} more, which ${budgetText(run, left)}`);
      break;
    }
    if (missing.length > 0) {
      say(run, `${news}: on to ${rounds[round]}`);
      const unfinished = await computeStage(run, "train", next.units);
      if (unfinished !== undefined) return { status: unfinished };
    }
    plan = next;
  }
  return { tuned: { ...first, plan } };
}

function comparisonsAre(count: number): string {
  return `${count} ${count === 1 ? "comparison is" : "comparisons are"}`;
}

function futileNews(count: number, most: number): string {
  return `${comparisonsAre(count)} open and left so: ${most} seeds would hardly decide ${count === 1 ? "it" : "them"}`;
}

function budgetText({ flags }: Pick<Run, "flags">, left: number): string {
  const remains = left <= 0 ? "is used up" : `leaves ${formatDuration(left)}`;
  return `--budget ${formatDuration(flags.budgetS)} does not allow (it ${remains})`;
}

/** About how long units take with all workers, by what those of the rounds before took. */
function secondsOf({ prepared, store, flags }: Run, units: Plan["units"]): number {
  const estimator = new Estimator(prepared.catalog, store.trainingTimings());
  return wallSeconds(units.map((unit) => estimator.unit(unit)), flags.workers);
}
