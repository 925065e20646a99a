import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../code_digest.ts";
import { UsageError } from "../errors.ts";
import type { Manifest } from "../manifest.ts";
import { OUT_FORMAT } from "../out_folder.ts";
import { readBaselines, readHistory } from "./history.ts";
import { night, type World } from "./night.ts";
import { DEFAULT_HISTORY, parseOptions } from "./options.ts";
import { sweepDigest } from "../sweep.ts";
import { FAKE_SWEEP, type FakeRun, MACHINE, verdictsCsv, withFolder, writeFakeRun } from "./testing.ts";

/** A history in a folder, and nights in it whose benchmark only writes made-up runs. */
class Nights {
  readonly folder: string;
  readonly lines: string[] = [];
  readonly asked: string[][] = [];
  day = 0;
  digest = sweepDigest(FAKE_SWEEP);

  constructor(folder: string) {
    this.folder = join(folder, "history");
  }

  #world(bench: World["bench"]): World {
    return {
      now: () => new Date(Date.UTC(2026, 0, this.day)),
      print: (line) => this.lines.push(line),
      sweepDigest: () => this.digest,
      bench: (argv) => (this.asked.push([...argv]), bench(argv)),
      stepSummary: join(this.folder, "..", "step.md"),
      acceptCommand: "deno task nightly --accept",
    };
  }

  /** @returns the exit status */
  run(run: FakeRun = {}, status = 0): Promise<number> {
    this.day++;
    const write = (argv: readonly string[]) => {
      writeFakeRun(argv[argv.indexOf("--out") + 1], run);
      return Promise.resolve(status);
    };
    return night(parseOptions(["--history", this.folder]), this.#world(write));
  }

  accept(): Promise<number> {
    const none = () => Promise.reject(new Error("--accept must not run anything"));
    return night(parseOptions(["--history", this.folder, "--accept"]), this.#world(none));
  }

  summary(): string {
    return Deno.readTextFileSync(join(this.folder, "summary.md"));
  }
}

/** A history whose first night is accepted, and the next one. */
async function after(baseline: FakeRun, run: FakeRun, check: (code: number, nights: Nights) => void | Promise<void>) {
  await withFolder(async (folder) => {
    const nights = new Nights(folder);
    equal(await nights.run(baseline), 0);
    equal(await nights.accept(), 0);
    await check(await nights.run(run), nights);
  });
}

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

Deno.test("the same results again, and results that differ by their noise alone, are no regression", async () => {
  for (const noise of ["", "1", "2", "3", "4"]) {
    await after({}, { noise }, (code, nights) => {
      equal(code, 0, nights.summary());
      match(nights.summary(), /^# Nightly 2026-01-02: no regression\n/);
      match(nights.summary(), noise === "" ? /is the same, byte for byte/ : /`cells.csv` differs/);
    });
  }
});

const SCORE: FakeRun = {
  noise: "1",
  shift: ({ algorithm, metric }) => algorithm === "maml" && metric === "mse" ? 0.4 : 0,
};

Deno.test("a score that got worse beyond its noise is a regression, with its size, its noise and the commits between", () =>
  after({}, { ...SCORE, manifest: { git: { commit: "fedcba9876543210", dirty: false } } }, (code, nights) => {
    equal(code, 1);
    const summary = nights.summary();
    match(summary, /^# Nightly 2026-01-02: 6 regressions\n/);
    match(
      summary,
      /### Scores\n\n[^]*\| sinusoid, maml, 5 shots, 1 steps, d = 0 \| MSE 2\.\d+ \(n = 3\) \| MSE [34]\.\d+ \(n = 3\) \| × 1\.\d+; ln MSE \+0\.\d+, noise ± 0\.0\d+, p = /,
    );
    match(summary, /`git log 0123456789ab\.\.fedcba987654`/);
    ok(!summary.includes("| sinusoid, mtl"), summary);
  }));

Deno.test("an accuracy that fell is a regression too", () =>
  after(
    {},
    { shift: ({ algorithm, metric }) => algorithm === "mtl" && metric === "accuracy" ? -0.06 : 0 },
    (code, nights) => {
      equal(code, 1);
      match(
        nights.summary(),
        /\| omniglot, mtl, 5 shots, 0 steps, d = 0 \| [67]\d\.\d % .* −6\.0 points, noise ± \d\.\d, p = /,
      );
    },
  ));

Deno.test("a score that got better is told, and is no regression", () =>
  after({}, { ...SCORE, shift: (cell) => -(SCORE.shift?.(cell) ?? 0) }, (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /: no regression\n[^]*## Also moved\n\n### Scores\n[^]*× 0\.\d+; ln MSE −0\./);
  }));

Deno.test("seeds or episodes that diverge and did not before are a regression", async () => {
  const lost = { mean: null, sd: null, median: null, meanLog: null, status: "diverged", reason: "NaN" } as const;
  await after(
    {},
    { row: (row) => row.seed === 1 && row.algorithm === "maml" ? { ...row, ...lost } : row },
    (code, n) => {
      equal(code, 1);
      match(n.summary(), /\| sinusoid, maml, 5 shots, 0 steps, d = 0 \| 0 seeds diverged \| 1 seeds diverged \|/);
    },
  );
  await after({}, { row: (row) => ({ ...row, diverged: row.algorithm === "mtl" ? 10 : 0 }) }, (code, nights) => {
    equal(code, 1);
    match(nights.summary(), /\| 0\.0 % of episodes diverged \| 25\.0 % \| tolerance 5 points \|/);
  });
});

const VERDICTS = verdictsCsv([5, "equivalent"], [10, "inconclusive"]);

Deno.test("a verdict that flips, is lost or is not given any more is a regression; one that is settled is not", async () => {
  const flipped = verdictsCsv([5, "meta-better"], [10, "inconclusive"]);
  await after({ verdicts: VERDICTS }, { verdicts: flipped }, (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*### Verdicts\n\n[^]*\| sinusoid, metric mse, comparison matched, mtl, maml, shots 5 \| equivalent \| meta-better \| flipped \|/,
    );
  });
  const cases: readonly (readonly [string | undefined, number, RegExp])[] = [
    [verdictsCsv([5, "inconclusive"], [10, "inconclusive"]), 1, /\| equivalent \| inconclusive \| flipped \|/],
    [verdictsCsv([5, "inconclusive", "boundary"], [10, "inconclusive"]), 0, /at the boundary/],
    [verdictsCsv([10, "inconclusive"]), 1, /\| equivalent \| absent \|/],
    [undefined, 1, /\| verdicts\.csv \| 2 verdicts \| absent \|/],
    [verdictsCsv([10, "equivalent"], [5, "equivalent"]), 0, /\| inconclusive \| equivalent \| settled \|/],
    [VERDICTS, 0, /no regression/],
  ];
  for (const [verdicts, expected, message] of cases) {
    await after({ verdicts: VERDICTS }, { verdicts }, (code, nights) => {
      equal(code, expected, nights.summary());
      match(nights.summary(), message);
    });
  }
  await after({}, { verdicts: VERDICTS }, (code) => equal(code, 0));
});

Deno.test("more counted operations are a regression, fewer are told", async () => {
  const gflop = (ratio: number): FakeRun => ({
    timing: (row) => row.algorithm === "maml" && row.dataset === "sinusoid" ? { ...row, trainGflop: 5 * ratio } : row,
  });
  await after({}, gflop(1.01), (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*### Training cost[^]*\| sinusoid, maml, d = 0 \| 5\.000 GFLOP \| 5\.050 GFLOP \| × 1\.010, tolerance/,
    );
  });
  await after({}, gflop(1.0005), (code) => equal(code, 0));
  await after({}, gflop(0.9), (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /## Also moved\n\n### Training cost/);
  });
});

Deno.test("slower training is a regression: of all beyond one tolerance, of one algorithm beyond a wider one", async () => {
  const slower = (ratio: number, only?: string): FakeRun => ({
    timing: (row) => only === undefined || row.algorithm === only ? { ...row, iterationsPerS: 100 * ratio } : row,
  });
  await after({}, slower(0.8), (code, nights) => {
    equal(code, 1);
    match(
      nights.summary(),
      /: 1 regression\n[^]*\| all trainings \| iterations\/s × 1 \| × 0\.80 \| median of 4 trainings, tolerance × 0\.85 \|/,
    );
  });
  await after({}, slower(0.9), (code) => equal(code, 0));
  await after({}, { ...slower(0.65, "maml") }, (code, nights) => {
    equal(code, 1);
    match(nights.summary(), /\| sinusoid, maml \| iterations\/s × 1 \| × 0\.65 \|/);
  });
  await after({}, { ...slower(0.5), manifest: { workers: 1 } }, (code, nights) => {
    equal(code, 0);
    match(nights.summary(), /\| workers \| 2 workers \| 1 workers \| speeds are not compared \|/);
  });
});

const OTHERS: readonly (readonly [FakeRun, RegExp])[] = [
  [{ manifest: { backend: { name: "cpu", reason: "" } } }, /- backend: wasm then, cpu now/],
  [{ manifest: { machine: { ...MACHINE, cpu: "another" } } }, /- processor: a processor then, another now/],
  [{ manifest: { machine: { ...MACHINE, cores: 4 } } }, /- cores: 2 then, 4 now/],
  [{ manifest: { machine: { ...MACHINE, arch: "aarch64" } } }, /- architecture: x86_64 then, aarch64 now/],
  [{ sweep: { title: "another" } }, /- sweep: "fake" [0-9a-f]{8} then, "fake" [0-9a-f]{8} now/],
  [
    { manifest: { data: { sinusoid: { digest: "aa" }, omniglot: { digest: "xx" } } } },
    /- data set omniglot: bb then, xx now/,
  ],
];

for (const [run, message] of OTHERS) {
  Deno.test(`a night is not compared with a baseline of something else: ${message.source}`, () =>
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

Deno.test("an unknown processor is not taken for the same machine", () => {
  const unknown: FakeRun = { manifest: { machine: { ...MACHINE, cpu: null } } };
  return after(unknown, unknown, (code, nights) => {
    equal(code, 2);
    match(nights.summary(), /processor: unknown in both/);
  });
});

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
  "whose verdicts cannot be read": [{ verdicts: "dataset,verdict\n" }, /verdicts\.csv is damaged \(.*"n_seeds"/],
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
      [line.replace('"format":1', '"format":9'), /line 1: format 9, but this version reads up to 1/],
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
  equal(parseOptions(["--sweep", "my.json"]).bench, ["--sweep", "my.json"]);
});

Deno.test("a real run is a night, can be accepted, and is no regression against itself", () =>
  withFolder(async (folder) => {
    const history = join(folder, "history");
    const task = async (...argv: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command("deno", {
        args: ["run", "-q", "--no-prompt", "-P=nightly", `--config=${join(PROJECT_ROOT, "deno.json")}`]
          .concat([join(PROJECT_ROOT, "bench", "nightly", "main.ts"), "--history", history, ...argv]),
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
