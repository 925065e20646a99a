/** A run that computes on this machine: how it starts, in folders that are its own. */
import { traced } from "../../common/tracing.ts";
import type { Flags } from "../flags/flags.ts";
import { Estimator } from "../plan/estimate.ts";
import { trialUnits } from "../plan/tuning.ts";
import { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";
import { type HarnessTime, NO_TIME } from "./harness.ts";
import type { LiveStatus } from "./live_status.ts";
import { claimOut, clearOut } from "./out_folder.ts";
import type { Prepared } from "./prepare.ts";
import type { Console } from "./progress.ts";
import { writeRunFile } from "./run_file.ts";
import { workerCommand } from "./worker_command.ts";

/** A run that computes on this machine. */
export interface Run {
  readonly prepared: Prepared;
  readonly store: Store;
  readonly estimator: Estimator;
  readonly flags: Flags;
  readonly output: Console;
  /** Ends all work within a moment, in which trainings save where they are. */
  readonly signal: AbortSignal;
  /** Job and array task of a cluster; "" elsewhere. */
  readonly job: string;
  /** Why what could not be computed could not, by address. */
  readonly failures: Map<string, string>;
  /** Does a part of the report; whoever measures may look on. */
  readonly part: Part;
  /** Who tells others how far it is; processes of a cluster share the run's folder and have none. */
  readonly live: LiveStatus | undefined;
  /** Arguments of `deno` that start a worker. */
  readonly command: readonly string[];
  /** What workers spent their time on so far. */
  time: HarnessTime;
}

/** Does a named piece of work, sees what it takes, and gives back what it gives. */
export type Part = <T>(name: "collect" | "verdicts" | "tables" | "figures", work: () => T | Promise<T>) => Promise<T>;

/** Which backend computes and why. */
export function describeBackend({ backend: { name, reason } }: Prepared): string {
  return `Backend ${name}: ${reason}`;
}

/** Makes the folders this run's, dropping what they hold of it when `--fresh` asks for that. */
export function claimFolders(prepared: Prepared, flags: Flags): Store {
  const { sweep, digest, out, trials } = prepared;
  const store = Store.open(prepared.store);
  if (flags.fresh) {
    clearOut(out);
    forget(trialUnits(trials), store);
  }
  claimOut(out, digest, sweep);
  writeRunFile(prepared, flags);
  store.prepare();
  return store;
}

/** A run in folders that are its own. */
export function startRun(
  prepared: Prepared,
  store: Store,
  flags: Flags,
  output: Console,
  signal: AbortSignal,
  {
    job = "",
    part = (name, work) => traced(`report ${name}`, {}, work),
    live,
    command = workerCommand(prepared, flags),
  }: Partial<Pick<Run, "job" | "part" | "live" | "command">> = {},
): Run {
  const run: Run = {
    ...{ prepared, store, flags, output, signal, job, part, live, command, time: NO_TIME },
    estimator: new Estimator(prepared.catalog, store.trainingTimings()),
    failures: new Map(),
  };
  say(run, describeBackend(prepared));
  for (const [name, reason] of prepared.skipped) say(run, `Skipping ${name}: ${reason}`);
  return run;
}

/** Says something to people, unless they want none. */
export function say({ flags, output }: Pick<Run, "flags" | "output">, line: string): void {
  if (!flags.quiet) output.screen.write(`${line}\n`);
}

/** Drops units and their evaluations from the store; of those kept, the evaluations only. */
export function forget(units: readonly TrainingUnit[], store: Store, kept: ReadonlySet<string> = new Set()): void {
  for (const { id, evaluations } of units) {
    if (!kept.has(id)) store.removeTraining(id);
    for (const evaluation of evaluations) store.removeEvaluation(evaluation.id);
  }
}
