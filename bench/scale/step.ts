/** One step of a large sweep, in a process of its own so that its memory is its own. Prints what it took as a line of JSON per row. */
import { join } from "node:path";
import process from "node:process";
import { CHOICES } from "../executors/choices.ts";
import { type Flags, parseFlags } from "../flags/flags.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { LiveStatus } from "../run/live_status.ts";
import { OutLock } from "../run/out_folder.ts";
import { CATALOG } from "../run/catalog.ts";
import { prepare, type Prepared } from "../run/prepare.ts";
import type { Request } from "../run/request.ts";
import type { Console } from "../run/progress.ts";
import { reportStage } from "../run/report_stage.ts";
import { claimFolders, type Part, startRun } from "../run/run.ts";
import { planTuned, trainStage, tuneStage } from "../run/stages.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { validateSweep } from "../plan/validate.ts";
import { scaleSweep, type Size } from "./sweep.ts";

/** What each step does. */
export const STEPS = ["plan", "compute", "resume", "report"] as const;
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

const SILENT: Console = { print: () => {}, screen: { terminal: false, columns: () => 80, write: () => {} } };

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
  if (step !== "plan") taken.push(...await start(prepared, step, part));
  // Since the process began, its modules included.
  taken.push({ part: step, seconds: performance.now() / 1000, peakRssMib: peakRssMib() });
  const evaluations = plan.units.reduce((total, unit) => total + unit.evaluations.length, 0);
  return { taken, cells: plan.cells.length, units: plan.units.length, evaluations };
}

/** Computing is what a run does, with workers that simulate. @returns the coordinator's memory while they do */
async function start(prepared: Prepared, step: Step, part: Part): Promise<Taken[]> {
  const lock = OutLock.take(prepared.out);
  const { sweep, out, backend } = prepared;
  let live: LiveStatus | undefined;
  try {
    const store = claimFolders(prepared, FLAGS);
    live = new LiveStatus(out, { sweep: sweep.name, backend: backend.name, workers: FLAGS.workers });
    const command = workerOf(store.folder);
    const run = startRun(prepared, store, FLAGS, SILENT, new AbortController().signal, { part, live, command });
    const memory = step === "compute" ? new MemoryHalves(live) : undefined;
    if (step === "report") await reportStage(run, planTuned(run), 0);
    else {
      await tuneStage(run);
      await trainStage(run, planTuned(run));
    }
    live.end("finished");
    if (run.failures.size > 0) throw new Error(`internal: ${run.failures.values().next().value}`);
    return memory?.taken() ?? [];
  } finally {
    live?.end("stopped");
    lock.release();
  }
}

/** What the coordinator needs while the first and the second half of the units are computed: the same, where nothing piles up. */
class MemoryHalves {
  readonly #samples: { readonly seconds: number; readonly rssMib: number }[] = [];

  constructor(live: LiveStatus) {
    const unit = live.unit.bind(live);
    live.unit = (id, failed) => {
      unit(id, failed);
      this.#samples.push({ seconds: performance.now() / 1000, rssMib: Deno.memoryUsage().rss / 2 ** 20 });
    };
  }

  taken(): Taken[] {
    const middle = this.#samples.length >> 1;
    const halves = { "first half": this.#samples.slice(0, middle), "second half": this.#samples.slice(middle) };
    return Object.entries(halves).filter(([, samples]) => samples.length > 0).map(([part, samples]) => ({
      part,
      seconds: samples[samples.length - 1].seconds - samples[0].seconds,
      peakRssMib: Math.max(...samples.map(({ rssMib }) => rssMib)),
    }));
  }
}

/** With the permissions of this process. */
function workerOf(store: string): string[] {
  return [
    ...["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=scale"],
    ...[`--allow-read=${PROJECT_ROOT},${store}`, `--allow-write=${store}`],
    ...[join(PROJECT_ROOT, "bench", "scale", "worker.ts"), store],
  ];
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
