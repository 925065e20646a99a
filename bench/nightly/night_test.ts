import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { userPath } from "../../common/user_paths.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { UsageError } from "../../common/errors.ts";
import type { Manifest } from "../run/manifest.ts";
import { OUT_FORMAT } from "../run/out_folder.ts";
import { linkedFolders, readBaselines, readHistory } from "./history.ts";
import { night, type World } from "./night.ts";
import { DEFAULT_HISTORY, parseOptions } from "./options.ts";
import { FAKE_SWEEP, type FakeRun, MACHINE, withFolder, writeFakeRun } from "../testing/nightly.ts";
import { after, Nights, SCORE } from "../testing/nights.ts";
import { Subprocess } from "../../common/subprocess.ts";

Deno.test("the first night says that there is no baseline, how to accept it, and passes", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    equal(await nights.run(), 0);
    match(nights.summary(), /^# Nightly 2026-01-01: no baseline yet\n[^]*`deno task nightly --accept`/);
    match(nights.lines.join("\n"), /no baseline yet\nMake this run the baseline .*: deno task nightly --accept/);
    equal(nights.asked, [["--profile", "nightly", "--out", join(nights.folder, "runs", "2026-01-01")]]);
    equal(Deno.readTextFileSync(join(folder, "step.md")), nights.summary());
    equal(readHistory(nights.folder).map(({ run, problems }) => [run, problems]), [["2026-01-01", []]]);
    equal(readBaselines(nights.folder), []);
  }));

const OTHERS: Readonly<Record<string, readonly [FakeRun, RegExp]>> = {
  "backend": [{ manifest: { backend: { name: "cpu", reason: "" } } }, /- backend: wasm then, cpu now/],
  "processor": [
    { manifest: { machine: { ...MACHINE, cpu: "another" } } },
    /- processor: a processor then, another now/,
  ],
  "number of cores": [{ manifest: { machine: { ...MACHINE, cores: 4 } } }, /- cores: 2 then, 4 now/],
  "architecture": [
    { manifest: { machine: { ...MACHINE, arch: "aarch64" } } },
    /- architecture: x86\\_64 then, aarch64 now/,
  ],
  "sweep": [{ sweep: { title: "another" } }, /- sweep: "fake" [0-9a-f]{8} then, "fake" [0-9a-f]{8} now/],
  "data set": [
    { manifest: { data: { sinusoid: { digest: "aa" }, omniglot: { digest: "xx" } } } },
    /- data set omniglot: bb then, xx now/,
  ],
};

for (const [name, [run, message]] of Object.entries(OTHERS)) {
  Deno.test(`a night is not compared with a baseline of another ${name}`, () =>
    after({}, { ...run, ...SCORE, ...{ manifest: run.manifest } }, async (code, nights) => {
      equal(code, 2);
      match(nights.summary(), message);
      match(nights.summary(), /: not compared\n/);
      ok(!nights.summary().includes("## Regressions"));
      // Accepted, it is the baseline of runs like it, and the other stays that of runs like that.
      equal(await nights.accept(), 0);
      equal(await nights.run({ ...run, ...SCORE, ...{ manifest: run.manifest } }), 0);
      equal(await nights.run({}), 0);
      equal(await nights.run(SCORE), 1);
    }));
}

Deno.test("two processors that are not known may be two machines: all but their speed is compared, and that is said", async () => {
  // What systems say that know no name.
  for (const cpu of [null, "unknown", ""]) {
    const unknown = { manifest: { machine: { ...MACHINE, cpu } } };
    const slow: FakeRun = { ...unknown, timing: (row) => ({ ...row, iterationsPerS: (row.iterationsPerS ?? 0) / 10 }) };
    await after(unknown, slow, (code, nights) => {
      equal(code, 0, nights.summary());
      match(nights.summary(), /unknown processor .*may be two machines; speeds are not compared/);
    });
    await after(unknown, { ...unknown, ...SCORE }, (code) => equal(code, 1));
    await after({}, unknown, (code, nights) => {
      equal(code, 2);
      match(nights.summary(), /processor: a processor then, unknown now/);
    });
  }
});

Deno.test("of a checkout that cannot be told to be clean it is said that this is not known, and never that it is", () =>
  after({}, { manifest: { git: { commit: "fedcba9876543210", dirty: null } } }, async (_, nights) => {
    match(nights.summary(), /commit: `fedcba987654`, with uncommitted changes or without: not known\n/);
    equal(await nights.accept(), 0);
    match(nights.lines.join("\n"), /Whether it was made with uncommitted changes is not known/);
  }));

Deno.test("where a baseline is required, a night without one does not pass, be it the first or the baseline lost", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    const strict = (run: FakeRun = {}) => nights.run(run, 0, "--require-baseline");
    equal(await strict(), 2);
    match(nights.summary(), /no baseline yet/);
    equal(await nights.accept(), 0);
    equal(await strict(), 0);
    equal(await strict(SCORE), 1);
    Deno.removeSync(join(nights.folder, "baselines.jsonl"));
    equal(await strict(), 2);
    equal(await nights.run(), 0);
  }));

Deno.test("with one seed a night says that scores cannot be tested, and shows what changed", async () => {
  const one: FakeRun = { sweep: { seeds: [0] }, row: (cell) => cell.seed === 0 ? cell : undefined };
  await after(one, { ...one, shift: ({ metric }) => metric === "mse" ? Math.log(10) : -0.3 }, (code, nights) => {
    equal(code, 0);
    const said = /no regression that can be seen; scores cannot be tested with one seed/;
    match(nights.lines.join("\n"), said);
    match(nights.summary().split("\n")[0], said);
    match(nights.summary(), /× 10.*not tested: one seed|not tested: one seed/);
  });
  await after({}, {}, (_, nights) => match(nights.summary().split("\n")[0], /: no regression$/));
});

Deno.test("files of a history that are links stay links, and what they lead to grows", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    const elsewhere = join(folder, "elsewhere");
    Deno.mkdirSync(elsewhere);
    Deno.mkdirSync(nights.folder);
    for (const name of ["history.jsonl", "baselines.jsonl"]) {
      Deno.symlinkSync(join("..", "elsewhere", name), join(nights.folder, name));
    }
    equal(linkedFolders(nights.folder), [elsewhere]);
    equal(await nights.run(), 0);
    equal(await nights.accept(), 0);
    equal(await nights.run(), 0);
    for (const [name, lines] of [["history.jsonl", 2], ["baselines.jsonl", 1]] as const) {
      ok(Deno.lstatSync(join(nights.folder, name)).isSymlink, name);
      equal(Deno.readTextFileSync(join(elsewhere, name)).trim().split("\n").length, lines);
    }
    equal(readHistory(nights.folder).length, 2);
  }));

Deno.test("a run of another output format is not compared", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    await nights.run();
    await nights.accept();
    const path = join(nights.folder, "baselines.jsonl");
    const text = Deno.readTextFileSync(path).replace(`"outFormat":${OUT_FORMAT}`, '"outFormat":0');
    Deno.writeTextFileSync(path, text);
    equal(await nights.run(), 2);
    match(nights.summary(), new RegExp(`output format: 0 then, ${OUT_FORMAT} now`));
  }));

const FAILED = { mean: null, sd: null, median: null, meanLog: null, status: "failed", reason: "it broke" } as const;
const SKIPPED = { ...FAILED, status: "skipped", reason: "no data", trainingUnit: "" } as const;
const isMaml = ({ algorithm }: { algorithm: string }) => algorithm === "maml";

const BROKEN: Readonly<Record<string, readonly [FakeRun, RegExp]>> = {
  "with a failed cell": [
    { row: (row) => isMaml(row) && row.seed === 0 ? { ...row, ...FAILED } : row },
    /12 cells failed \(it broke\), the first: omniglot, maml, 5 shots, seed 0/,
  ],
  "that lacks planned cells": [
    { row: (row) => row.shots === 10 && isMaml(row) ? undefined : row },
    /18 planned cells have no row/,
  ],
  "that lacks a seed": [{ sweep: { seeds: [0, 1] }, manifest: {} }, /24 cells lack a seed of the sweep/],
  "that lacks timings": [
    { timing: (row) => isMaml(row) ? undefined : row },
    /36 cells have no training in timings\.csv/,
  ],
  "that is empty": [{ row: () => undefined }, /it is empty: no cell/],
  "whose cells are all skipped": [{ row: (row) => ({ ...row, ...SKIPPED }) }, /no cell has a score/],
  "whose verdicts cannot be read": [{ verdicts: "dataset,verdict\n" }, /verdicts\.csv is damaged \(.*"n\\?_seeds"/],
};

for (const [name, [run, message]] of Object.entries(BROKEN)) {
  Deno.test(`a run ${name} fails, with a baseline or without, and cannot be accepted`, () =>
    withFolder(async (folder) => {
      const nights = new Nights(folder);
      const seeds = name === "that lacks a seed" ? { ...run, manifest: fullSweep() } : run;
      equal(await nights.run(seeds), 1);
      match(nights.summary(), /: the run failed\n/);
      match(nights.summary(), message);
      await rejects(() => nights.accept(), (error) => error instanceof UsageError && message.test(error.message));
      equal(readBaselines(nights.folder), []);
      await nights.run();
      await nights.accept();
      equal(await nights.run(seeds), 1);
      await rejects(() => nights.accept(), UsageError);
      equal(readBaselines(nights.folder).length, 1);
      equal(await nights.run(), 0);
    }));
}

/** A manifest whose sweep has one seed more than the rows. */
function fullSweep(): Partial<Manifest> {
  return { sweep: { ...FAKE_SWEEP, seeds: [0, 1, 2] } };
}

Deno.test("a run whose benchmark failed is a failure whatever it left", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    equal(await nights.run({}, 1), 1);
    match(nights.summary(), /the benchmark ended with status 1/);
    await rejects(() => nights.accept(), /the benchmark ended with status 1.*Only a complete run/);
  }));

Deno.test("a benchmark that was interrupted or could not start leaves no night, and its folder is taken up again the same day", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    equal(await nights.run({}, 130), 130);
    nights.day--;
    equal(await nights.run({}, 2), 2);
    equal(readHistory(nights.folder), []);
    await rejects(() => nights.accept(), /There is no run in .* to accept/);
    nights.day--;
    equal(await nights.run(), 0);
    equal(readHistory(nights.folder).map(({ run }) => run), ["2026-01-01"]);
    // Of another sweep, the folder is left alone.
    nights.digest = "0";
    nights.day--;
    equal(await nights.run({}, 130), 130);
    nights.day--;
    equal(await nights.run(), 0);
    equal(readHistory(nights.folder).at(-1)?.run, "2026-01-01-3");
  }));

Deno.test("nights of one day have folders of their own; trained states are kept of the latest only", () =>
  withFolder(async (folder) => {
    const history = join(folder, "history");
    const names: string[] = [];
    const world: World = {
      now: () => new Date(Date.UTC(2026, 0, 1)),
      print: () => {},
      sweepDigest: () => "0",
      bench: (argv) => {
        const out = argv[argv.indexOf("--out") + 1];
        names.push(out.slice(out.lastIndexOf("/") + 1));
        writeFakeRun(out);
        Deno.mkdirSync(join(out, "store"));
        Deno.writeTextFileSync(join(out, "store", "store.json"), "{}");
        return Promise.resolve(0);
      },
      stepSummary: undefined,
      acceptCommand: "",
    };
    for (let i = 0; i < 3; i++) equal(await night(parseOptions(["--history", history]), world), 0);
    equal(names, ["2026-01-01", "2026-01-01-2", "2026-01-01-3"]);
    const kept = names.map((name) =>
      [...Deno.readDirSync(join(history, "runs", name))].some((e) => e.name === "store")
    );
    equal(kept, [false, false, true]);
  }));

Deno.test("a history that is damaged or from a later version is refused before anything runs", () =>
  withFolder(async (folder) => {
    const nights = new Nights(folder);
    await nights.run();
    const path = join(nights.folder, "history.jsonl");
    const line = Deno.readTextFileSync(path);
    const cases: readonly (readonly [string, RegExp])[] = [
      [line + line.slice(0, 90), /history\.jsonl, line 2: .*JSON/],
      [line.replace('"format":2', '"format":9'), /line 1: format 9, but this version reads up to 2/],
      [line.replace('"format":2', '"format":1'), /line 1: format 1, of an older version.* begin a new history/],
      [line.replace('"seeds":3', '"seeds":"3"'), /line 1: cells\.0\.seeds: /],
    ];
    for (const [text, message] of cases) {
      Deno.writeTextFileSync(path, text);
      await rejects(() => nights.run(), (error) => error instanceof UsageError && message.test(error.message));
      equal(nights.asked.length, 1);
    }
  }));

Deno.test("wrong flags end with one line about what is wrong", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["--histroy x", /Unknown argument "--histroy"\. Did you mean "--history"\?/],
    ["--accept --profile smoke", /--accept runs nothing/],
    ["--run x --backend cpu", /--run takes a finished run/],
    ["--history a --history b", /--history is given 2 times/],
    ["--history=", /--history needs a value/],
    ["later", /Unknown argument "later"/],
  ];
  for (const [argv, message] of cases) {
    let error: unknown;
    try {
      parseOptions(argv.split(" "));
    } catch (thrown) {
      error = thrown;
    }
    ok(error instanceof UsageError && message.test(error.message), `${argv}: ${error}`);
  }
  equal(parseOptions([]).history, join(Deno.cwd(), DEFAULT_HISTORY));
  // Where the user stands is not where the night's programs run.
  equal(parseOptions(["--sweep", "my.json"]).bench, ["--sweep", userPath("--sweep", "my.json")]);
});

Deno.test("a real run is a night, can be accepted, and is no regression against itself", () =>
  withFolder(async (folder) => {
    const history = join(folder, "history");
    const task = async (...argv: string[]) => {
      const { code, stdout, stderr } = await Subprocess.deno({
        args: ["run", "-q", "--no-prompt", "-P=nightly", `--config=${join(PROJECT_ROOT, "deno.json")}`]
          .concat([join(PROJECT_ROOT, "bench", "commands", "nightly.ts"), "--history", history, ...argv]),
        env: { GITHUB_STEP_SUMMARY: join(folder, "step.md") },
        stdout: "piped",
        stderr: "piped",
      }).output();
      return { code, out: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
    };
    const first = await task("--profile", "smoke", "--backend", "wasm");
    equal([first.code, /no baseline yet/.test(first.out)], [0, true], first.out);
    equal((await task("--accept")).code, 0);
    const [{ run, problems, cells }] = readHistory(history);
    equal([problems, cells.length], [[], 48]);
    Deno.renameSync(join(history, "runs", run), join(folder, "again"));
    const again = await task("--run", join(folder, "again"));
    equal([again.code, /Nightly again: no regression/.test(again.out)], [0, true], again.out);
    match(Deno.readTextFileSync(join(folder, "step.md")), /no baseline yet[^]*the same, byte for byte/);
    ok(Deno.readTextFileSync(join(history, "history.svg")).startsWith("<svg"));
  }));
