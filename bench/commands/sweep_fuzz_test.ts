import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { change, changed, HOSTILE, places, value } from "../testing/hostile.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

/** Longest that one attempt may take; they take milliseconds. */
const PATIENCE_MS = 5_000;

/** Looks at the plan of a sweep file; nothing is computed. */
async function plan(folder: string, text: string): Promise<{ code: number; out: string; err: string }> {
  const path = join(folder, "sweep.json");
  Deno.writeTextFileSync(path, text);
  const start = performance.now();
  const result = await cli("--sweep", path, "--dry-run", "--backend", "cpu", "--out", join(folder, "out"));
  ok(performance.now() - start < PATIENCE_MS, `took ${performance.now() - start} ms: ${text.slice(0, 2_000)}`);
  equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["sweep.json"], "nothing is written");
  return result;
}

/** One clear line and status 2. */
function isRefused({ code, err }: { code: number; err: string }): void {
  equal(code, 2, err);
  // deno-lint-ignore no-control-regex -- exactly those must not reach the terminal
  match(err, /^error: [^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]+\n$/);
  ok(err.length < 2_100, `${err.length} letters`);
}

Deno.test("any JSON at all as a sweep file ends with one line and status 2", () =>
  withFolder((folder) =>
    fc.assert(
      fc.asyncProperty(fc.oneof(value, fc.json(), fc.string()), async (given) => {
        isRefused(await plan(folder, typeof given === "string" ? given : JSON.stringify(given)));
      }),
      { numRuns: 300, seed: 1 },
    )
  ));

Deno.test("a sweep with anything in any place is planned, or refused in one line, and soon", () =>
  withFolder(async (folder) => {
    const sound = JSON.parse(Deno.readTextFileSync(writeSweep(folder)));
    const { code, err } = await plan(folder, JSON.stringify(sound));
    equal([code, err], [0, ""]);
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(places(sound) - 1), change, async (place, what) => {
        const result = await plan(folder, JSON.stringify(changed(sound, place, what)));
        if (result.code === 0) planned++;
        else isRefused(result);
      }),
      { numRuns: 500, seed: 2 },
    );
    ok(planned > 0, "some changes leave a sweep that can be planned");
  }));

Deno.test("no number, list or file of a sweep is too large to be refused at once", () =>
  withFolder(async (folder) => {
    const sound = JSON.parse(Deno.readTextFileSync(writeSweep(folder)));
    const many = (count: number) => Array.from({ length: count }, (_, i) => i);
    const [entry] = sound.datasets;
    const set = (change: Record<string, unknown>) => ({ ...sound, datasets: [{ ...entry, ...change }] });
    const CASES: readonly (readonly [unknown, RegExp])[] = [
      [{ ...sound, seeds: many(10_001) }, /seeds: too big: expected array to have <=10000 items/],
      [{ ...sound, seeds: [1e15] }, /seeds\[0\]: too big/],
      [{ ...sound, title: "x".repeat(2_000) }, /title: too big/],
      [
        { ...set({ shots: many(5_001).slice(1) }), seeds: many(5_000) },
        /up to \d+ cells; at most 1000000 are planned at once/,
      ],
      [set({ hidden: many(100).fill(4) }), /hidden: too big/],
      [set({ hidden: [1e9] }), /hidden\[0\]: too big/],
      [{ ...sound, datasets: many(11_000).map(() => entry) }, /datasets: too big/],
    ];
    for (const [sweep, message] of CASES) {
      const result = await plan(folder, JSON.stringify(sweep));
      isRefused(result);
      match(result.err, message);
    }
    isRefused(await plan(folder, "[".repeat(1_000_000)));
    isRefused(await plan(folder, `{"a":`.repeat(100_000)));
    const large = await plan(folder, " ".repeat(17 * 1024 * 1024));
    isRefused(large);
    match(large.err, /has 17825792 bytes; a sweep has at most 16777216/);
    const unending = await cli("--sweep", "/dev/zero", "--dry-run");
    isRefused(unending);
    match(unending.err, /is not a file/);
  }));

Deno.test("the name of a sweep cannot lead out of reports/runs", () =>
  withFolder(async (folder) => {
    const sound = JSON.parse(Deno.readTextFileSync(writeSweep(folder)));
    for (const name of [...HOSTILE.filter((word) => !/^[a-z]+$/.test(word)), "..", "a/b", "A", "-a"]) {
      const path = join(folder, "sweep.json");
      Deno.writeTextFileSync(path, JSON.stringify({ ...sound, name }));
      const result = await cli("--sweep", path, "--dry-run");
      isRefused(result);
      match(result.err, /name: /);
    }
  }));
