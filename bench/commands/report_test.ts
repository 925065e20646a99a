import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { sha256 } from "../../common/digest.ts";
import { UsageError } from "../../common/errors.ts";
import { REPORT_FILE } from "../run/completeness.ts";
import { drawing } from "../run/read_run.ts";
import { type RunState, stateOf } from "../status/run_state.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { drawAgain } from "./report.ts";
import { main as status } from "./status.ts";
import { slurm } from "../cluster/slurm.ts";

/** Gives a finished run, and how it looks from outside. */
function withRun(use: (out: string, state: () => Promise<RunState>) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const out = join(folder, "out");
    const { code, err } = await cli("--sweep", writeSweep(folder), "--out", out, "--workers", "1", "--backend", "wasm");
    equal(code, 0, err);
    await use(out, () => stateOf(out, slurm));
  });
}

/** The files of a report by name. */
function filesOf(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, sha256(Deno.readFileSync(join(folder, name)))]));
}

Deno.test("a report is drawn again from the tables, to the same bytes, whatever order they have", () =>
  withRun(async (out) => {
    const report = join(out, "report");
    const before = filesOf(report);
    Deno.removeSync(report, { recursive: true });
    // What the store knows of trainings and their times is in the tables.
    for (const name of ["training", "timing"]) Deno.removeSync(join(out, "store", name), { recursive: true });
    const { page, lacks } = await drawAgain(out, false);
    equal([page, lacks], [join(report, "index.html"), ""]);
    equal(filesOf(report), before);
  }));

Deno.test("a report is not replaced by one that lacks what the store has lost, unless that is asked for", () =>
  withRun(async (out, state) => {
    const report = join(out, "report");
    const before = filesOf(report);
    ok(Object.keys(before).some((name) => name.startsWith("curve_adaptation")), Object.keys(before).join());
    Deno.removeSync(join(out, "store"), { recursive: true });
    await rejects(
      () => drawAgain(out, false),
      (error) => {
        ok(error instanceof UsageError);
        match(
          error.message,
          /report is left as it is: .* lack (\d+) of the \1 test evaluations .*store .*--tables-only/,
        );
        return true;
      },
    );
    equal(filesOf(report), before);

    const { page, lacks } = await drawAgain(out, true);
    match(lacks, /test evaluations/);
    const html = Deno.readTextFileSync(page);
    // The numbers are those of the tables: no cell has failed for want of a store.
    ok(!html.includes("not computed"));
    match((await state()).remarks.join(), /The report lacks (\d+) of the \1 test evaluations/);
    // Nothing more is lost now.
    await drawAgain(out, false);
  }));

Deno.test("a run is complete only while its tables, manifest, plan and report are what it wrote", () =>
  withRun(async (out, state) => {
    equal((await state()).complete, true);
    const shown: string[] = [];
    const console = {
      print: (line: string) => shown.push(line),
      screen: { terminal: false, columns: () => 80, write() {} },
    };
    for (
      const [name, problem] of [
        ["cells.csv", /cells\.csv is (missing|damaged)/],
        ["verdicts.csv", /verdicts\.csv is (missing|damaged)/],
        ["timings.csv", /timings\.csv is (missing|damaged)/],
        ["datapackage.json", /datapackage\.json is (missing|damaged)/],
        ["manifest.json", /manifest\.json is damaged|not written yet/],
        ["plan.json", /plan\.json is (missing|damaged)/],
        ["report/index.html", /index\.html is (missing|damaged)/],
        [`report/${REPORT_FILE}`, /the report was not drawn to its end: .*files\.json is (missing|damaged)/],
      ] as const
    ) {
      const path = join(out, name);
      const bytes = Deno.readFileSync(path);
      for (const damaged of [undefined, new Uint8Array(), bytes.subarray(0, bytes.length - 20)]) {
        if (damaged === undefined) Deno.removeSync(path);
        else Deno.writeFileSync(path, damaged);
        const { complete, report, remarks } = await state();
        equal([complete, report], [false, "missing"], name);
        match(remarks.join("\n"), problem);
      }
      shown.length = 0;
      equal(await status(["--out", out], console, slurm), 1);
      equal(shown.at(-1), "All is computed: the same deno task bench command writes rows and report");
      Deno.writeFileSync(path, bytes);
    }
    equal((await state()).complete, true);
  }));

Deno.test("a drawing that breaks off leaves a report that is not called whole", () =>
  withRun(async (out, state) => {
    const figure = [...Deno.readDirSync(join(out, "report"))].find(({ name }) => name.endsWith(".png"))?.name ?? "";
    Deno.removeSync(join(out, "report", figure));
    // A folder in the place of a file refuses it as a full disk would.
    Deno.mkdirSync(join(out, "report", figure, "x"), { recursive: true });
    await rejects(() => drawAgain(out, false));
    equal((await state()).complete, false);
  }));

Deno.test("a table that is as an older version wrote it is not called damaged, and the way out is said", () =>
  withRun(async (out) => {
    const [cells, plan] = [join(out, "cells.csv"), join(out, "plan.json")];
    const older = Deno.readTextFileSync(cells).replace(",seed,", ",seeed,");
    Deno.writeTextFileSync(cells, older);
    await rejects(() => drawAgain(out, false), /cells\.csv is damaged: it is not as the run wrote it/);
    const record = JSON.parse(Deno.readTextFileSync(plan));
    record.tables["cells.csv"] = sha256(older);
    Deno.writeTextFileSync(plan, JSON.stringify(record));
    await rejects(
      () => drawAgain(out, false),
      /cells\.csv was written by an older version \(.*no column "seed"\); run deno task bench with --out \S+ --sweep \S+sweep\.json again/,
    );
  }));

Deno.test("a disk that is full while a report is drawn is said to be, with what to do", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  await rejects(() => drawing(() => Promise.reject(full)), /Cannot draw this run: ENOSPC: .*; make room/);
  await rejects(
    () => drawing(() => Promise.reject(new RangeError("odd"))),
    /Cannot draw this run: odd\. Where its files/,
  );
});
