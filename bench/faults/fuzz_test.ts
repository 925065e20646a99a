import { deepStrictEqual as equal, match, ok } from "node:assert";
import { cpSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { sha256 } from "../../common/digest.ts";
import { rng } from "../../common/random.ts";
import { page } from "../../reports/page/page.ts";
import { resultTable } from "../../reports/paper/tables.ts";
import type { Scheduler } from "../cluster/scheduler.ts";
import { claimSubmission, keepJobs, writeTask } from "../cluster/submissions.ts";
import { main as merge } from "../commands/merge.ts";
import { main as status } from "../commands/status.ts";
import { readRun as readNight } from "../nightly/read_run.ts";
import { explanationOfRun } from "../run/command.ts";
import { OUT_FILES } from "../run/out_folder.ts";
import { readRun } from "../run/read_run.ts";
import { reportInput } from "../run/report_input.ts";
import { Store } from "../store/store.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { FULL, FUZZ_S, option, SEED, tablesOf } from "../testing/faults.ts";
import { DAMAGES, filesOf, oneOf, type Random } from "../testing/fuzz.ts";

/** Copies of a run that are hurt where no time is given; the same ones every time unless all is to be tried. */
const EXECUTIONS = 15;
const KEY = FULL ? SEED : 4;
/** Readers that look at what was done to the files of one copy. */
const LOOKS = 4;
/** Only this one, to look at it again: `--execution=N`. */
const ONLY = option("execution");
/** A training that the store has not finished, so that its checkpoint is read. */
const UNIT = "ab".repeat(32);

/** What a reader made of what it found: an exit status and what it said. */
interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** A cluster that knows of nothing. */
const QUEUE: Scheduler = {
  submit: () => Promise.reject(new Error("nothing is submitted here")),
  tasks: () => Promise.resolve([]),
  history: () => Promise.resolve([]),
  cancel: () => Promise.resolve(),
};

/** Runs a command. */
async function command(run: (output: Parameters<typeof status>[1] & object) => Promise<number>): Promise<Outcome> {
  let said = "";
  const screen = { terminal: false, columns: () => 80, write: (text: string) => void (said += text) };
  const code = await run({ print: () => {}, screen });
  return { code, said };
}

/** What reads a value; what it throws is said as commands say it. */
async function reading(read: () => unknown): Promise<Outcome> {
  try {
    await read();
    return { code: 0, said: "" };
  } catch (error) {
    const { status, line } = explanationOfRun(error);
    return { code: status, said: `error: ${line}\n` };
  }
}

/** What a report and tables for papers draw, apart from rendering. */
async function draw(out: string): Promise<void> {
  const input = reportInput(await readRun(out));
  for (const dataset of input.datasets) resultTable(input, dataset);
  page(input, []);
}

/** Everything that reads what a run keeps; those that are quick more often. */
function readers(base: string, sweep: string): Readonly<Record<string, () => Promise<Outcome>>> {
  const [out, share, merged] = ["out", "share", "merged"].map((name) => join(base, name));
  const told = () => command((output) => status(["--out", out, "--json"], output, QUEUE));
  return {
    "report": () => reading(() => draw(out)),
    "the report again": () => reading(() => draw(out)),
    "status": () => command((output) => status(["--out", out], output, QUEUE)),
    "status --json": told,
    "merge": () => command((output) => merge([share, "--out", merged], output)),
    "merge into what is there": () => command((output) => merge([share, "--out", out], output)),
    "night": () => reading(() => readNight(out, new Date("2026-01-02T03:04:05Z"))),
    "checkpoint": () => reading(() => Store.open(join(out, "store")).checkpoint(UNIT)),
    "the next run": async () => {
      const { code, err } = await cli(
        ...["--sweep", sweep, "--out", out, "--backend", "wasm", "--workers", "1"],
        "--quiet",
      );
      return { code, said: err };
    },
    "the plan of the next run": async () => {
      const { code, err } = await cli(...["--sweep", sweep, "--out", out, "--backend", "wasm"], "--dry-run");
      return { code, said: err };
    },
  };
}

/** A finished run with all that runs may keep, and a share of another one. */
async function prepare(base: string, sweep: string): Promise<void> {
  const run = async (...more: string[]) => {
    const { code, err } = await cli("--sweep", sweep, "--backend", "wasm", "--workers", "1", "--quiet", ...more);
    equal(code, 0, err);
  };
  const out = join(base, "out");
  await run("--out", out);
  await run("--out", join(base, "share"), "--shard", "1/2", "--stage", "tune");
  Deno.removeSync(join(out, OUT_FILES.report), { recursive: true });
  Store.open(join(out, "store")).putCheckpoint(UNIT, {
    ...{ iteration: 3, since: 1, restarts: 0, curve: [], watched: [], trainS: 1, validateS: 0, visits: [1, 2] },
    states: [["w", Float32Array.of(1, 2, 3)]],
    kept: [["w", Float64Array.of(1)]],
  });
  Deno.mkdirSync(join(out, "running"), { recursive: true });
  const units = [{ id: UNIT, phase: "train", iteration: 1, iterations: 5 }];
  const heartbeat = { host: "a", pid: 1, job: "", at: new Date().toISOString(), units };
  Deno.writeTextFileSync(join(out, "running", "a-1.json"), JSON.stringify(heartbeat));
  const submission = claimSubmission(out, [], {
    ...{ store: join(out, "store"), dataDir: base, backend: { name: "wasm", reason: "" }, workers: 1, flags: [] },
    ...{ sweepDigest: "", data: {}, code: {} },
    stages: [{ stage: "tune", tasks: [[0, 1]] }, { stage: "train", tasks: [[0], [1]] }, {
      stage: "report",
      tasks: [[]],
    }],
  })!;
  keepJobs(submission, [{ stage: "tune", job: "7" }, { stage: "train", job: "8" }]);
  const times = { started: new Date().toISOString(), ended: null, status: null, signal: "", problem: "" };
  writeTask(submission, "tune", 0, { job: "7", host: "a", ...times });
}

/** Hurts some files of a folder. @returns what was done */
function hurt(folder: string, random: Random): string[] {
  const told: string[] = [];
  for (let count = random() < 0.8 ? 1 : 3; count > 0; count--) {
    const all = filesOf(folder).filter((path) => basename(path) !== ".lock");
    const few = all.filter((path) => !path.includes("store") || /checkpoint|store\.json/.test(path));
    const path = oneOf(random() < 0.7 && few.length > 0 ? few : all, random);
    const what = oneOf(DAMAGES, random)(path, random, folder);
    told.push(`${relative(folder, path)}: ${what}`);
    if (path.endsWith(".csv") && random() < 0.5) sealTable(folder, path);
  }
  return told;
}

/** Says in plan.json that a table is meant to be as it is now, so that it is read. */
function sealTable(folder: string, path: string): void {
  const plan = join(folder, "out", OUT_FILES.plan);
  try {
    const record = JSON.parse(Deno.readTextFileSync(plan));
    record.tables[basename(path)] = sha256(Deno.readFileSync(path));
    Deno.writeTextFileSync(plan, JSON.stringify(record));
  } catch {
    // The one or the other is hurt too much.
  }
}

Deno.test("whatever is in the files of a run, all that reads them goes on or says in one line what is wrong, and the next run is whole or refused", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const [sound, base] = [join(folder, "sound"), join(folder, "case")];
    // Prepared where it is read: folders are named in it.
    await prepare(base, sweep);
    Deno.renameSync(base, sound);
    const expected = tablesOf(join(sound, "out"));
    const counts = new Map<string, number>();
    const refused = new Map<string, number>();
    const start = performance.now();
    const more = (n: number) => FUZZ_S === undefined ? n < EXECUTIONS : performance.now() - start < 1000 * FUZZ_S;
    console.log(`fuzz: --seed=${KEY}`);
    for (let n = ONLY ?? 0; ONLY === undefined ? more(n) : n === ONLY; n++) {
      const generator = rng(["fuzz", KEY, n]);
      const random = () => generator.uniform();
      cpSync(sound, base, { recursive: true });
      const told = hurt(base, random);
      const all = readers(base, sweep);
      // Several of what reads it, one after the other, as people look when something is wrong.
      for (let look = 0; look < LOOKS; look++) {
        const name = oneOf(Object.keys(all), random);
        const place = `${name} after ${told.join(", ")}; again: --seed=${KEY} --execution=${n}`;
        const { code, said } = await all[name]();
        ok([0, 1, 2].includes(code), `status ${code}: ${place}`);
        ok(!/internal| {4}at |undefined|\[object/.test(said), `${said}\n${place}`);
        ok(said.length < 9_000, `${said.length} letters: ${place}`);
        if (code === 2) match(said, /^(?:(?!error).*\n)*error: [^\n]+\n$/, place);
        // What somebody has put into the store with the checksum that fits is a result like others.
        const forged = told.some((one) => /store.*: (another|the content of)/.test(one));
        if (name === "the next run" && code === 0 && !forged) equal(tablesOf(join(base, "out")), expected, place);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (code !== 0) refused.set(name, (refused.get(name) ?? 0) + 1);
      }
      Deno.removeSync(base, { recursive: true });
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const each = [...counts].map(([name, count]) =>
      `${name} ${count} (${refused.get(name) ?? 0} not as if nothing were)`
    );
    console.log(`fuzz: ${total} executions in ${Math.round((performance.now() - start) / 1000)} s: ${each.join(", ")}`);
    if (ONLY === undefined) ok(total === EXECUTIONS * LOOKS || FUZZ_S !== undefined);
  }));
