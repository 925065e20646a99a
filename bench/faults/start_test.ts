import { deepStrictEqual as equal, match, ok } from "node:assert";
import { cpSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { denoProgram, mayStart, Subprocess } from "../../common/subprocess.ts";
import { withFolder, writeSweep } from "../testing/cli.ts";
import {
  draws,
  forgetHeartbeats,
  FULL,
  longSweep,
  processesWith,
  seconds,
  signal,
  tablesOf,
  thorough,
  until,
  untilTraining,
} from "../testing/faults.ts";

/** Time in which whatever a run has started has ended. */
const END_MS = 2_000;

/** A run as a user starts it, with `deno task`. */
function task(cwd: string, args: readonly string[], { env = [] }: { readonly env?: readonly string[] } = {}) {
  const command = [denoProgram(), "task", "-q", ...args];
  const [program, ...all] = env.length === 0 ? command : ["env", ...env, ...command];
  const child = new Subprocess(program, { args: all, cwd, stdout: "null", stderr: "piped" }).spawn();
  const ended = child.output().then(({ code, stderr }) => ({ code, err: new TextDecoder().decode(stderr) }));
  return { child, ended };
}

const ROUNDS = FULL ? 6 : 1;

Deno.test("when deno task is killed, all that it has started ends within two seconds, and the next run goes on", () =>
  withFolder(async (folder) => {
    const random = draws("outermost");
    const sweep = longSweep(folder, 1_000_000_000);
    const out = join(folder, "out");
    const args = ["bench", "--sweep", sweep, "--out", out, "--backend", "wasm", "--workers", "1"];
    for (let round = 0; round < ROUNDS; round++) {
      const run = task(PROJECT_ROOT, [...args, "--checkpoint-every", "1"]);
      // Anywhere from its start to the middle of a training.
      if (round === 0) await untilTraining({ out, ended: run.ended });
      else await seconds(3 * random());
      run.child.kill("SIGKILL");
      const start = performance.now();
      // Standard error ends when the last process that holds it does.
      await until("its processes end", async () => (await processesWith(out)).length === 0);
      ok(performance.now() - start < END_MS + 500, `${performance.now() - start} ms in round ${round}`);
      await run.ended;
    }
    forgetHeartbeats(out);
    const next = task(PROJECT_ROOT, args);
    await untilTraining({ out, ended: next.ended });
    next.child.kill("SIGTERM");
    const { err } = await next.ended;
    match(err, /Interrupted\. What is finished, .* is kept/);
    equal(await processesWith(out), []);
  }));

Deno.test("a command whose deno task was killed before it could look does nothing", async () => {
  const gone = Subprocess.deno({ args: ["eval", ""] }).spawn();
  await gone.status;
  const script = join(PROJECT_ROOT, "bench", "commands", "list.ts");
  const flags = ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=list"];
  for (const [task, expected] of [[gone.pid, 130], [Deno.pid, 0]]) {
    const { code, stdout } = await Subprocess.deno({ args: [...flags, script, `--_task=${task}`] }).output();
    equal([code, stdout.length > 0], [expected, expected === 0]);
  }
});

Deno.test("every task that runs a command says which process runs it", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(join(PROJECT_ROOT, "deno.json"))) as {
    tasks: Record<string, string | { command: string }>;
  };
  const commands = Object.values(tasks).map((task) => typeof task === "string" ? task : task.command)
    .filter((command) => / bench\/commands\/(?!docs)\w+\.ts/.test(command));
  ok(commands.length > 10, `${commands.length} commands`);
  for (const command of commands) match(command, /\.ts "--_task=\$\(deno eval -p 'Deno\.ppid'\)"$/);
});

Deno.test("when the process that does the work is killed, the one that the user started says so, with the signal's status", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const args = ["bench", "--sweep", longSweep(folder), "--out", out, "--backend", "wasm", "--workers", "1"];
    const run = task(PROJECT_ROOT, args);
    await untilTraining({ out, ended: run.ended });
    const [worker] = (await processesWith(out)).filter(({ args }) => args.includes("--_granted"));
    await signal(worker.pid, "KILL");
    const { code, err } = await run.ended;
    equal(code, 137, err);
    match(
      err,
      /error: The process that did the work was ended with SIGKILL, .* run the same command again to go on\n$/,
    );
  }));

thorough(
  "with LD_LIBRARY_PATH and its like set, another deno first on the PATH and a checkout whose path has spaces, umlauts, # and %, a run ends in the same bytes",
  () =>
    withFolder(async (folder) => {
      const sweep = writeSweep(folder);
      const calm = task(PROJECT_ROOT, ["bench", "--sweep", sweep, "--out", join(folder, "calm"), "--backend", "wasm"]);
      const { code, err } = await calm.ended;
      equal(code, 0, err);
      const wrong = join(folder, "wrong");
      Deno.mkdirSync(wrong);
      Deno.writeTextFileSync(join(wrong, "deno"), "#!/bin/sh\nexit 9\n");
      Deno.chmodSync(join(wrong, "deno"), 0o755);
      const checkout = join(folder, "ein Ordner #1 mit 5% Übermaß");
      copyProject(checkout);
      const env = [`PATH=${wrong}:/usr/bin:/bin`, "LD_LIBRARY_PATH=/usr/local/cuda/lib64", "LD_OWN=1", "ld_lower=1"];
      const out = join(checkout, "reports", "runs", "größer & mehr");
      for (
        const args of [
          ["bench", "--sweep", sweep, "--out", out, "--backend", "wasm"],
          ["bench", "--sweep", sweep, "--out", relative(checkout, out), "--backend", "wasm", "--dry-run"],
          ["status", "--out", out],
          ["report", "--out", out],
          ["figures", out, "--out", join(folder, "paper")],
          ["merge", out, "--out", join(folder, "merged")],
          ["list"],
          ["data", "sinusoid"],
        ]
      ) {
        const { code, err } = await task(checkout, args, { env }).ended;
        equal(code, 0, `${args.join(" ")}: ${err}`);
      }
      for (const path of [out, join(folder, "merged")]) equal(tablesOf(path), tablesOf(join(folder, "calm")));
    }),
  // Where only the deno that the PATH leads to may be started, there is no trying another PATH.
  Deno.build.os !== "windows" && mayStart(Deno.execPath()),
);

const LEFT_OUT = [".git", "node_modules", "build", "downloads", "runs", "nightly", "scale", "speed", "docs"];

/** Copies what a checkout has. */
function copyProject(to: string): void {
  cpSync(PROJECT_ROOT, to, {
    recursive: true,
    // `bench/nightly`, `bench/scale` and `bench/docs` are code.
    filter: (from) => !LEFT_OUT.includes(basename(from)) || relative(PROJECT_ROOT, from).startsWith("bench/"),
  });
}
