import { deepStrictEqual as equal, doesNotMatch, match } from "node:assert/strict";
import { join } from "node:path";
import { withFolder, writeSweep } from "../testing/cli.ts";
import { FakeSlurm } from "../testing/fake_slurm.ts";

interface Case {
  readonly cluster: FakeSlurm;
  readonly out: string;
  readonly submit: (env?: Readonly<Record<string, string>>) => ReturnType<FakeSlurm["run"]>;
  readonly status: (...more: string[]) => ReturnType<FakeSlurm["run"]>;
}

/** Gives a cluster and a run of three units that is to be submitted to it. */
function withCluster(name: string, use: (given: Case) => Promise<void>, file: Record<string, unknown> = {}) {
  return withFolder((folder) => {
    const cluster = new FakeSlurm(join(folder, "cluster"));
    const sweep = writeSweep(folder, (sweep) => void ((sweep.datasets as Record<string, unknown>[])[0].tuning = null));
    const options = join(folder, "options.json");
    Deno.writeTextFileSync(options, JSON.stringify({ taskMinutes: 1e-7, ...file }));
    const out = join(folder, name);
    const argv = ["--sweep", sweep, "--out", out, "--backend", "wasm", "--executor", "slurm", "--slurm", options];
    return use({
      ...{ cluster, out },
      submit: (env) => cluster.run("bench", argv, env),
      status: (...more) => cluster.run("status", ["--out", out, ...more]),
    });
  });
}

const states = (cluster: FakeSlurm) => cluster.jobs().map(({ state }) => state);

Deno.test("jobs in hidden partitions, among a site's greetings and whatever a user's squeue leaves out, are submitted once and cancelled", () =>
  withCluster("out", async ({ cluster, submit, status }) => {
    cluster.take("banners");
    cluster.take("hidden");
    const env = { SQUEUE_PARTITION: "debug", SQUEUE_USERS: "nobody" };
    const first = await submit(env);
    equal([first.code, cluster.jobs().map(({ tasks }) => tasks)], [0, ["2", "N/A"]], first.err);
    match(first.out, /train +job 41: 3 units in 3 tasks .*\n +report +job 42, after 41/);
    const again = await submit(env);
    match(again.out, /Nothing to submit: the 3 units that are missing are queued or running \(jobs 41, 42\)/);
    equal(states(cluster), ["PENDING", "PENDING"]);
    const cancelled = await status("--cancel");
    match(cancelled.err, /^Cancelled jobs 41, 42/);
    equal(states(cluster), ["CANCELLED", "CANCELLED"]);
  }));

Deno.test("a job whose id sbatch did not print is found by its name, and one that it queued although it failed is cancelled", () =>
  withCluster("out", async ({ cluster, submit }) => {
    cluster.take("late");
    const failed = await submit();
    equal([failed.code, states(cluster)], [2, ["CANCELLED"]], failed.err);
    match(failed.err, /sbatch refused the job: .*Socket timed out/);
    cluster.drop("late");
    cluster.take("silent");
    const silent = await submit();
    equal([silent.code, states(cluster)], [0, ["CANCELLED", "PENDING", "PENDING"]], silent.err);
    match(silent.out, /report +job 43, after 42/);
  }));

Deno.test("a queue that does not show what it has just taken gets nothing", () =>
  withCluster("out", async ({ cluster, submit }) => {
    cluster.take("blind");
    const { code, err } = await submit();
    equal([code, states(cluster)], [2, ["CANCELLED", "CANCELLED"]], err);
    match(err, /The queue does not show job 42, which it has just taken/);
    equal(err.trim().split("\n").length, 1, err);
  }));

Deno.test("a queue that does not answer is not known, and never empty", () =>
  withCluster("out", async ({ cluster, submit, status }) => {
    equal((await submit()).code, 0);
    cluster.take("down");
    const { code, out } = await status();
    equal(code, 2);
    match(out, /train +3 +0 +0 +0 +0 +0 +3\n/);
    match(out, /What is queued or running on the cluster is not known: squeue does not answer: .*controller/);
    match(out, /Whether anything is queued or running is not known;/);
    doesNotMatch(out, /Nothing is running|never began|Failed/);
    const { stages: [{ unknown, failed, pending }], report, queueKnown } = JSON.parse((await status("--json")).out);
    equal([unknown, failed, pending, report, queueKnown], [3, 0, 0, "unknown", false]);
    const again = await submit();
    equal([again.code, states(cluster)], [2, ["PENDING", "PENDING"]], again.err);
    cluster.drop("down");
    match((await status()).out, /In progress/);
  }));

Deno.test("logs are where status says they are when the folder's name has a percent sign, and at most tasksAtOnce run at once", () =>
  withCluster("50%a of%%it", async ({ cluster, out, submit }) => {
    equal((await submit()).code, 0);
    const escaped = join(out, "slurm", "1", "logs").replaceAll("%", "%%");
    equal(cluster.jobs().map(({ tasks, output }) => [tasks, output]), [
      ["2%2", join(escaped, "train-%a.log")],
      ["N/A", join(escaped, "report-0.log")],
    ]);
  }, { tasksAtOnce: 2 }));

Deno.test("a folder whose name Slurm cannot write to is refused before anything is submitted", () =>
  withCluster("a\\b", async ({ cluster, submit }) => {
    const { code, err } = await submit();
    equal([code, cluster.jobs()], [2, []], err);
    match(err, /backslash/);
  }));

Deno.test("tasks that are held are said to wait for somebody", () =>
  withCluster("out", async ({ cluster, submit, status }) => {
    equal((await submit()).code, 0);
    cluster.set("41", "REQUEUE_HOLD");
    match((await status()).out, /Note: 3 tasks are held \(Priority\) .*: scontrol release 41\n/);
  }));
