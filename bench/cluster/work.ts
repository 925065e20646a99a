/** What is left to do of a run, and which jobs of a cluster are at it. */
import { missingUnits, type Prepared } from "../run/prepare.ts";
import { planTuned, recallFailures, type TunedPlan } from "../run/stages.ts";
import type { Store } from "../store/store.ts";
import { familyOf, trialUnits } from "../plan/tuning.ts";
import type { TrainingUnit } from "../store/types.ts";
import { isLive, type TaskState } from "./scheduler.ts";
import { isBeingMade, isSubmitted, type JobStage, type Submission } from "./submissions.ts";

/** A stage that computes units. */
export type UnitStage = Exclude<JobStage, "report">;

/** The units of a stage; what is said of them names their positions. */
export interface StageUnits {
  readonly units: readonly TrainingUnit[];
  /** Positions of those that the store does not have wholly. */
  readonly missing: readonly number[];
}

/** What a run comes down to. */
export interface Work {
  readonly tune: StageUnits;
  readonly train: StageUnits;
  readonly tuned: TunedPlan;
  /** Positions in `train` of units whose settings trials are still to choose. */
  readonly open: ReadonlySet<number>;
}

/**
 * What is left to do. Units keep their positions whatever tuning chooses, since that changes settings and never the number or order of units; so those
 * that are to be tuned can be handed out before it is known what they are. They count as missing until then.
 */
export function planWork(prepared: Prepared, store: Store): Work {
  const tried = trialUnits(prepared.trials);
  const tune = { units: tried, missing: positionsOf(tried, missingUnits(tried, store)) };
  const failures = new Map<string, string>();
  recallFailures({ store, failures }, tried);
  const tuned = planTuned({ prepared, store, failures });
  const untried = new Set(tune.missing.map((position) => tried[position].id));
  const families = new Set(prepared.trials.filter(({ unit }) => untried.has(unit.id)).map(familyOf));
  const { units } = tuned.plan;
  const open = new Set(units.flatMap(({ spec }, position) => families.has(familyOf(spec)) ? [position] : []));
  const missing = new Set([...positionsOf(units, missingUnits(units, store)), ...open]);
  return { tune, train: { units, missing: [...missing].sort((a, b) => a - b) }, tuned, open };
}

function positionsOf(all: readonly TrainingUnit[], some: readonly TrainingUnit[]): number[] {
  const positions = new Map(all.map((unit, position) => [unit, position]));
  return some.map((unit) => positions.get(unit) ?? -1);
}

/** An array task that has been asked for. */
export interface TaskPlace {
  readonly submission: Submission;
  readonly stage: JobStage;
  readonly task: number;
  readonly state: TaskState | undefined;
  /** Whether it waits or runs, as far as anyone knows. */
  readonly live: boolean;
}

/** Per stage and position the newest task that has the unit. */
export type Coverage = Readonly<Record<UnitStage, ReadonlyMap<number, TaskPlace>>>;

/** All tasks that have been asked for. */
export function taskPlaces(submissions: readonly Submission[], states: readonly TaskState[]): TaskPlace[] {
  const known = new Map(states.map((state) => [`${state.name} ${state.task ?? 0}`, state]));
  return submissions.flatMap((submission) =>
    submission.stages.flatMap(({ stage, name, tasks }) =>
      tasks.map((_, task): TaskPlace => {
        const state = known.get(`${name} ${task}`);
        const making = submission.stopped === undefined && !isSubmitted(submission) && isBeingMade(submission);
        // Jobs of an abandoned submission end as soon as they begin.
        const live = submission.stopped !== "abandoned" && (state === undefined ? making : isLive(state));
        return { submission, stage, task, state, live };
      })
    )
  );
}

/** Which task has which unit. */
export function coverageOf(places: readonly TaskPlace[]): Coverage {
  const coverage = { tune: new Map<number, TaskPlace>(), train: new Map<number, TaskPlace>() };
  for (const place of places) {
    const { submission, stage, task } = place;
    if (stage === "report") continue;
    const positions = submission.stages.find((known) => known.stage === stage)?.tasks[task] ?? [];
    for (const position of positions) {
      // A live task counts whatever was asked for later.
      if (coverage[stage].get(position)?.live !== true || place.live) coverage[stage].set(position, place);
    }
  }
  return coverage;
}

/** The names of all jobs of these submissions. */
export function jobNames(submissions: readonly Submission[]): string[] {
  return submissions.flatMap(({ stages }) => stages.map(({ name }) => name));
}

/** Ids of the jobs that have live tasks. */
export function liveJobs(places: readonly TaskPlace[], stages: readonly JobStage[]): string[] {
  const jobs = places.filter(({ live, stage }) => live && stages.includes(stage)).flatMap(({ state }) =>
    state === undefined ? [] : [state.job]
  );
  return [...new Set(jobs)];
}
