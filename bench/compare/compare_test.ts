import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { parseEpisodes } from "../../reports/rows/csv.ts";
import { readTable } from "../../reports/rows/csv_table.ts";
import { columnsOf } from "../../reports/rows/schema_columns.ts";
import { openFinished } from "../run/finished_files.ts";
import { manifestSchema } from "../run/manifest.ts";
import { browser } from "../../reports/testing/browser.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import type { Watched } from "../testing/watch_page.ts";
import { compareRuns } from "./compare.ts";
import { differences } from "./differences.ts";
import { comparisonPage } from "./page.ts";
import { type DifferenceRow, differenceRow } from "./row.ts";

type Change = (sweep: { seeds: number[]; title: string; datasets: Record<string, unknown>[] }) => void;

async function run(folder: string, name: string, change: Change): Promise<string> {
  const out = join(folder, name);
  const sweep = writeSweep(folder, (sweep) => {
    const [dataSet] = sweep.datasets as Record<string, unknown>[];
    dataSet.tuning = null;
    change(sweep as unknown as Parameters<Change>[0]);
  });
  const { code, err } = await cli("--sweep", sweep, "--out", out, "--workers", "1", "--quiet");
  equal(code, 0, err);
  return out;
}

const rowsOf = (folder: string) =>
  readTable<DifferenceRow>(
    columnsOf(differenceRow),
    Deno.readTextFileSync(join(folder, "differences.csv")),
    "differences.csv",
  );

Deno.test("cells of two runs are compared on their common seeds and episodes, and what they were made with is told apart", () =>
  withFolder(async (folder) => {
    const a = await run(folder, "a", (sweep) => sweep.seeds = [0, 1, 2, 3]);
    const b = await run(folder, "b", (sweep) => {
      sweep.seeds = [1, 2, 3];
      sweep.datasets[0].episodes = 6;
      sweep.datasets[0].overrides = { ...sweep.datasets[0].overrides as object, maml: { outerLr: 0.05 } };
    });
    const out = join(folder, "out");
    const lines = (await compareRuns(a, b, out)).join("\n");
    match(lines, /sweep: 3 differences; code: the same; data: the same/);
    match(lines, /sweep, datasets, sinusoid, overrides, maml: absent \| \{"outerLr":0\.05\}/);
    match(lines, /sweep, datasets, sinusoid, episodes: 4 \| 6/);

    const rows = rowsOf(out);
    ok(rows.every(({ algorithm, identical }) => identical === (algorithm === "maml" ? "no" : "yes")));
    const untouched = rows.filter(({ algorithm }) => algorithm === "mtl");
    ok(untouched.length > 0 && untouched.every(({ verdict, diff }) => verdict === "equivalent" && diff === 0));
    const changed = rows.filter(({ algorithm, adapter, innerSteps }) =>
      algorithm === "maml" && adapter === "gradient" && innerSteps === 2
    );
    equal(changed.length, 1);
    const [{ nSeeds, nEpisodes, diff, ratio, flags }] = changed;
    equal([nSeeds, nEpisodes], [3, 4], "seeds 1 to 3, and the episodes that both have");
    match(flags, /missing-seeds: 1 of 4/);
    const scores = (run: string) =>
      openFinished(run).read("episodes.csv", parseEpisodes).filter((row) =>
        row.algorithm === "maml" && row.adapter === "gradient" && row.innerSteps === 2 && row.seed > 0
      )
        .sort((x, y) => x.seed - y.seed).flatMap((row) => row.scores.slice(0, 4));
    const logs = [scores(a), scores(b)].map((side) => side.map((score) => Math.log(score ?? NaN)));
    const expected = logs[0].reduce((total, log, i) => total + log - logs[1][i], 0) / logs[0].length;
    ok(diff !== null && Math.abs(diff - expected) < 1e-9, `${diff}, not ${expected}`);
    ok(ratio !== null && Math.abs(ratio - Math.exp(expected)) < 1e-9);

    const page = Deno.readTextFileSync(join(out, "index.html"));
    const [, allowed] = /default-src &#39;none&#39;; style-src &#39;sha256-([^&]+)&#39;/.exec(page) ?? [];
    const [, style] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    equal(createHash("sha256").update(style).digest("base64"), allowed, "the page's own style is the one allowed");
    match(page, /sinusoid, maml, d = 2, 5 shots, 2 steps of gradient/);
    ok(!/<script|https?:/.test(page), "nothing is loaded and nothing runs");
    const again = join(folder, "again");
    await compareRuns(a, b, again);
    equal(Deno.readTextFileSync(join(again, "index.html")), page);
  }));

Deno.test("one seed cannot be tested, and says so", () =>
  withFolder(async (folder) => {
    const a = await run(folder, "a", (sweep) => sweep.seeds = [0]);
    const b = await run(folder, "b", (sweep) => {
      sweep.seeds = [0];
      sweep.datasets[0].overrides = { maml: { outerLr: 0.05 } };
    });
    const lines = (await compareRuns(a, b, join(folder, "out"))).join("\n");
    match(lines, /Not tested: one seed has scores of both; a verdict needs 3/);
    for (const { algorithm, verdict, lo } of rowsOf(join(folder, "out"))) {
      if (algorithm === "maml") equal([verdict, lo], ["none", null]);
    }
  }));

Deno.test("cells whose test episodes are not the same are not compared, and the reason is told", () =>
  withFolder(async (folder) => {
    const a = await run(folder, "a", (sweep) => sweep.seeds = [0]);
    const b = await run(folder, "b", (sweep) => {
      sweep.seeds = [0];
      sweep.datasets[0].testQueries = 7;
    });
    const lines = (await compareRuns(a, b, join(folder, "out"))).join("\n");
    match(lines, /sinusoid is not compared: its test episodes are not the same: testQueries is 100 in A and 7 in B/);
    equal(rowsOf(join(folder, "out")), []);
  }));

Deno.test("what comes from runs is text on the page, whatever it says, and digests are shown by their first digits", () =>
  withFolder(async (folder) => {
    const a = await run(folder, "a", (sweep) => sweep.seeds = [0]);
    const { manifest } = openFinished(a);
    const hostile = "</style><script>alert(1)</script>";
    const other = manifestSchema.parse({
      ...manifest,
      sweep: { ...manifest.sweep, title: hostile },
      data: { sinusoid: { digest: "f".repeat(64) } },
    });
    const found = differences(manifest, other);
    equal(found.map(({ about, place }) => `${about}: ${place}`), ["sweep: title", "data: sinusoid, digest"]);
    equal(found[1].b, "f".repeat(12));
    const cells = { rows: [], onlyA: 0, onlyB: 0, incomparable: new Map([[hostile, hostile]]) };
    const page = comparisonPage({
      names: { a: hostile, b: "b" },
      manifests: { a: manifest, b: other },
      differences: found,
      cells,
    });
    ok(!page.includes("<script"), "every text is escaped");
    equal(page.split("</style>").length, 2);
  }));

Deno.test({
  name: `in a browser the page is quiet, asks for nothing and fits a phone${
    browser === undefined ? " (no Chromium here)" : ""
  }`,
  ignore: browser === undefined,
  fn: () =>
    withFolder(async (folder) => {
      const a = await run(folder, "a", (sweep) => sweep.seeds = [0]);
      const b = await run(folder, "b", (sweep) => {
        sweep.seeds = [0];
        sweep.datasets[0].overrides = { maml: { outerLr: 0.05 } };
      });
      await compareRuns(a, b, folder);
      const program = join(PROJECT_ROOT, "bench", "testing", "watch_page.ts");
      const address = pathToFileURL(join(folder, "index.html")).href;
      const { success, stdout, stderr } = await Subprocess.deno({
        args: ["run", "-q", "-A", program, browser ?? "", address, "0"],
      }).output();
      ok(success, new TextDecoder().decode(stderr));
      const seen: Watched = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "");
      equal([seen.messages, seen.hosts], [[], [""]]);
      match(seen.first, /not tested/);
      ok(seen.beyond <= 0, `${seen.beyond} pixels beyond the screen`);
    }),
});

/** Runs the task as a user does, with its own permissions. */
function task(...args: string[]): { code: number; out: string; err: string } {
  const own = ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=compare"];
  const { code, stdout, stderr } = Subprocess.deno({
    args: [...own, `--allow-run=${Deno.execPath()}`, join(PROJECT_ROOT, "bench", "commands", "compare.ts"), ...args],
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("the task compares runs that lie elsewhere, and refuses what it cannot compare in one line", () =>
  withFolder(async (folder) => {
    const a = await run(folder, "a", (sweep) => sweep.seeds = [0]);
    const b = await run(folder, "b", (sweep) => sweep.seeds = [0]);
    const { code, out, err } = task(a, b);
    equal(code, 0, err);
    match(out, /sweep: the same; code: the same; data: the same; backend: the same; versions: the same/);
    match(out, /the same to the last bit, 0 not/);
    ok(out.includes(join(a, "compare-b", "index.html")));
    match(task("--help").out, /Usage: deno task compare A B \[--out DIR\]/);
    Deno.mkdirSync(join(folder, "empty"));
    for (
      const [args, message] of [
        [[a], /Name two runs: deno task compare A B, got 1/],
        [[a, a], /A and B are the same folder/],
        [[a, join(folder, "empty")], /empty holds no run; deno task bench makes one/],
        [[a, b, "--oot"], /Unknown flag "--oot"/],
      ] as const
    ) {
      const refused = task(...args);
      equal([refused.code, refused.out], [2, ""], refused.err);
      match(refused.err.split("\n").at(-1) ?? "", message);
    }
  }));
