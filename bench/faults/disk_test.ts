import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { busySweep, resultsOf, Run, tablesOf, thorough, until, untilTraining } from "../testing/faults.ts";
import { Subprocess } from "../../common/subprocess.ts";

const ROOT = Deno.build.os === "linux" && Deno.uid() === 0;

/** Runs a program that must succeed. */
async function system(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Subprocess(program, { args, stderr: "piped" }).output();
  ok(success, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A disk of its own, of a few KiB. */
async function withDisk(size: string, use: (disk: string, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const disk = join(folder, "disk");
    Deno.mkdirSync(disk);
    await system("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk);
    try {
      await use(disk, folder);
    } finally {
      await system("umount", "-l", disk);
    }
  });
}

const grow = (disk: string, size: string) => system("mount", "-o", `remount,size=${size}`, disk);

thorough(
  "a disk that fills up ends a run with what to do, what is kept stays, and the next run on a larger disk ends in the same bytes",
  () =>
    withDisk("100k", async (disk, folder) => {
      const sweep = busySweep(folder, 300);
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();
      const out = join(disk, "out");
      let kept = new Map<string, string>();
      // Full among the trials, among the trainings, then while tables and report are written.
      for (const [size, next] of [["100k", "130k"], ["130k", "180k"], ["180k", "400k"], ["400k", "16m"]]) {
        const { code, err } = await new Run(sweep, out).ended;
        if (code !== 0) {
          equal(code, 1, `${size}: ${err}`);
          match(
            err,
            /error: .*: No space left on device.*; make room\. .* is kept in .*; run the same command again to go on\n$/i,
            size,
          );
          equal(err.match(/error:/g)?.length, 1, err);
        }
        const results = resultsOf(join(out, "store"));
        for (const [name, write] of kept) equal(results.get(name), write, `${name} is lost`);
        ok(results.size >= kept.size);
        kept = results;
        await grow(disk, next);
        if (size === "100k") equal(code, 1, "100 KiB were enough");
      }
      await new Run(sweep, out).succeeds();
      for (const [name, write] of kept) equal(resultsOf(join(out, "store")).get(name), write);
      equal(tablesOf(out), tablesOf(calm.out));
    }),
  ROOT,
);

thorough(
  "a disk that becomes read-only during a run ends it with what to do; writable again, the next run ends in the same bytes",
  () =>
    withDisk("16m", async (disk, folder) => {
      const sweep = busySweep(folder);
      // Of the run's folder a file is open for as long as it runs, and such a disk cannot be made read-only.
      const [out, store] = [join(folder, "out"), join(disk, "store")];
      const run = new Run(sweep, out, ["--store", store]);
      await untilTraining(run);
      await until("read-only", async () => {
        return (await new Subprocess("mount", { args: ["-o", "remount,ro", disk], stderr: "null" }).output()).success;
      });
      const { code, err } = await run.ended;
      equal(code, 1, err);
      match(err, /error: .*: Read-only file system.*; make it writable\. /);
      const again = await new Run(sweep, out, ["--store", store]).ended;
      equal(again.code, 1, again.err);
      match(again.err, /error: .*: Read-only file system.*; make it writable\. /);
      const refused = await new Run(sweep, join(disk, "out")).ended;
      equal(refused.code, 2, refused.err);
      match(refused.err, /^error: Cannot write to --out .*Read-only file system.*choose another --out\n$/);
      await system("mount", "-o", "remount,rw", disk);
      await new Run(sweep, out, ["--store", store]).succeeds();
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();
      equal(tablesOf(run.out), tablesOf(calm.out));
    }),
  ROOT,
);

/** Takes the superuser's right to ignore permissions; others do not have it. */
const HUMBLE = ROOT ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] : [];

thorough(
  "permissions that are taken away during a run end it with what to do; given back, the next run ends in the same bytes",
  () =>
    withFolder(async (folder) => {
      const sweep = busySweep(folder);
      const run = new Run(sweep, join(folder, "out"), [], { wrapper: HUMBLE });
      const training = join(run.out, "store", "training");
      await until("a result", () => resultsOf(join(run.out, "store")).size > 0);
      const kept = resultsOf(join(run.out, "store"));
      const folders = [training, ...[...Deno.readDirSync(training)].map(({ name }) => join(training, name))];
      for (const path of folders) Deno.chmodSync(path, 0o500);
      const { code, err } = await run.ended;
      equal(code, 1, err);
      match(
        err,
        /error: Cannot write to .*: Permission denied.*; give this user access\. .* run the same command again to go on/,
      );
      for (const path of folders) Deno.chmodSync(path, 0o700);
      await new Run(sweep, run.out).succeeds();
      for (const [name, write] of kept) {
        equal(resultsOf(join(run.out, "store")).get(name), write, `${name} was computed again`);
      }
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();
      equal(tablesOf(run.out), tablesOf(calm.out));
    }),
  Deno.build.os !== "windows",
);

Deno.test("a disk that is full when tables are written ends a run with one line that says what to do, and the next run completes it", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const argv = ["--sweep", writeSweep(folder), "--out", out, "--backend", "wasm", "--quiet"];
    const { writeSync } = Deno.FsFile.prototype;
    // The workers have a disk of their own, as it were.
    Deno.FsFile.prototype.writeSync = function (bytes) {
      const full = /^dataset,/.test(new TextDecoder().decode(bytes.subarray(0, 10)));
      if (full) throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
      return writeSync.call(this, bytes);
    };
    try {
      const { code, err } = await cli(...argv);
      equal(code, 1, err);
      match(
        err,
        /^error: Cannot write to .*out: No space left on device \(os error 28\); make room\. What is finished is kept in .*\n$/,
      );
      equal([...Deno.readDirSync(out)].filter(({ name }) => /\.(csv|tmp)$|manifest|plan/.test(name)), []);
    } finally {
      Deno.FsFile.prototype.writeSync = writeSync;
    }
    const before = resultsOf(join(out, "store"));
    equal((await cli(...argv)).code, 0);
    equal(resultsOf(join(out, "store")), before);
  }));
