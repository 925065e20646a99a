import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { parseTuning } from "../../reports/rows/csv.ts";
import { OutLock } from "../run/out_folder.ts";
import { readSweep } from "../sweeps/read.ts";
import { sweeps } from "../sweeps/registry.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { Subprocess } from "../../common/subprocess.ts";

const CLI = join(PROJECT_ROOT, "bench", "commands", "bench.ts");
const CONFIG = join(PROJECT_ROOT, "deno.json");

interface Package {
  readonly resources: readonly { readonly path: string; readonly schema: { readonly fields: { name: string }[] } }[];
}

type Loose = Record<string, Record<string, unknown>[]>;

const WRONG: readonly (readonly [argv: string, message: RegExp])[] = [
  ["--shotz 1", /Unknown flag "--shotz"\. Did you mean "--shots"\?/],
  ["--profile papr", /Unknown profile "papr"\. Did you mean "paper"\?/],
  ["--algorithms mtl,mamll", /Unknown algorithm "mamll"\. Did you mean "maml"\?/],
  ["--adapters gradients", /Unknown adapter "gradients"\. Did you mean "gradient"\?/],
  ["--datasets sinusiod", /Unknown data set "sinusiod"\. Did you mean "sinusoid"\?/],
  ["--backend tensorfow", /Unknown backend "tensorfow"\. Did you mean "tensorflow"\?/],
  ["--shots 0", /0 is below the least value, 1/],
  ["--shots 1,x", /"x" is not a whole number/],
  ["--seeds 4-1", /runs backwards/],
  ["--sharing-depths 0,4", /Cannot use sharing depth 4 on "sinusoid": its model mlp has 3 layers, so 0 to 3/],
  ["--adapt-depths native,9", /Cannot use adapt depth 9/],
  [
    "--profile paper --datasets omniglot --shots 30",
    /Cannot draw 30 shots \+ 15 queries per class of "omniglot".* 20 examples/,
  ],
  ["--algorithms all,-mamll", /Unknown algorithm "mamll"\. Did you mean "maml"\?/],
  ["--algorithms mtl,-maml", /"maml" cannot be taken away, since it is not among mtl/],
  ["--algorithms mtl,-mtl", /--algorithms mtl,-mtl: nothing is left/],
  ["--profile quick --datasets omniglot --data-dir FOLDER/none", /Cannot use data set "omniglot": .*deno task data/],
  ["--sweep FOLDER/none.json", /there is no such file/],
  ["--out FOLDER/a,b", /choose a folder without a comma/],
  ["--out FOLDER/file/out", /is not a folder; choose another --out/],
];

Deno.test("everything wrong ends with one clear line, status 2 and nothing written", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    for (const [argv, message] of WRONG) {
      const words = argv.replaceAll("FOLDER", folder).split(" ");
      const out = join(folder, "out");
      const { code, err } = await cli(...words, ...words.includes("--out") ? [] : ["--out", out]);
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], `${argv}: ${err}`);
      equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"], argv);
    }
  }));

Deno.test("a sweep file's mistakes are named by their place", () =>
  withFolder(async (folder) => {
    const cases: readonly (readonly [(sweep: Loose) => void, RegExp])[] = [
      [(s) => s.datasets[0].hypr = s.datasets[0].hyper, /unknown key datasets\[0\]\.hypr; did you mean "hyper"\?/],
      [
        (s) => (s.datasets[0].hyper as Loose).innerlr = [],
        /unknown key datasets\[0\]\.hyper\.innerlr; did you mean "innerLr"\?/,
      ],
      [
        (s) => s.datasets[0].overrides = { maml: { outerLR: 1 } },
        /datasets\[0\]\.overrides\.maml\.outerLR; did you mean "outerLr"\?/,
      ],
      [(s) => s.datasets[0].shots = [], /datasets\[0\]\.shots: /],
      [(s) => s.datasets[0].norms = ["bach"], /datasets\[0\]\.norms\[0\]: .*"batch"/],
      [(s) => s.datasets[0].model = "mpl", /Unknown model "mpl"\. Did you mean "mlp"\?/],
      [(s) => s.datasets[0].overrides = { mmal: {} }, /Unknown algorithm "mmal"/],
      [(s) => s.predictions[0].exect = "equivalent", /unknown key predictions\[0\]\.exect; did you mean "expect"\?/],
      [
        (s) => (s.predictions[0].a as Loose).innerstep = [],
        /predictions\[0\]\.a\.innerstep; did you mean "innerSteps"\?/,
      ],
      [(s) => s.predictions[0].kind = "hope", /predictions\[0\]\.kind: .*"comparison", "at-floor"/],
      [
        (s) => (s.predictions[0].a as Record<string, unknown>).algorithm = "mltl",
        /Prediction .*: unknown algorithm "mltl"/,
      ],
      [(s) => s.predictions[1].id = s.predictions[0].id, /predictions name "shared-features-ridge" twice/],
      [(s) => (s as Record<string, unknown>).format = 1, /format: expected 2; .* --print-sweep/],
    ];
    for (const [change, message] of cases) {
      const { code, err } = await cli(
        "--sweep",
        writeSweep(folder, (sweep) => change(sweep as Loose)),
        "--out",
        join(folder, "out"),
      );
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    }
    Deno.writeTextFileSync(join(folder, "sweep.json"), "{,");
    ok(/not JSON/.test((await cli("--sweep", join(folder, "sweep.json"))).err));
    equal([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("--dry-run prints units, cells, the saving and a time, and writes nothing", () =>
  withFolder(async (folder) => {
    const { code, out } = await cli("--profile", "paper", "--dry-run", "--out", join(folder, "out"));
    equal(code, 0);
    ok(/\d+ units \(\d+ trainings\) serve \d+ cells; without sharing it would be \d+ trainings/.test(out), out);
    ok(/Estimated time: .* \(rough: from counted operations/.test(out), out);
    equal([...Deno.readDirSync(folder)], []);
  }));

Deno.test("every built-in profile can be planned", async () => {
  for (const profile of ["smoke", "quick", "nightly", "paper", "reproduce"]) {
    const { code, err } = await cli("--profile", profile, "--dry-run");
    equal([code, err], [0, ""], profile);
  }
});

Deno.test("--print-sweep prints a built-in sweep that --sweep takes, and computes nothing", () =>
  withFolder(async (folder) => {
    for (const [name, sweep] of Object.entries(sweeps)) {
      const { code, out, err } = await cli("--print-sweep", name);
      equal([code, err], [0, ""]);
      const path = join(folder, `${name}.json`);
      Deno.writeTextFileSync(path, out);
      equal(readSweep(path), JSON.parse(JSON.stringify(sweep)), name);
    }
    const { code, out } = await cli("--print-sweep", "quick", "--seeds", "7", "--datasets", "sinusoid");
    equal([code, JSON.parse(out).seeds, JSON.parse(out).datasets.length], [0, [7], 1]);
    match((await cli("--print-sweep", "quik")).err, /^error: .*"quik".*quick/);
    equal([...Deno.readDirSync(folder)].length, Object.keys(sweeps).length, "nothing else is written");
  }));

Deno.test("the sweep that a run has kept can be run again, and what it says of its shape is checked", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const kept = join(folder, "kept.json");
    const value = JSON.parse(Deno.readTextFileSync(sweep));
    const plan = async (path: string) => await cli("--sweep", path, "--dry-run", "--backend", "cpu");
    Deno.writeTextFileSync(kept, JSON.stringify({ format: 1, digest: "0", sweep: value }));
    equal(readSweep(kept), readSweep(sweep));
    equal((await plan(kept)).out, (await plan(sweep)).out);
    Deno.writeTextFileSync(kept, JSON.stringify({ format: 1, digest: "0", sweep: { ...value, seeds: [-1] } }));
    const { code, err } = await plan(kept);
    equal(code, 2);
    match(err, /kept\.json: seeds\[0\]: /);
  }));

Deno.test("one worker or two, in one go or killed and begun again: the same bytes; and only what is missing is computed", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const cells = (out: string) =>
      [
        "cells.csv",
        "episodes.csv",
        "predictions.csv",
        "cost_to_target.csv",
        "references.csv",
        "tuning.csv",
        "validation.csv",
        "representations.csv",
      ].map((
        name,
      ) => Deno.readTextFileSync(join(folder, out, name)));
    const run = (out: string, ...more: string[]) =>
      cli("--sweep", sweep, "--out", join(folder, out), "--backend", "wasm", ...more);
    const first = await run("a", "--workers", "2");
    equal(first.code, 0, first.err);
    ok(/\d+ cells: \d+ ok/.test(first.out), first.out);
    ok(/Tuning: 8 trials for 2 pairs/.test(first.err), first.err);
    describesItsTables(join(folder, "a"));
    const trials = parseTuning(Deno.readTextFileSync(join(folder, "a", "tuning.csv")));
    equal([trials.length, trials.filter(({ chosen }) => chosen === "yes").length], [8, 2]);
    equal((await run("b", "--workers", "1")).code, 0);
    equal(cells("b"), cells("a"));

    // Killed among the trials, then among the trainings that they decide.
    for (const folderToSee of ["training", "evaluation"]) {
      const killed = Subprocess.deno({
        args: ["run", "-q", "-P=bench", `--config=${CONFIG}`, CLI, "--sweep", sweep, "--out", join(folder, "c")]
          .concat(["--backend", "wasm", "--workers", "1"]),
        stdout: "null",
        stderr: "null",
      }).spawn();
      while (stored(join(folder, "c"), folderToSee) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      killed.kill("SIGKILL");
      await killed.status;
    }
    equal((await run("c")).code, 0);
    equal(cells("c"), cells("a"));

    const again = await run("a");
    ok(/3 units are in the store already/.test(again.err), again.err);
    equal(cells("a"), cells("b"));
  }));

/** A run's data package has every CSV file of its folder, with the columns that stand there. */
function describesItsTables(out: string): void {
  const { resources }: Package = JSON.parse(Deno.readTextFileSync(join(out, "datapackage.json")));
  const files = [...Deno.readDirSync(out)].map(({ name }) => name).filter((name) => name.endsWith(".csv"));
  equal(resources.map(({ path }) => path).sort(), files.sort());
  for (const { path, schema } of resources) {
    const [header] = Deno.readTextFileSync(join(out, path)).split("\r\n");
    equal(schema.fields.map(({ name }) => name), header.split(","), path);
  }
}

function stored(out: string, kind: string): number {
  try {
    return [...Deno.readDirSync(join(out, "store", kind))].length;
  } catch {
    return 0;
  }
}

Deno.test("a damaged entry is computed again, to the same bytes", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const out = join(folder, "out");
    await cli("--sweep", sweep, "--out", out);
    const before = Deno.readTextFileSync(join(out, "cells.csv"));
    const entries = join(out, "store", "evaluation");
    for (const { name } of Deno.readDirSync(entries)) {
      for (const file of [...Deno.readDirSync(join(entries, name))]) {
        Deno.truncateSync(join(entries, name, file.name), 40);
      }
    }
    equal((await cli("--sweep", sweep, "--out", out)).code, 0);
    equal(Deno.readTextFileSync(join(out, "cells.csv")), before);
  }));

Deno.test("a folder of another sweep is refused and --fresh replaces it; one in use is refused", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const out = join(folder, "out");
    await cli("--sweep", sweep, "--out", out);
    const before = Deno.readTextFileSync(join(out, "cells.csv"));
    const other = await cli("--sweep", sweep, "--out", out, "--seeds", "5");
    equal([other.code, /holds the results of another sweep/.test(other.err)], [2, true]);
    equal(Deno.readTextFileSync(join(out, "cells.csv")), before);
    const lock = OutLock.take(out);
    const busy = await cli("--sweep", sweep, "--out", out);
    equal([busy.code, /is in use by process/.test(busy.err)], [2, true]);
    lock.release();
    equal((await cli("--sweep", sweep, "--out", out, "--seeds", "5", "--fresh")).code, 0);
    ok(Deno.readTextFileSync(join(out, "cells.csv")) !== before);
  }));

Deno.test("a run that may not write to its folder starts itself again with that permission", () =>
  withFolder(async (folder) => {
    const out = join(folder, "a folder with spaces");
    const { code, stderr } = await Subprocess.deno({
      args: ["run", "-q", "--no-prompt", "-P=bench", `--config=${CONFIG}`, "--allow-write=reports", CLI]
        .concat(["--sweep", writeSweep(folder), "--out", out, "--quiet"]),
      stdout: "null",
      stderr: "piped",
    }).output();
    equal([code, new TextDecoder().decode(stderr)], [0, ""]);
    ok(Deno.statSync(join(out, "cells.csv")).isFile);
  }));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends a run within two seconds with status 130 and says how to go on`, () =>
    withFolder(async (folder) => {
      const child = Subprocess.deno({
        args: ["run", "-q", "-P=bench", `--config=${CONFIG}`, CLI, "--profile", "paper", "--datasets", "sinusoid"]
          .concat(["--backend", "wasm", "--out", join(folder, "out")]),
        stdout: "null",
        stderr: "piped",
      }).spawn();
      while (!isThere(join(folder, "out", "store", "store.json"))) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const start = performance.now();
      child.kill(signal);
      const { code, stderr } = await child.output();
      equal(code, 130);
      ok(performance.now() - start < 2000);
      ok(/Interrupted\. .* run the same command again to go on/.test(new TextDecoder().decode(stderr)));
    }));
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
