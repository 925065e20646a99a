import { deepStrictEqual as equal, ok } from "node:assert";
import { join } from "node:path";
import { HeartbeatFile, HEARTBEATS, SILENT_MS } from "../run/heartbeat_file.ts";
import type { Scheduler } from "../cluster/scheduler.ts";
import { UsageError } from "../../common/errors.ts";
import { LiveStatus, readStatus } from "../run/live_status.ts";
import type { Plan } from "../plan/plan.ts";
import { type RunState, stateOf } from "../status/run_state.ts";
import { main } from "./status.ts";
import { Store } from "../store/store.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

const NO_CLUSTER: Scheduler = {
  submit: () => Promise.reject(new UsageError("no cluster")),
  tasks: (names) => names.length === 0 ? Promise.resolve([]) : Promise.reject(new UsageError("squeue does not answer")),
  history: () => Promise.resolve(undefined),
  cancel: () => Promise.resolve(),
};

async function status(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines: string[] = [];
  let err = "";
  const screen = { terminal: false, columns: () => 80, write: (text: string) => void (err += text) };
  const code = await main(argv, { print: (line) => lines.push(line), screen }, NO_CLUSTER);
  return { code, out: lines.join("\n"), err };
}

const counts = ({ stages }: RunState) =>
  stages.map(({ stage, done, running, queued, failed, pending }) => [stage, done, running, queued, failed, pending]);

Deno.test("a run on this machine is counted by stage: what is done, what failed and why, what is left", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const argv = ["--sweep", writeSweep(folder), "--out", out, "--backend", "wasm"];
    equal((await cli(...argv)).code, 0);
    const complete = await status("--out", out);
    ok(complete.code === 0 && /report written\nComplete$/.test(complete.out), complete.out + complete.err);
    const said = readStatus(out);
    equal(said?.state, "finished");
    equal(said?.stages.map(({ stage, total, done, failed }) => [stage, total, done, failed]), [
      ["tune", 8, 8, 0],
      ["train", 3, 3, 0],
    ]);
    equal(said?.cells?.done, said?.cells?.total);
    equal(counts(await stateOf(out, NO_CLUSTER)), [["tune", 8, 0, 0, 0, 0], ["train", 3, 0, 0, 0, 0]]);

    // The best trials are trainings of the plan too; without tuning they are not.
    const plain = writeSweep(folder, (sweep) => void ((sweep.datasets as Record<string, unknown>[])[0].tuning = null));
    equal((await cli("--sweep", plain, "--out", out, "--backend", "wasm", "--fresh")).code, 0);
    const store = Store.open(join(out, "store"));
    const plan = JSON.parse(Deno.readTextFileSync(join(out, "plan.json"))).plan;
    const [failed, lost] = plan.units.slice(0, 2).map(({ id }: { id: string }) => id);
    for (const id of [failed, lost]) store.removeTraining(id);
    store.putFailure(failed, "it went wrong");
    const broken = await status("--out", out);
    equal(broken.code, 1);
    ok(/Failed: 1 unit \(sinusoid, mtl, d = 2, seed 0\): it went wrong/.test(broken.out), broken.out);
    ok(/the same deno task bench command computes what is missing$/.test(broken.out), broken.out);
    equal(counts(await stateOf(out, NO_CLUSTER)), [["train", 1, 0, 0, 1, 1]]);
  }));

Deno.test("what a run says of its cells and its end is shown while it can be believed to live", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    equal((await cli("--sweep", writeSweep(folder), "--out", out, "--backend", "wasm")).code, 0);
    const plan = JSON.parse(Deno.readTextFileSync(join(out, "plan.json"))).plan as Plan;
    const live = new LiveStatus(out, { sweep: "fake", backend: "wasm", workers: 1 });
    try {
      live.planned(plan.cells);
      live.timed(() => 75);
      live.begin("train", plan.units, plan.units);
      const { out: shown } = await status("--out", out);
      ok(new RegExp(`0 of ${plan.cells.length} cells, about 1 min 15 s left of stage train, as of`).test(shown), shown);
      const later = await stateOf(out, NO_CLUSTER, Date.now() + 2 * SILENT_MS);
      equal(later.live, null);
    } finally {
      live.end("finished");
    }
    equal((await stateOf(out, NO_CLUSTER)).live, null);
  }));

Deno.test("what a process says it computes counts as running while it can be believed to live", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const argv = ["--sweep", writeSweep(folder), "--out", out, "--backend", "wasm"];
    equal((await cli(...argv)).code, 0);
    const [{ id }] = JSON.parse(Deno.readTextFileSync(join(out, "plan.json"))).plan.units;
    Store.open(join(out, "store")).removeTraining(id);
    const heartbeat = new HeartbeatFile(out, "");
    heartbeat.progress({ type: "progress", unit: id, phase: "train", iteration: 1, iterations: 4, loss: null });
    const now = await status("--out", out);
    ok(
      now.code === 0 && new RegExp(`Running on .*: ${id.slice(0, 12)} \\(training, 25 %\\)\nIn progress`).test(now.out),
      now.out,
    );
    const later = await stateOf(out, NO_CLUSTER, Date.now() + SILENT_MS + 1000);
    equal([later.running, counts(later)[1]], [[], ["train", 2, 0, 0, 0, 1]]);
    heartbeat.end();
    equal([...Deno.readDirSync(join(out, HEARTBEATS))], []);
    Deno.writeTextFileSync(join(out, HEARTBEATS, "damaged.json"), "{");
    equal((await stateOf(out, NO_CLUSTER)).running, []);
  }));

Deno.test("a share is counted by its own units, and has no report to wait for", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder, (sweep) => void ((sweep.datasets as Record<string, unknown>[])[0].tuning = null));
    const out = join(folder, "out");
    equal((await cli("--sweep", sweep, "--out", out, "--backend", "wasm", "--shard", "1/3")).code, 0);
    const { code, out: text } = await status("--out", out);
    ok(code === 0 && /share 1\/3\)/.test(text) && /This share is complete/.test(text), text);
    equal(counts(await stateOf(out, NO_CLUSTER)), [["train", 1, 0, 0, 0, 0]]);
  }));

Deno.test("deno task status says what is wrong with its arguments and with folders that hold no run", () =>
  withFolder(async (folder) => {
    for (
      const [argv, message] of [
        [["--out", folder], /holds no run/],
        [["--out", folder, "--cancel"], /holds no run/],
        [["--outt", "x"], /Unknown argument "--outt"/],
        [["x", "y"], /2 runs are named \(x, y\), but deno task status takes one/],
      ] as const
    ) {
      const { code, err } = await status(...argv);
      equal([code, message.test(err)], [2, true], err);
    }
  }));
