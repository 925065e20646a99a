import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join, relative } from "node:path";
import fc from "fast-check";
import { FIGURES } from "../../reports/figures/registry.ts";
import { page } from "../../reports/page/page.ts";
import { resultTable } from "../../reports/paper/tables.ts";
import { DataError } from "../../data/mod.ts";
import { canonicalJson, sha256 } from "../../common/digest.ts";
import { oneLine, UsageError } from "../../common/errors.ts";
import { summaryOf } from "../nightly/summary.ts";
import { outcomeOf } from "../nightly/night.ts";
import { readRun as readNight } from "../nightly/read_run.ts";
import { appendHistory, HISTORY_FILES, readBaselines, readHistory } from "../nightly/history.ts";
import { THRESHOLDS } from "../nightly/thresholds.ts";
import { readRun } from "../run/read_run.ts";
import { reportInput } from "../run/report_input.ts";
import { type Change, change, changed, places } from "../testing/hostile.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesOf(join(folder, name)) : [join(folder, name)]
  ).sort();
}

/** A finished run, and a way to damage its files and have them whole again. */
async function withRun(
  use: (out: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, restore: () => void) => Promise<void>,
) {
  await withFolder(async (folder) => {
    const out = join(folder, "run");
    const { code, err } = await cli("--sweep", writeSweep(folder), "--out", out, "--workers", "1", "--backend", "wasm");
    equal(code, 0, err);
    Deno.removeSync(join(out, "report"), { recursive: true });
    const files = new Map(filesOf(out).map((path) => [path, Deno.readFileSync(path)]));
    const restore = () => {
      for (const path of filesOf(out)) if (!files.has(path)) Deno.removeSync(path);
      for (const [path, bytes] of files) Deno.writeFileSync(path, bytes);
    };
    await use(out, files, restore);
  });
}

/** What the report and the tables for papers draw, apart from rendering. */
async function draw(out: string): Promise<string> {
  const input = reportInput(await readRun(out));
  for (const dataset of input.datasets) {
    resultTable(input, dataset);
    for (const figure of Object.values(FIGURES)) figure.draw(input, dataset);
  }
  return page(input, []);
}

function isClear(error: unknown): void {
  ok(error instanceof UsageError || error instanceof DataError, String(error instanceof Error ? error.stack : error));
  ok(oneLine(error).length < 2_100);
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The file with a change in some place of its JSON; entries of a store get the checksum that goes with it. */
function mutated(path: string, bytes: Uint8Array, where: number, what: Change): string {
  const document = JSON.parse(decode(bytes));
  const entry = /store.(training|evaluation|timing)/.test(path);
  const body = entry ? document.body : document;
  const wrong = changed(body, where % Math.max(1, places(body)), what);
  return JSON.stringify(entry ? { sha256: sha256(canonicalJson(wrong)), body: wrong } : wrong);
}

const place = fc.nat(1e6);

Deno.test("a report of a run with anything in any place of its files is drawn, or refused in one line", () =>
  withRun(async (out, files, restore) => {
    await draw(out);
    const json = [...files.keys()].filter((path) => path.endsWith(".json") && !path.endsWith("run.json"));
    ok(json.length > 20, "the run has results");
    let drawn = 0;
    const small = json.filter((path) => !path.includes("store"));
    const any = fc.oneof(fc.constantFrom(...small), fc.constantFrom(...json));
    await fc.assert(
      fc.asyncProperty(any, place, change, async (path, where, what) => {
        restore();
        Deno.writeTextFileSync(path, mutated(path, files.get(path)!, where, what));
        try {
          const html = await draw(out);
          ok(!html.includes("<script>alert"), "nothing escapes");
          drawn++;
        } catch (error) {
          isClear(error);
        }
      }),
      { numRuns: 100, seed: 3 },
    );
    ok(drawn > 0, "some changes leave a run that can be drawn");
  }));

Deno.test("a report of a run with broken, cut or exchanged bytes is drawn, or refused in one line", () =>
  withRun(async (out, files, restore) => {
    const bytes = fc.array(fc.record({ at: place, byte: fc.integer({ min: 1, max: 255 }) }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files.keys()), bytes, fc.option(place), async (path, changes, cut) => {
        restore();
        const damaged = Uint8Array.from(files.get(path)!);
        for (const { at, byte } of changes) damaged[at % damaged.length] ^= byte;
        Deno.writeFileSync(path, cut === null ? damaged : damaged.subarray(0, cut % damaged.length));
        await draw(out).catch(isClear);
      }),
      { numRuns: 100, seed: 4 },
    );
  }));

Deno.test("addresses in plan.json cannot lead out of the store", () =>
  withRun(async (out, files) => {
    const path = join(out, "plan.json");
    const record = JSON.parse(decode(files.get(path)!));
    for (const id of ["../../../../../../etc/passwd", "a".repeat(63), "A".repeat(64), `${"a".repeat(64)}/..`]) {
      for (
        const change of [
          { units: [{ ...record.plan.units[0], id }] },
          { units: [{ ...record.plan.units[0], evaluations: [{ ...record.plan.units[0].evaluations[0], id }] }] },
          { cells: [{ ...record.plan.cells[0], unit: id }] },
          { cells: [{ ...record.plan.cells[0], evaluation: id }] },
        ]
      ) {
        Deno.writeTextFileSync(path, JSON.stringify({ ...record, plan: { ...record.plan, ...change } }));
        const error = await readRun(out).then(() => undefined, (reason) => reason);
        isClear(error);
        match(oneLine(error), /plan\.json is damaged \(plan\..*expected 64 hex digits|Invalid input\)/);
      }
    }
  }));

Deno.test("a store's entry of the wrong shape is set aside even when its checksum is right", () =>
  withRun(async (out, files) => {
    const [path] = [...files.keys()].filter((name) => /store.evaluation.*\.json$/.test(relative(out, name)));
    const { body } = JSON.parse(decode(files.get(path)!));
    const wrong = { ...body, curve: [{ ...body.curve[0], scores: ["<script>alert(1)</script>"] }] };
    Deno.writeTextFileSync(path, JSON.stringify({ sha256: sha256(canonicalJson(wrong)), body: wrong }));
    await draw(out);
    ok(Deno.statSync(`${path}.corrupt`).isFile);
  }));

Deno.test("a night of a run with anything in any place of its files has problems, or is refused in one line", () =>
  withRun(async (out, files, restore) => {
    const whole = readNight(out, NOW);
    const read = [...files.keys()].filter((path) => !path.includes("store") && /(csv|sweep|plan|manifest)/.test(path));
    const bytes = fc.array(fc.record({ at: place, byte: fc.integer({ min: 1, max: 255 }) }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.property(fc.constantFrom(...read), place, change, bytes, fc.boolean(), (path, where, what, changes, text) => {
        restore();
        const damaged = Uint8Array.from(files.get(path)!);
        for (const { at, byte } of changes) damaged[at % damaged.length] ^= byte;
        if (path.endsWith(".json") && !text) {
          Deno.writeTextFileSync(path, mutated(path, files.get(path)!, where, what));
        } else Deno.writeFileSync(path, damaged);
        try {
          const night = readNight(out, NOW);
          summaryOf(
            night,
            outcomeOf(night, [{ accepted: whole.date, entry: whole }], THRESHOLDS),
            THRESHOLDS,
            "accept",
          );
        } catch (error) {
          isClear(error);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  }));

Deno.test("a history with anything in any place is read, or refused with the line that is wrong", () =>
  withRun(async (out) => {
    const night = readNight(out, NOW);
    await withFolder(async (folder) => {
      const path = join(folder, HISTORY_FILES.history);
      const baselines = join(folder, HISTORY_FILES.baselines);
      await fc.assert(
        fc.property(place, change, (where, what) => {
          const wrong = changed(night, where % places(night), what);
          Deno.writeTextFileSync(path, JSON.stringify(wrong) + "\n");
          Deno.writeTextFileSync(baselines, JSON.stringify({ accepted: night.date, entry: wrong }) + "\n");
          for (const read of [readHistory, readBaselines]) {
            try {
              read(folder);
            } catch (error) {
              isClear(error);
              match(oneLine(error), /line 1: /);
            }
          }
        }),
        { numRuns: 300, seed: 6 },
      );
      for (const run of ["..", "../../elsewhere", "a/b", "a\\b", ""]) {
        Deno.writeTextFileSync(path, JSON.stringify({ ...night, run }) + "\n");
        match(
          oneLine(await Promise.resolve().then(() => readHistory(folder)).catch((error) => error)),
          /line 1: run: /,
        );
      }
      Deno.removeSync(path);
      appendHistory(folder, night);
      equal(readHistory(folder), [night]);
    });
  }));
