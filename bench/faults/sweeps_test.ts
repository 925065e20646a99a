import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { writePaper } from "../../reports/paper/mod.ts";
import { main as merge } from "../commands/merge.ts";
import { drawAgain } from "../commands/report.ts";
import { main as status } from "../commands/status.ts";
import { readRun } from "../run/read_run.ts";
import { reportInput } from "../run/report_input.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { FULL, SEED, tablesOf } from "../testing/faults.ts";
import { randomSweep } from "../testing/random_sweep.ts";

/** Sweeps that must pass the dry run; the same ones every time unless all is to be tried. */
const SWEEPS = FULL ? 25 : 2;
const KEY = FULL ? SEED : 3;
/** Of so many drawn ones at most. */
const DRAWN = 10 * SWEEPS;

Deno.test("whatever passes the dry run of a tiny sweep also runs, is told, reported, drawn and merged", () =>
  withFolder(async (folder) => {
    console.log(`sweeps: --seed=${KEY}`);
    const path = writeSweep(folder);
    const sound = JSON.parse(Deno.readTextFileSync(path));
    let passed = 0;
    for (let draw = 0; passed < SWEEPS; draw++) {
      ok(draw < DRAWN, `of ${draw} sweeps only ${passed} pass the dry run`);
      const text = JSON.stringify(randomSweep(sound, KEY, draw));
      Deno.writeTextFileSync(path, text);
      const out = join(folder, `out-${draw}`);
      const args = ["--sweep", path, "--out", out, "--backend", "wasm", "--workers", "2"];
      const planned = await cli(...args, "--dry-run");
      if (planned.code !== 0) {
        equal(planned.code, 2, `${planned.err}\n${text}`);
        match(planned.err, /^error: [^\n]+\n$/);
        continue;
      }
      passed++;
      const place = `sweep ${draw}: ${text}`;
      const run = await cli(...args, "--quiet");
      equal([run.code, run.err.includes("error")], [0, false], `${run.err}\n${run.out}\n${place}`);
      const lines: string[] = [];
      const screen = { terminal: false, columns: () => 80, write: (said: string) => void lines.push(said) };
      const output = { print: (line: string) => void lines.push(line), screen };
      equal(await status(["--out", out], output), 0, `${lines.join("\n")}\n${place}`);
      ok((await drawAgain(out, false)).page.endsWith("index.html"), place);
      ok((await writePaper(reportInput(await readRun(out)), join(folder, `paper-${draw}`))).length > 0, place);
      const merged = join(folder, `merged-${draw}`);
      equal(await merge([out, "--out", merged], output), 0, `${lines.join("\n")}\n${place}`);
      // A run in rounds trains seeds that shares do not.
      if (JSON.parse(text).rounds === null) equal(tablesOf(merged), tablesOf(out), place);
    }
  }));

Deno.test("a run whose trainings bear the name of an algorithm that the sweep lacks, as it trains the same, is drawn again", () =>
  withFolder(async (folder) => {
    const path = writeSweep(folder, (sweep) => {
      sweep.algorithms = ["anil"];
      (sweep.datasets as Record<string, unknown>[])[0].tuning = null;
    });
    const out = join(folder, "out");
    const { code, err } = await cli("--sweep", path, "--out", out, "--backend", "wasm", "--quiet");
    equal(code, 0, err);
    match(Deno.readTextFileSync(join(out, "plan.json")), /"algorithm":"maml"/);
    ok((await drawAgain(out, false)).page.endsWith("index.html"));
  }));
