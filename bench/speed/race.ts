/** One workload, all competitors: processes side by side, measured in turn so that whatever drifts hits all alike. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { oneLine } from "../../common/errors.ts";
import { isBound, isUnable, Measurer, type Place, writeReference } from "./processes.ts";
import { summarise } from "./statistics.ts";
import type { Competitor, Ready, Row, Stretch } from "./types.ts";
import { programOf, runsOf } from "./programs.ts";
import { type Workload } from "./workloads.ts";

/** Turns that every competitor gets. */
const ROUNDS = 5;

/** Iterations that a watch of the memory runs. */
const GROWTH_ITERATIONS = 10_000;

/** A peer may be this far from the reference's meta-gradient, relative to the gradient's largest element. */
export const CHECK_TOLERANCE = 1e-6;

/** How a workload is to be raced. */
export interface RaceOptions {
  readonly seconds: number;
  readonly processes: number;
  readonly memory: boolean;
}

/** A competitor that did not take part. */
export interface Absent {
  readonly competitor: Competitor;
  readonly workload: string;
  /** Missing: not installed. Failed: it should have worked, or computes something else. */
  readonly kind: "missing" | "failed";
  readonly reason: string;
}

/** What a race yields. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly absent: readonly Absent[];
}

/** A competitor with its process and what was measured of it. */
interface Runner {
  readonly competitor: Competitor;
  readonly measurer: Measurer;
  readonly ready: Ready;
  readonly stretches: Stretch[];
}

/** What a whole machine full of a competitor's processes did. */
interface Machine {
  readonly iterationsPerS: number;
  readonly scaling: number;
}

/** Measures a workload on all competitors. Never throws for what one of them does. */
export async function race(
  workload: Workload,
  competitors: readonly Competitor[],
  options: RaceOptions,
  place: Place,
  say: (what: string) => void,
): Promise<Outcome> {
  const folder = join(PROJECT_ROOT, "reports", "speed", `${workload.name}-${Deno.pid}`);
  const absent: Absent[] = [];
  const runners: Runner[] = [];
  const lose = (competitor: Competitor, kind: Absent["kind"], reason: string) =>
    absent.push({ competitor, workload: workload.name, kind, reason });
  const start = (competitor: Competitor, first: number) =>
    startOne(workload, competitor, folder, warmUpS(options), place, first);
  try {
    if (competitors.some(({ system }) => system !== "ours")) {
      say("reference");
      await Deno.mkdir(folder, { recursive: true });
      await writeReference(workload.name, folder);
    }
    for (const competitor of competitors) {
      say(`${nameOf(competitor)}: start`);
      const measurer = start(competitor, 0);
      const ready = await measurer.ready();
      const wrong = isUnable(ready) ? ready : wronged(ready);
      if (wrong === undefined) runners.push({ competitor, measurer, ready: ready as Ready, stretches: [] });
      else {
        await measurer.close();
        lose(competitor, wrong.type, wrong.reason);
      }
    }
    const rows: Row[] = [];
    const guarded = async (runner: Runner, work: () => Promise<void>) => {
      if (absent.some(({ competitor }) => competitor === runner.competitor)) return;
      await work().catch((error) => lose(runner.competitor, "failed", oneLine(error)));
    };
    for (let round = 1; round <= ROUNDS; round++) {
      for (const runner of runners) {
        say(`${nameOf(runner.competitor)}: round ${round} of ${ROUNDS}`);
        await guarded(runner, async () => {
          runner.stretches.push(await runner.measurer.stretch(options.seconds / ROUNDS));
        });
      }
    }
    for (const runner of runners) {
      await guarded(runner, async () => {
        const { competitor, measurer } = runner;
        let machine: Machine | undefined;
        if (options.processes > 1 && competitor.cores === 1 && competitor.backend !== "webgpu") {
          say(`${nameOf(competitor)}: ${options.processes} processes`);
          machine = await wholeMachine(runner, options, (first) => start(competitor, first));
        }
        const watched = options.memory && competitor.system === "ours" && workload.name.startsWith("sinusoid-") &&
          workload.kind === "training";
        if (watched) say(`${nameOf(competitor)}: ${GROWTH_ITERATIONS} iterations`);
        const growth = watched ? await measurer.growth(GROWTH_ITERATIONS) : undefined;
        const drawn = competitor.system === "ours" ? (await measurer.drawing()).medianMs : null;
        rows.push({
          ...measuredRow(workload, runner, place),
          processes: machine === undefined ? null : options.processes,
          machine_iterations_per_s: machine?.iterationsPerS ?? null,
          scaling: machine?.scaling ?? null,
          draw_ms: drawn,
          growth_mib: growth === undefined ? null : growth.lateRssMib - growth.earlyRssMib,
          growth_iterations: growth?.iterations ?? null,
        });
      });
    }
    return { rows, absent };
  } finally {
    for (const { measurer } of runners) await measurer.close();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

/** "ours on wasm, 1 core" */
export function nameOf({ system, backend, cores }: Competitor): string {
  return `${system}${system === "ours" ? ` on ${backend}` : ""}, ${cores} core${cores === 1 ? "" : "s"}`;
}

function warmUpS({ seconds }: RaceOptions): number {
  return Math.min(1, seconds / 2);
}

function startOne(
  workload: Workload,
  competitor: Competitor,
  folder: string,
  warmUp: number,
  place: Place,
  first: number,
): Measurer {
  if (competitor.system !== "ours") return Measurer.peer(place, competitor, folder, warmUp, first);
  const job = { workload: workload.name, backend: competitor.backend, warmUpS: warmUp };
  return Measurer.ours(place, competitor, job, first);
}

/** What is wrong with a peer's meta-gradient; undefined when it agrees with the reference. */
export function wronged({ checkError }: Ready): { type: "failed"; reason: string } | undefined {
  if (checkError === null || checkError < CHECK_TOLERANCE) return undefined;
  const reason =
    `its meta-gradient is off by ${checkError.toExponential(1)} relative to the float64 reference, more than ` +
    `${CHECK_TOLERANCE}: it computes something else, so its time means nothing`;
  return { type: "failed", reason };
}

/** One process alone, then one per core, then one alone again. */
async function wholeMachine(
  { measurer, competitor }: Runner,
  { processes, seconds }: RaceOptions,
  start: (first: number) => Measurer,
): Promise<Machine> {
  const others = Array.from({ length: processes - 1 }, (_, index) => start((index + 1) * competitor.cores));
  try {
    for (const other of others) {
      const ready = await other.ready();
      if (isUnable(ready)) throw new Error(`with ${processes} processes at once: ${ready.reason}`);
    }
    const before = await measurer.stretch(seconds / 2);
    const together = await Promise.all([measurer, ...others].map((each) => each.stretch(seconds)));
    const after = await measurer.stretch(seconds / 2);
    const iterationsPerS = together.reduce((total, stretch) => total + rateOf([stretch]), 0);
    return { iterationsPerS, scaling: iterationsPerS / rateOf([before, after]) };
  } finally {
    for (const other of others) await other.close();
  }
}

/** Iterations per second. */
function rateOf(stretches: readonly Stretch[]): number {
  const ms = stretches.flatMap(({ samplesMs }) => samplesMs);
  return 1000 * ms.length / ms.reduce((total, value) => total + value, 0);
}

type Measured = Omit<
  Row,
  "processes" | "machine_iterations_per_s" | "scaling" | "draw_ms" | "growth_mib" | "growth_iterations"
>;

function measuredRow(workload: Workload, { competitor, ready, stretches }: Runner, place: Place): Measured {
  const { median, p25, p75, min, max, n } = summarise(stretches.flatMap(({ samplesMs }) => samplesMs));
  const flops = programOf(workload).flops * runsOf(workload);
  return {
    workload: workload.name,
    ...competitor,
    pinned: isBound(place, competitor),
    device: ready.device,
    median_ms: median,
    p25_ms: p25,
    p75_ms: p75,
    min_ms: min,
    max_ms: max,
    n,
    iterations_per_s: rateOf(stretches),
    flops,
    gflop_per_s: flops / median / 1e6,
    peak_rss_mib: Math.max(...stretches.map(({ peakRssMib }) => peakRssMib)),
    check_error: ready.checkError,
    versions: ready.versions,
  };
}
