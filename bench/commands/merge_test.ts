import { deepStrictEqual as equal, ok } from "node:assert";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { main } from "./merge.ts";
import { readRunFile } from "../run/run_file.ts";
import { Store } from "../store/store.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

/** What a rerun must not change. */
const TABLES = ["cells.csv", "episodes.csv", "verdicts.csv", "tuning.csv", "validation.csv"];
const tables = (out: string) => TABLES.map((name) => Deno.readTextFileSync(join(out, name)));

async function merge(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines: string[] = [];
  let err = "";
  const screen = { terminal: false, columns: () => 80, write: (text: string) => void (err += text) };
  const code = await main(argv, { print: (line) => lines.push(line), screen });
  return { code, out: lines.join("\n"), err };
}

/** Without tuning, so that shares need no second stage. */
function writePlainSweep(folder: string): string {
  return writeSweep(folder, (sweep) => {
    (sweep.datasets as Record<string, unknown>[])[0].tuning = null;
    sweep.seeds = [0, 1];
  });
}

async function share(sweep: string, out: string, shard: string, ...more: string[]): Promise<void> {
  const { code, err } = await cli("--sweep", sweep, "--out", out, "--shard", shard, "--backend", "wasm", ...more);
  equal(code, 0, err);
}

function filesUnder(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory ? filesUnder(path) : [path];
  });
}

Deno.test("shares of different machines, tuned in one round and trained in the next, merge into what one run writes, byte for byte", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const whole = join(folder, "whole");
    equal((await cli("--sweep", sweep, "--out", whole, "--backend", "wasm")).code, 0);

    const merged = join(folder, "merged");
    const rounds = (stage: string) => [1, 2, 3].map((index) => join(folder, `${stage}-${index}`));
    for (const [index, out] of rounds("tune").entries()) await share(sweep, out, `${index + 1}/3`, "--stage", "tune");
    const early = await cli("--sweep", sweep, "--out", join(folder, "tune-1"), "--shard", "1/3", "--stage", "train");
    equal(early.code, 2);
    ok(
      /Cannot plan the trainings: \d+ of the 8 trials .* are not in the store .*deno task merge/.test(early.err),
      early.err,
    );
    const half = await merge(...rounds("tune").slice(1), "--out", merged);
    ok(half.code === 1 && /\d+ of the 8 trials of the tuning are in none of these folders/.test(half.err), half.err);
    const tuned = await merge(...rounds("tune"), "--out", merged);
    equal([tuned.code, tuned.err], [0, ""]);
    ok(/All 8 trials .*\n.*--stage train/.test(tuned.out), tuned.out);

    for (const [index, out] of rounds("train").entries()) {
      cpSync(join(merged, "store"), join(out, "store"), { recursive: true });
      await share(sweep, out, `${index + 1}/3`, "--stage", "train");
    }
    const partial = await merge(...rounds("train").slice(0, 2), "--out", join(folder, "partial"));
    ok(partial.code === 1 && /1 of the 3 units are in none of these folders/.test(partial.err), partial.err);
    const all = await merge(...rounds("train"), "--out", merged);
    equal([all.code, all.err], [0, ""]);
    equal(tables(merged), tables(whole));
    ok(Deno.statSync(join(merged, "report", "index.html")).isFile);
    const again = await merge(...rounds("train"), merged, "--out", merged);
    equal(again.code, 0);
    equal(tables(merged), tables(whole));
  }));

Deno.test("every unit of a sweep is computed by exactly one share, also in a store that all of them share", () =>
  withFolder(async (folder) => {
    const sweep = writePlainSweep(folder);
    const [whole, store] = [join(folder, "whole"), join(folder, "store")];
    await cli("--sweep", sweep, "--out", whole, "--backend", "wasm");
    const trainings = (path: string) =>
      filesUnder(join(path, "training")).filter((name) => name.endsWith(".json")).length;
    const seen: number[] = [];
    for (const index of [2, 1, 3]) {
      await share(sweep, join(folder, `${index}`), `${index}/3`, "--store", store);
      seen.push(trainings(store));
    }
    equal(seen.at(-1), trainings(join(whole, "store")));
    ok(seen[0] > 0 && seen[1] > seen[0] && seen[2] > seen[1], seen.join(" "));
    // Nothing is left to compute: one who only reports finds all of it.
    const out = join(folder, "report");
    equal(
      (await cli("--sweep", sweep, "--out", out, "--store", store, "--stage", "report", "--backend", "wasm")).code,
      0,
    );
    equal(tables(out), tables(whole));
  }));

Deno.test("results of one address and different bytes, other code, other sweeps and folders without a run are no merge", () =>
  withFolder(async (folder) => {
    const sweep = writePlainSweep(folder);
    const [one, two] = ["one", "two"].map((name) => join(folder, name));
    await share(sweep, one, "1/2");
    await share(sweep, two, "2/2");
    const target = join(folder, "merged");
    const refused = async (message: RegExp, ...folders: string[]) => {
      const { code, err } = await merge(...folders, "--out", target);
      equal([code, message.test(err), err.trimEnd().includes("\n")], [2, true, false], err);
    };
    await refused(/Cannot merge .*none: it holds no run/, join(folder, "none"));

    // The same unit twice, with a number changed and the checksum right.
    const store = Store.open(join(one, "store"));
    const [path] = filesUnder(join(one, "store", "training")).filter((name) => name.endsWith(".json"));
    const id = (path.split("/").at(-1) ?? "").replace(".json", "");
    const [result, state] = [store.training(id), store.state(id)];
    ok(result !== undefined && state !== undefined);
    const wrong = Store.open(join(two, "store"));
    wrong.putTraining(id, { ...result, flops: result.flops + 1 }, state);
    await refused(
      new RegExp(`${path} and .*two.*${id}\\.json: they have the same address and different contents`),
      one,
      two,
    );
    wrong.removeTraining(id);

    const change = (edit: (run: ReturnType<typeof readRunFile>) => void) => {
      const run = structuredClone(readRunFile(two));
      edit(run);
      Deno.writeTextFileSync(join(two, "run.json"), JSON.stringify(run));
    };
    const original = Deno.readTextFileSync(join(two, "run.json"));
    const cases: readonly (readonly [RegExp, Parameters<typeof change>[0]])[] = [
      [/differ in their backend \(wasm and cpu\)/, (run) => run.backend.name = "cpu"],
      [/differ in their versions of the runtime \(deno: .* and 1\.0\.0\)/, (run) => run.versions.deno = "1.0.0"],
      [
        /differ in their code \(sinusoid\/maml, train: \w{12} and 0000\)/,
        (run) => run.code["sinusoid/maml"].train = "0000",
      ],
      [/differ in their data \(sinusoid, digest: /, (run) => run.data.sinusoid = { skipped: "absent" }],
      [/differ in their sweep/, (run) => run.sweepDigest = "0"],
      [/damaged \(workers: /, (run) => (run as { workers: unknown }).workers = "many"],
      [/run\.json has format 9; this version reads up to 2/, (run) => (run as { format: number }).format = 9],
    ];
    for (const [message, edit] of cases) {
      change(edit);
      await refused(message, one, two);
      Deno.writeTextFileSync(join(two, "run.json"), original);
    }
    equal((await merge(one, two, "--out", target)).code, 0);
  }));

Deno.test("an entry that is damaged in one folder comes from another, or is missing", () =>
  withFolder(async (folder) => {
    const sweep = writePlainSweep(folder);
    const [one, two, spare] = ["one", "two", "spare"].map((name) => join(folder, name));
    await share(sweep, one, "1/2");
    await share(sweep, two, "2/2");
    await share(sweep, spare, "2/2");
    for (const path of filesUnder(join(two, "store", "evaluation"))) Deno.truncateSync(path, 40);
    const lacking = await merge(one, two, "--out", join(folder, "lacking"));
    ok(lacking.code === 1 && /are in none of these folders/.test(lacking.err), lacking.err);
    equal((await merge(one, two, spare, "--out", join(folder, "merged"))).code, 0);
  }));

Deno.test("deno task merge says what is wrong with its arguments", async () => {
  for (
    const [argv, message] of [
      [["--out", "x"], /Name the folders/],
      [["a"], /Say with --out/],
      [["a", "--outt", "x"], /Unknown flag "--outt"/],
      [["a", "--out", "a,b"], /without a comma/],
    ] as const
  ) {
    const { code, err } = await merge(...argv);
    equal([code, message.test(err)], [2, true], err);
  }
  ok(/Usage: deno task merge/.test((await merge("--help")).out));
});
