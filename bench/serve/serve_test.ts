import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { browser } from "../../reports/testing/browser.ts";
import { readTable } from "../../reports/rows/csv_table.ts";
import { VERDICT_TABLE } from "../../reports/rows/tables.ts";
import type { VerdictRow } from "../../reports/rows/verdict_row.ts";
import type { StatusFile } from "../run/live_status.ts";
import { OUT_FILES } from "../run/out_folder.ts";
import { writeAtomically } from "../../common/files.ts";
import { runBench } from "../executors/program.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import type { Watched } from "../testing/watch_page.ts";
import { Watcher } from "./interim.ts";
import { livePage, POLICY } from "./page.ts";
import { answer } from "./server.ts";
import { startPage } from "./start.ts";

const NOTHING = { interim: undefined, curves: [], trouble: "" };

Deno.test("only reading is answered, only to this machine's own name for itself, and only two addresses are there", () =>
  withFolder(async (out) => {
    writeAtomically(join(out, "secret.txt"), "secret");
    const ask = (path: string, init: RequestInit = {}, host = "127.0.0.1:1") =>
      answer(new Request(`http://${host}${path}`, init), { out, seen: NOTHING });
    equal(ask("/").status, 200);
    equal(ask("/", { method: "HEAD" }).body, null);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const refused = ask("/", { method });
      equal([refused.status, refused.headers.get("allow")], [405, "GET, HEAD"], method);
    }
    for (const host of ["example.com", "127.0.0.1.example.com", "[::1]:1", "10.0.0.1"]) {
      equal(ask("/", {}, host).status, 403, host);
    }
    equal(ask("/", {}, "localhost:8080").status, 200);
    const elsewhere = [
      "/secret.txt",
      "/../secret.txt",
      "/%2e%2e/etc/passwd",
      "/..%2fsecret.txt",
      "//etc/passwd",
      "/cells.csv",
    ];
    for (const path of elsewhere) {
      const { status, text } = { status: ask(path).status, text: await ask(path).text() };
      equal([status, text], [404, "There is only / and /status.json\n"], path);
    }
    equal(ask("/status.json").status, 404, "no run has said anything yet");
    match(await ask("/").text(), /has not begun to compute/);
    equal(ask("/").headers.get("content-security-policy"), POLICY);
  }));

Deno.test("the page allows its own style and script by digest and nothing else, and shows what comes from a run as text", () => {
  const hostile = "<script>alert(1)</script>";
  const status: StatusFile = {
    format: 1,
    state: "running",
    ...{ sweep: hostile, backend: "wasm", workers: 2, host: "h", pid: 1 },
    ...{ started: "", updated: "", everyS: 2, stage: hostile, cells: { total: 4, done: 1 }, etaS: 90 },
    stages: [{ stage: "train", total: 3, done: 1, failed: 1, running: 1 }],
    computing: [{
      ...{ unit: "u", dataset: hostile, algorithm: "maml", seed: 0, phase: "train" },
      ...{ iteration: 5, iterations: 10, loss: null },
    }],
  };
  const page = livePage({ out: hostile, status, interim: undefined, trouble: hostile, curves: [] });
  equal(page.split("<script>").length, 2, "the page's own script alone");
  match(page, /1 of 3 units of train, 1 failed; 1 of 4 cells/);
  match(page, /5 of 10/);
  for (const [tag, directive] of [["style", "style-src"], ["script", "script-src"]]) {
    const [, text] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
    const digest = createHash("sha256").update(text).digest("base64");
    ok(POLICY.includes(`${directive} 'sha256-${digest}'`), `${tag} is the one that is allowed`);
  }
  match(POLICY, /^default-src 'none'/);
});

/** A finished run of three seeds. */
async function finished(folder: string): Promise<string> {
  const sweep = writeSweep(folder, (sweep) => sweep.seeds = [0, 1, 2]);
  const out = join(folder, "run");
  const { code, err } = await cli("--sweep", sweep, "--out", out, "--workers", "1", "--quiet");
  equal(code, 0, err);
  return out;
}

Deno.test("interim verdicts rest on the seeds that are there, and when all are they are the report's", () =>
  withFolder(async (folder) => {
    equal(await new Watcher(folder).look(), undefined, "no run has begun");
    const out = await finished(folder);
    const watcher = new Watcher(out);
    const whole = await watcher.look();
    const rows = readTable<VerdictRow>(
      VERDICT_TABLE.columns,
      Deno.readTextFileSync(join(out, OUT_FILES.verdicts)),
      VERDICT_TABLE.file,
    );
    equal(
      whole?.verdicts.map(({ verdict: { verdict, lo, hi } }) => [verdict, lo, hi]),
      rows.map(({ verdict, lo, hi }) => [verdict, lo, hi]),
    );
    const page = livePage({ out, status: undefined, interim: whole, trouble: "", curves: [] });
    match(page, /Interim verdicts/);
    ok(page.split('class="interim"').length > 1, "each is marked");

    // One seed's evaluations are not there yet.
    const { plan: { cells } } = JSON.parse(Deno.readTextFileSync(join(out, OUT_FILES.plan)));
    for (const { evaluation, seed } of cells) {
      if (seed !== 2) continue;
      const path = join(out, "store", "evaluation", evaluation.slice(0, 2), `${evaluation}.json`);
      try {
        Deno.removeSync(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    const part = await watcher.look();
    ok(part?.verdicts.every(({ verdict: { nSeeds, verdict } }) => nSeeds === 2 && verdict === "none"));
    const early = livePage({ out, status: undefined, interim: part, trouble: "", curves: [] });
    match(early, /none: 2 seeds have scores of both; a verdict needs 3/);
  }));

Deno.test("bench --serve shows the run while it computes and ends with it", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder, (sweep) => sweep.seeds = [0, 1, 2]);
    const out = join(folder, "run");
    let said = "";
    const screen = { terminal: false, columns: () => 80, write: (text: string) => void (said += text) };
    const argv = ["--sweep", sweep, "--out", out, "--workers", "1", "--serve"];
    const running = runBench(argv, { print: () => {}, screen });
    let [address, seen, json] = ["", "", ""];
    while (seen === "" || json === "") {
      await new Promise((resolve) => setTimeout(resolve, 50));
      address = /Live page: (\S+)/.exec(said)?.[1] ?? "";
      if (address === "") continue;
      const [page, status] = await Promise.all([fetch(address), fetch(`${address}status.json`)]);
      const [pageText, statusText] = await Promise.all([page.text(), status.text()]);
      if (/running: (tune|train)/.test(pageText)) seen = pageText;
      if (status.status === 200) json = statusText;
    }
    match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    match(seen, /units of (tune|train)/);
    equal(JSON.parse(json).sweep, "tiny");
    equal(await running, 0, said);
    for (let tries = 0;; tries++) {
      try {
        await (await fetch(address)).body?.cancel();
      } catch {
        break;
      }
      ok(tries < 100, "the page is still there long after the run");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }));

Deno.test("a page that cannot be served ends the call before anything is computed, in one line", () =>
  withFolder(async (folder) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      const out = join(folder, "run");
      const { code, err } = await cli("--profile", "smoke", "--out", out, `--serve=${taken.addr.port}`);
      equal(code, 2);
      match(err, /^error: Cannot serve on port \d+ \(.*\); name another with --serve=PORT, or leave the port out\n$/);
      equal([...Deno.readDirSync(folder)], []);
    } finally {
      taken.close();
    }
    match((await cli("--serve=0")).err, /--serve "0": expected a port from 1 to 65535, or nothing for a free one/);
    match((await cli("--serve", "80000")).err, /--serve "80000": expected a port/);
    match((await cli("--serve", "--serve=80")).err, /--serve is given 2 times/);
    match(
      (await cli("--serve", "--executor", "slurm")).err,
      /--serve shows a run on this machine; .* deno task status/,
    );
  }));

Deno.test("the server ends with whoever started it", () =>
  withFolder(async (out) => {
    const options = JSON.stringify({ out, port: 0 });
    const child = Subprocess.deno({
      args: [
        ...["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=serve"],
        ...[`--allow-read=${PROJECT_ROOT},${out}`, join(PROJECT_ROOT, "bench", "serve", "server.ts"), options],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    match((await reader.read()).value ?? "", /^ready \d+/);
    await child.stdin.close();
    equal((await child.status).code, 0);
    await reader.cancel();
  }));

Deno.test("starting a page says where it is, and ending it takes it away", () =>
  withFolder(async (out) => {
    const said: string[] = [];
    const request = {
      out,
      store: join(out, "store"),
      dataDir: out,
      sweep: JSON.parse(Deno.readTextFileSync(writeSweep(out))),
    };
    const page = await startPage(request, 0, { write: (text) => void said.push(text) });
    equal(said, [`Live page: ${page.address}\n`]);
    await (await fetch(page.address)).body?.cancel();
    page.end();
    await rejects(async () => {
      for (let tries = 0; tries < 100; tries++) {
        await (await fetch(page.address)).body?.cancel();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
  }));

Deno.test({
  name: `in a browser the live page renews itself, asks its own host alone and fits a phone${
    browser === undefined ? " (no Chromium here)" : ""
  }`,
  ignore: browser === undefined,
  fn: () =>
    withFolder(async (folder) => {
      const out = await finished(folder);
      const sweep = JSON.parse(Deno.readTextFileSync(join(folder, "sweep.json")));
      const page = await startPage({ out, store: join(out, "store"), dataDir: out, sweep }, 0, { write: () => {} });
      try {
        const program = join(PROJECT_ROOT, "bench", "testing", "watch_page.ts");
        const { success, stdout, stderr } = await Subprocess.deno({
          args: ["run", "-q", "-A", program, browser ?? "", page.address, "12"],
        }).output();
        ok(success, new TextDecoder().decode(stderr));
        const seen: Watched = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "");
        equal(seen.messages, []);
        equal(seen.hosts, [new URL(page.address).host]);
        match(seen.last, /Interim verdicts/);
        match(seen.last, /Learning so far/);
        ok(seen.beyond <= 0, `${seen.beyond} pixels beyond the screen`);
      } finally {
        page.end();
      }
    }),
});
