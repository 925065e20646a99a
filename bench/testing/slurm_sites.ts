/** What a real Slurm does at sites that are not like one that was just installed. */
import { Subprocess } from "../../common/subprocess.ts";
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import type { TestCluster } from "./cluster.ts";
import { counts, Shell, submissions } from "./slurm_shell.ts";

/** Runs shell commands on the cluster. */
async function sh({ conf }: TestCluster, script: string): Promise<string> {
  const { success, stdout, stderr } = await new Subprocess("sh", {
    args: ["-c", script],
    env: { SLURM_CONF: conf },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  ok(success, text.decode(stderr));
  return text.decode(stdout).trim();
}

/**
 * Submits to a hidden partition, through an sbatch that greets and a squeue that sees what any user does: to the cluster's own user, root as a rule, nothing
 * is hidden.
 *
 * @param folder of the sweep
 */
export async function hideJobs(cluster: TestCluster, sweep: string, folder: string): Promise<void> {
  const bin = join(folder, "bin");
  Deno.mkdirSync(bin);
  const user = await sh(cluster, "id -u");
  const become = user === "0" ? "setpriv --reuid=nobody --regid=nogroup --clear-groups" : "";
  for (const [name, prefix] of [["sbatch", ""], ["squeue", become]]) {
    const real = await sh(cluster, `command -v ${name}`);
    const script = ["#!/bin/sh", "echo 'Welcome | 12 users'", `${prefix} ${real} "$@"`, "status=$?", "echo Bye 13"];
    Deno.writeTextFileSync(join(bin, name), [...script, "exit $status", ""].join("\n"), { mode: 0o755 });
  }
  // That user reads the cluster's settings.
  for (const path of [dirname(dirname(cluster.conf)), dirname(cluster.conf)]) Deno.chmodSync(path, 0o755);
  const plain = await sh(cluster, `sbatch --parsable -p hidden --hold -o /dev/null --job-name=held --wrap true`);
  if (user === "0") equal(await sh(cluster, `${become} squeue --noheader --name=held`), "");
  await sh(cluster, `scancel ${plain}`);

  const shell = new Shell(cluster.conf, { PATH: `${bin}:${await sh(cluster, "echo $PATH")}` });
  const [out, options] = ["out", "options.json"].map((name) => join(folder, name));
  Deno.writeTextFileSync(options, JSON.stringify({ taskMinutes: 1e-7, sbatch: { time: 5, partition: "hidden" } }));
  const first = await shell.submit(sweep, out, options);
  equal(first.code, 0, first.out + first.err);
  match((await shell.submit(sweep, out, options)).out, /Nothing to submit: the \d units that are missing/);
  equal(submissions(out), ["1"]);
  match((await shell.status(out, "--cancel")).err, /^Cancelled jobs \d+, \d+/);
  equal((await shell.state(out)).jobs, []);
}

/** Submits what takes the nodes from a run's jobs, and sees them come back. */
export async function preemptJobs(
  cluster: TestCluster,
  sweep: string,
  folder: string,
  expected: readonly string[],
  tables: (out: string) => readonly string[],
): Promise<void> {
  const shell = new Shell(cluster.conf);
  const [out, options] = ["out", "options.json"].map((name) => join(folder, name));
  Deno.writeTextFileSync(options, JSON.stringify({ taskMinutes: 1e-7, sbatch: { time: 5 } }));
  equal((await shell.submit(sweep, out, options)).code, 0);
  await shell.until(out, "at work", (state) => counts(state, "running") > 0);
  await sh(cluster, "sbatch -p urgent --nodes=2 --exclusive --time=1 -o /dev/null --wrap 'sleep 2'");
  const aside = await shell.until(
    out,
    "pushed aside",
    (state) => counts(state, "queued") > 0 && counts(state, "running") === 0,
  );
  equal([counts(aside, "failed"), counts(aside, "unknown")], [0, 0], JSON.stringify(aside));
  // The same command has nothing to do.
  match((await shell.submit(sweep, out, options)).out, /Nothing to submit/);
  await shell.until(out, "complete", ({ complete }) => complete);
  equal(submissions(out), ["1"]);
  equal(tables(out), expected);
  const logs = join(out, "slurm", "1", "logs");
  const starts = [...Deno.readDirSync(logs)].filter(({ name }) => name.startsWith("train-"))
    .map(({ name }) => Deno.readTextFileSync(join(logs, name)).match(/ task \d+ of submission 1/g)?.length ?? 0);
  ok(Math.max(...starts) >= 2, `no task began twice: ${starts}`);
}
