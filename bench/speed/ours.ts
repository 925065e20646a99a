/** Entry of a process that measures this project on one workload: told what by its one argument, orders on stdin, replies on stdout. */
import process from "node:process";
import { type BackendName, openBackend } from "../../algorithms/tensor/backends.ts";
import type { Backend, Executable } from "../../algorithms/tensor/backend.ts";
import { type DataSetEntry, dataSets } from "../../data/mod.ts";
import { defaultDataDir } from "../../common/project.ts";
import { oneLine } from "../../common/errors.ts";
import { batchSource } from "../units/batches.ts";
import { algorithmOf } from "../units/subject.ts";
import { linesOf } from "../workers/protocol.ts";
import { batchOf, feedsOf, startOf } from "./inputs.ts";
import { summarise } from "./statistics.ts";
import type { Growth, Order, Reply, Stretch } from "./types.ts";
import { programOf, runsOf, trainSpecOf } from "./programs.ts";
import { sizesOf, type Workload, workloads } from "./workloads.ts";

/** What such a process is told when it starts. */
export interface OursJob {
  readonly workload: string;
  readonly backend: string;
  /** Warm-up, at least this long and two iterations. */
  readonly warmUpS: number;
}

/** Different batches that are fed in turn. */
const BATCHES = 4;

/** Iterations between two readings of a result where the backend computes behind one's back. */
const READ_EVERY = 10;

/** Seconds, and the fewest batches, that the drawing is timed for. */
const DRAWING_S = 0.2;
const MIN_DRAWS = 5;

/** One workload on one backend, iteration by iteration. */
class Runner {
  readonly #executable: Executable;
  readonly #workload: Workload;
  readonly #batches: readonly Record<string, Float32Array>[];
  readonly #start: ReturnType<typeof startOf>;
  /** Iterations per sample: where kernels run behind one's back, only a reading says that they are done. */
  readonly #block: number;
  readonly #result: string | undefined;
  #t = 0;

  constructor(workload: Workload, backend: Backend) {
    const sizes = sizesOf(workload);
    const program = programOf(workload, sizes);
    this.#workload = workload;
    this.#executable = backend.compile(program);
    this.#start = startOf(workload, sizes);
    this.#batches = Array.from(
      { length: BATCHES },
      (_, index) => feedsOf(workload, batchOf(workload, sizes, index), index + 1),
    );
    this.#result = Object.keys(program.outputs)[0];
    this.#block = backend.name === "webgpu" && workload.kind === "training" ? READ_EVERY : 1;
    this.reset();
  }

  /** Back to the parameters that training starts from, so that every stretch does the same work. */
  reset(): void {
    this.#t = 0;
    for (const [key, { data }] of Object.entries(this.#start)) {
      this.#executable.setState(key, data);
      if (this.#workload.kind === "adaptation") continue;
      this.#executable.setState(`m:${key}`, new Float32Array(data.length));
      this.#executable.setState(`v:${key}`, new Float32Array(data.length));
    }
  }

  /** Runs a block of iterations. @returns milliseconds per iteration */
  async sample(): Promise<number> {
    const start = performance.now();
    for (let i = 0; i < this.#block; i++) {
      for (let run = 0; run < runsOf(this.#workload); run++) {
        this.#executable.run(this.#batches[this.#t++ % BATCHES]);
        if (this.#result !== undefined) await this.#executable.read(this.#result);
      }
    }
    if (this.#block > 1) await this.#executable.getState("lossSum");
    return (performance.now() - start) / this.#block;
  }

  /** The loss summed since the last reset; NaN shows that the numbers timed mean nothing. */
  async lossSum(): Promise<number> {
    return this.#workload.kind === "adaptation" ? 0 : (await this.#executable.getState("lossSum"))[0];
  }
}

async function stretch(runner: Runner, seconds: number): Promise<Stretch> {
  runner.reset();
  const samplesMs: number[] = [];
  const start = performance.now();
  let elapsed = 0;
  do {
    samplesMs.push(await runner.sample());
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  if (!Number.isFinite(await runner.lossSum())) throw new Error("the training stopped being finite");
  return { type: "stretch", samplesMs, seconds: elapsed, peakRssMib: process.resourceUsage().maxRSS / 1024 };
}

async function growth(runner: Runner, backend: Backend, iterations: number): Promise<Growth> {
  runner.reset();
  const reading = () => ({ rss: Deno.memoryUsage().rss / 2 ** 20, bytes: backend.memoryBytes() ?? null });
  let early = reading();
  for (let i = 1; i <= iterations; i++) {
    await runner.sample();
    if (i === Math.ceil(iterations / 10)) early = reading();
  }
  const late = reading();
  return {
    type: "growth",
    iterations,
    earlyRssMib: early.rss,
    lateRssMib: late.rss,
    earlyBytes: early.bytes,
    lateBytes: late.bytes,
  };
}

/** Median milliseconds to draw one training batch from the data set; null where its files are absent or nothing is trained. */
async function drawMs(workload: Workload): Promise<number | null> {
  if (workload.kind === "adaptation") return null;
  const { setting } = workload;
  const entry: DataSetEntry = (dataSets as Readonly<Record<string, DataSetEntry>>)[setting.dataset];
  const dataDir = defaultDataDir();
  if (await entry.missing(dataDir) !== undefined) return null;
  const dataSet = await entry.open({ dataDir, ways: setting.data.outputs });
  const spec = trainSpecOf(workload);
  const { draw } = batchSource(spec, algorithmOf(spec), dataSet, "speed");
  const times: number[] = [];
  const start = performance.now();
  for (let last = start; last - start < 1000 * DRAWING_S || times.length < MIN_DRAWS;) {
    draw(times.length);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return summarise(times).median;
}

function reply(message: Reply): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

async function main({ workload: name, backend: backendName, warmUpS }: OursJob): Promise<void> {
  const workload = workloads.find((entry) => entry.name === name);
  if (workload === undefined) throw new Error(`internal: no workload "${name}"`);
  const backend = await openBackend(backendName as BackendName);
  const runner = new Runner(workload, backend);
  await runner.sample();
  await stretch(runner, warmUpS);
  reply({
    type: "ready",
    device: backend.description,
    versions: { deno: Deno.version.deno, v8: Deno.version.v8 },
    checkError: null,
  });
  for await (const line of linesOf(Deno.stdin.readable)) {
    const order = JSON.parse(line) as Order;
    if ("growth" in order) reply(await growth(runner, backend, order.growth));
    else if ("draw" in order) reply({ type: "drawing", medianMs: await drawMs(workload) });
    else reply(await stretch(runner, order.seconds));
  }
}

if (import.meta.main) {
  try {
    await main(JSON.parse(Deno.args[0]) as OursJob);
  } catch (error) {
    reply({ type: "failed", reason: oneLine(error) });
    Deno.exit(1);
  }
  // Native backends may keep threads alive.
  Deno.exit(0);
}
