/** Tests against a real Slurm, which `deno task test:slurm` starts on this machine and stops again. */
import { deepStrictEqual as equal, ok } from "node:assert";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import type { RunState } from "../status/run_state.ts";
import { withFolder, writeSweep } from "./cli.ts";
import { TestCluster, whyNoSlurm } from "./cluster.ts";
import { Subprocess } from "../../common/subprocess.ts";

const TABLES = ["cells.csv", "episodes.csv", "verdicts.csv", "tuning.csv", "validation.csv"];
const tables = (out: string) => TABLES.map((name) => Deno.readTextFileSync(join(out, name)));
/** Nothing here takes as long as this unless it hangs. */
const PATIENCE_MS = 120_000;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Commands on a cluster. */
class Shell {
  readonly #conf: string;

  constructor(conf: string) {
    this.#conf = conf;
  }

  async #run(args: readonly string[]): Promise<Ended> {
    const { code, stdout, stderr } = await Subprocess.deno({
      args: ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, ...args],
      cwd: PROJECT_ROOT,
      env: { SLURM_CONF: this.#conf },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, out: text.decode(stdout), err: text.decode(stderr) };
  }

  bench(sweep: string, out: string, ...more: string[]): Promise<Ended> {
    return this.#run([
      "-P=bench",
      "bench/commands/bench.ts",
      "--sweep",
      sweep,
      "--out",
      out,
      "--backend",
      "wasm",
      ...more,
    ]);
  }

  submit(sweep: string, out: string, options: string, ...more: string[]): Promise<Ended> {
    return this.bench(sweep, out, "--executor", "slurm", "--slurm", options, ...more);
  }

  status(out: string, ...more: string[]): Promise<Ended> {
    return this.#run(["-P=status", "bench/commands/status.ts", "--out", out, ...more]);
  }

  async state(out: string): Promise<RunState> {
    const { out: text, err } = await this.status(out, "--json");
    ok(text.startsWith("{"), err);
    return JSON.parse(text);
  }

  /** Looks at a run until it is as wanted. */
  async until(out: string, what: string, wanted: (state: RunState) => boolean): Promise<RunState> {
    for (const start = Date.now();; await new Promise((resolve) => setTimeout(resolve, 500))) {
      const state = await this.state(out);
      if (wanted(state)) return state;
      ok(Date.now() - start < PATIENCE_MS, `never ${what}: ${JSON.stringify(state)}`);
    }
  }
}

const counts = ({ stages }: RunState, name: "done" | "failed" | "running" | "queued" | "pending") =>
  stages.reduce((sum, stage) => sum + stage[name], 0);
const submissions = (out: string) => [...Deno.readDirSync(join(out, "slurm"))].map(({ name }) => name).sort();

/** Two trainings a seed and no tuning; 20,000 iterations take a second or more, 150,000 long enough to be seen at work. */
function writeLongSweep(folder: string, iterations = 20_000, seeds: readonly number[] = [0, 1, 2]): string {
  return writeSweep(folder, (sweep) => {
    const [dataset] = sweep.datasets as Record<string, unknown>[];
    dataset.tuning = null;
    (dataset.hyper as Record<string, unknown>).iterations = iterations;
    sweep.seeds = seeds;
  });
}

const absent = await whyNoSlurm();

Deno.test({
  name: `sweeps on a real Slurm${absent === "" ? "" : ` (ignored: ${absent})`}`,
  ignore: absent !== "",
  fn: (t) =>
    withFolder(async (folder) => {
      const made = (name: string) => {
        Deno.mkdirSync(join(folder, name));
        return join(folder, name);
      };
      const options = join(folder, "options.json");
      // So short that every unit gets a task of its own.
      Deno.writeTextFileSync(options, JSON.stringify({ taskMinutes: 1e-7, sbatch: { time: 5 } }));
      const cluster = await TestCluster.start(made("cluster"));
      try {
        const shell = new Shell(cluster.conf);
        const overdue = await startOverdue(shell, made("limit"));
        const [tuned, long] = [writeSweep(made("tuned")), writeLongSweep(made("long"))];
        const longest = writeLongSweep(made("longest"), 150_000, [0]);
        const [inTuned, inLong, inLongest] = ["tuned", "long", "longest"].map((name) => join(folder, name));
        const local = { tuned: join(inTuned, "local"), long: join(inLong, "local"), longest: join(inLongest, "local") };
        for (const [sweep, out] of [[tuned, local.tuned], [long, local.long], [longest, local.longest]]) {
          const { code, err } = await shell.bench(sweep, out, "--quiet");
          equal(code, 0, err);
        }
        await t.step("a sweep with tuning ends with the rows of a local run, byte for byte", async () => {
          const out = join(inTuned, "out");
          const { code, out: text, err } = await shell.submit(tuned, out, options, "--wait");
          equal(code, 0, text + err);
          ok(
            /tune +job \d+: 8 units in 8 tasks .*\n +train +job \d+: 3 units .* after \d+\n +report +job/.test(
              text,
            ),
            text,
          );
          ok(/\nComplete/.test(text), text);
          equal(tables(out), tables(local.tuned));
          const again = await shell.submit(tuned, out, options);
          ok(again.code === 0 && /cells: /.test(again.out), again.out + again.err);
          equal(submissions(out), ["1"]);
        });
        await t.step(
          "the same command given twice, in turn or at once, submits everything once",
          () => submitTwice(shell, long, join(inLong, "twice"), options, local.long),
        );
        await t.step(
          "a node that is killed with what runs on it costs a requeue or a resubmission, and no result",
          () => loseNode(cluster, shell, longest, inLongest, local.longest),
        );
        await t.step(
          "a cancelled run keeps what is finished, and the same command goes on from there",
          () => cancelRun(shell, longest, join(inLongest, "cancelled"), options, local.longest),
        );
        await t.step(
          "a task over its time limit is reported as such, and submitted again by the same command",
          overdue,
        );
      } finally {
        await cluster.stop();
      }
    }),
});

async function submitTwice(shell: Shell, sweep: string, out: string, options: string, local: string): Promise<void> {
  const both = await Promise.all([shell.submit(sweep, out, options), shell.submit(sweep, out, options)]);
  // The one that came second finds everything queued, or the other at work.
  const codes = both.map(({ code }) => code).sort();
  ok(codes[0] === 0 && (codes[1] === 0 || codes[1] === 2), JSON.stringify(both));
  const third = await shell.submit(sweep, out, options);
  ok(
    /Nothing to submit: the \d+ units that are missing are queued or running \(jobs \d+/.test(third.out),
    third.out + third.err,
  );
  await shell.until(out, "complete", ({ complete }) => complete);
  equal(submissions(out), ["1"]);
  const logs = [...Deno.readDirSync(join(out, "slurm", "1", "logs"))].map(({ name }) => name);
  for (const name of logs) {
    // One start each: nothing was computed by two jobs.
    equal(
      Deno.readTextFileSync(join(out, "slurm", "1", "logs", name)).match(/ task \d+ of submission 1/g)?.length,
      1,
      name,
    );
  }
  equal(tables(out), tables(local));
}

async function loseNode(
  cluster: TestCluster,
  shell: Shell,
  sweep: string,
  folder: string,
  local: string,
): Promise<void> {
  const [out, options, places] = ["lost", "options.json", "places"].map((name) => join(folder, name));
  // Which tasks began on which node.
  const setup = [`echo "$SLURMD_NODENAME $SLURM_ARRAY_TASK_ID" >>'${places}'`];
  Deno.writeTextFileSync(options, JSON.stringify({ setup, taskMinutes: 1e-7, sbatch: { time: 5 } }));
  equal((await shell.submit(sweep, out, options)).code, 0);
  let task = "";
  await shell.until(out, "at work on the second node", ({ running }) => {
    const busy = running.filter(({ units }) => units.some(({ iteration }) => iteration > 0));
    const there = /^n2 .*$/gm;
    const tasks = (isThere(places) ? Deno.readTextFileSync(places) : "").match(there)?.map((line) =>
      line.split(" ")[1]
    ) ?? [];
    task = tasks.find((one) => busy.some(({ job }) => job.endsWith(`_${one}`))) ?? "";
    return task !== "";
  });
  await cluster.lose("n2");
  // Slurm lets a task be missing for as long as one may take to start.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  await cluster.revive("n2");
  const ended = await shell.until(out, "at rest", ({ jobs }) => jobs.length === 0);
  if (!ended.complete) {
    ok(
      ended.failures.some(({ reason }) => /node failed|without a word|ended early/.test(reason)),
      JSON.stringify(ended),
    );
    equal((await shell.submit(sweep, out, options, "--wait")).code, 0);
  }
  ok((await shell.state(out)).complete);
  equal(tables(out), tables(local));
  // The task that was lost has begun twice, by itself or in the next submission.
  const begun = Deno.readTextFileSync(join(out, "slurm", "1", "logs", `train-${task}.log`)).match(
    / task \d+ of submission 1/g,
  );
  ok(begun?.length === 2 || submissions(out).length === 2, `${begun}`);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function cancelRun(shell: Shell, sweep: string, out: string, options: string, local: string): Promise<void> {
  equal((await shell.submit(sweep, out, options)).code, 0);
  const before = await shell.until(
    out,
    "at work",
    (state) => counts(state, "done") > 0 && counts(state, "running") > 0,
  );
  const cancelled = await shell.status(out, "--cancel");
  ok(
    /^Cancelled jobs? \d+/.test(cancelled.err) && /Nothing is running/.test(cancelled.out),
    cancelled.err + cancelled.out,
  );
  const after = await shell.state(out);
  equal(
    [after.jobs, after.running, after.report, counts(after, "failed")],
    [[], [], "missing", 0],
    JSON.stringify(after),
  );
  ok(counts(after, "done") >= counts(before, "done") && counts(after, "pending") > 0, JSON.stringify(after));
  const again = await shell.submit(sweep, out, options, "--wait");
  equal(again.code, 0, again.out + again.err);
  equal(submissions(out), ["1", "2"]);
  equal(tables(out), tables(local));
}

/** Slurm counts limits in whole minutes, so this one runs while the other tests do. @returns the test of what came of it */
async function startOverdue(shell: Shell, folder: string): Promise<() => Promise<void>> {
  const sweep = writeLongSweep(folder, 500);
  const [out, options, slow] = ["out", "options.json", "slow"].map((name) => join(folder, name));
  Deno.writeTextFileSync(slow, "");
  // While that file is there tasks hang, as a stalled file system would have it.
  const setup = [`if [ -e '${slow}' ]; then exec sleep 600; fi`];
  Deno.writeTextFileSync(options, JSON.stringify({ setup, sbatch: { time: 1 }, taskMinutes: 60 }));
  const { code, err } = await shell.submit(sweep, out, options);
  equal(code, 0, err);
  return async () => {
    const state = await shell.until(out, "over its limit", (state) => counts(state, "failed") > 0);
    ok(/reached its time limit \(TIMEOUT/.test(state.failures[0].reason), JSON.stringify(state.failures));
    equal((await shell.status(out)).code, 1);
    Deno.removeSync(slow);
    const again = await shell.submit(sweep, out, options, "--wait");
    equal(again.code, 0, again.out + again.err);
    equal(submissions(out), ["1", "2"]);
  };
}
