/** One step of a large sweep, in a process of its own so that its memory is its own. Prints what it took as a line of JSON per row. */
import { join } from "node:path";
import process from "node:process";
import { CHOICES } from "../cli.ts";
import { type Flags, parseFlags } from "../flags.ts";
import { OutLock } from "../out_folder.ts";
import { CATALOG, missingUnits, prepare, type Prepared, type Request } from "../prepare.ts";
import type { Voice } from "../progress.ts";
import {
  claimFolders,
  type Part,
  planTuned,
  reportStage,
  type Run,
  startRun,
  trainStage,
  tuneStage,
} from "../stages.ts";
import { Store } from "../store.ts";
import { sweepDigest } from "../sweep.ts";
import { validateSweep } from "../validate.ts";
import { simulate } from "./simulate.ts";
import { scaleSweep, type Size } from "./sweep.ts";

/** What each step does. */
export const STEPS = ["plan", "fill", "resume", "report"] as const;
export type Step = typeof STEPS[number];

/** What a part of a step took. */
export interface Taken {
  readonly part: string;
  readonly seconds: number;
  /** Highest resident memory of the process until its end. */
  readonly peakRssMib: number;
}

/** What a step prints. */
export interface StepResult {
  readonly taken: readonly Taken[];
  readonly cells: number;
  readonly units: number;
  readonly evaluations: number;
}

/** What a step is to do. */
export interface StepOptions extends Size {
  readonly step: Step;
  readonly out: string;
}

const FLAGS: Flags = parseFlags(["--quiet"], CHOICES);

const SILENT: Voice = { print: () => {}, screen: { terminal: false, columns: () => 80, write: () => {} } };

const peakRssMib = () => process.resourceUsage().maxRSS / 1024;

/** Planning is what a dry run does; resuming is what a run does that finds everything done, up to its report. */
async function run({ step, out, ...size }: StepOptions): Promise<StepResult> {
  const taken: Taken[] = [];
  const part: Part = async (name, work) => {
    const start = performance.now();
    const result = await work();
    taken.push({ part: name, seconds: (performance.now() - start) / 1000, peakRssMib: peakRssMib() });
    return result;
  };
  const prepared = await prepare(requestFor(out, size), { name: "wasm", reason: "results are simulated" }, true);
  const plan = prepared.plan(() => undefined);
  if (step === "fill") {
    const store = Store.open(prepared.store);
    store.prepare();
    simulate(missingUnits(plan.units, store), store);
  }
  if (step === "resume" || step === "report") await resume(prepared, step, part);
  // Since the process began, its modules included.
  taken.push({ part: step, seconds: performance.now() / 1000, peakRssMib: peakRssMib() });
  const evaluations = plan.units.reduce((total, unit) => total + unit.evaluations.length, 0);
  return { taken, cells: plan.cells.length, units: plan.units.length, evaluations };
}

async function resume(prepared: Prepared, step: Step, part: Part): Promise<void> {
  const lock = OutLock.take(prepared.out);
  try {
    const store = claimFolders(prepared, FLAGS);
    const run: Run = startRun(prepared, store, FLAGS, SILENT, new AbortController().signal, { part });
    if (step === "resume") {
      await tuneStage(run);
      const tuned = planTuned(run);
      await trainStage(run, tuned);
    } else await reportStage(run, planTuned(run), 0);
  } finally {
    lock.release();
  }
}

function requestFor(out: string, size: Size): Request {
  const sweep = scaleSweep(size);
  validateSweep(sweep, CATALOG);
  return { sweep, digest: sweepDigest(sweep), out, store: join(out, "store"), dataDir: out };
}

if (import.meta.main) {
  console.log(JSON.stringify(await run(JSON.parse(Deno.args[0]) as StepOptions)));
  Deno.exit(0);
}
