import { deepStrictEqual as equal, ok } from "node:assert";
import { planSweep } from "./plan.ts";
import { type PoolOptions, type PoolOutcome, runPool } from "./pool.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "./testing.ts";
import type { TrainingUnit } from "./types.ts";

const WORKER = new URL("testing_worker.ts", import.meta.url).pathname;
const TEMPLATE = planSweep(fakeSweep(), FAKES, PLAIN_ADDRESSES).units[0];

/** Units that make the fake worker do this. */
function unitsOf(...behaviours: string[]): TrainingUnit[] {
  return behaviours.map((dataset, index) => ({
    ...TEMPLATE,
    id: `unit ${index}`,
    spec: { ...TEMPLATE.spec, dataset },
  }));
}

function run(units: readonly TrainingUnit[], change: Partial<PoolOptions> = {}, marker = ""): Promise<PoolOutcome> {
  return runPool({
    command: ["run", "-q", "--no-prompt", "--allow-read", "--allow-write", WORKER, marker],
    workers: 2,
    units,
    failFast: false,
    signal: new AbortController().signal,
    ...change,
  });
}

Deno.test("every unit is computed once, whatever its worker prints beside messages", async () => {
  const units = unitsOf("ok", "noise", "ok", "noise", "ok");
  const done: string[] = [];
  const outcome = await run(units, { onUnit: ({ id }) => done.push(id) });
  equal(done.sort(), units.map(({ id }) => id));
  equal([outcome.failures.size, outcome.fatal], [0, undefined]);
});

Deno.test("a unit that throws fails with its reason and the rest goes on in the same process", async () => {
  const pids = new Set<number | null>();
  const outcome = await run(unitsOf("throw", "ok", "throw", "ok"), {
    workers: 1,
    onProgress: ({ loss }) => pids.add(loss),
  });
  equal([...outcome.failures], [["unit 0", "it went wrong"], ["unit 2", "it went wrong"]]);
  equal(pids.size, 1);
});

Deno.test("a unit whose process dies is tried once more, then fails; the rest goes on in new processes", async () => {
  const done: string[] = [];
  const outcome = await run(unitsOf("crash", "ok", "ok"), { workers: 1, onUnit: ({ id }) => done.push(id) });
  equal([...outcome.failures], [["unit 0", "its worker process died 2 times (exit status 7)"]]);
  equal(done, ["unit 0", "unit 1", "unit 2"]);
});

Deno.test("a unit whose process dies once is computed by the next", async () => {
  const marker = await Deno.makeTempFile();
  const outcome = await run(unitsOf("crash once"), {}, marker);
  equal([outcome.failures.size, outcome.fatal], [0, undefined]);
});

Deno.test("--fail-fast and a worker that cannot go on stop everything at once", async () => {
  const done: string[] = [];
  const failed = await run(unitsOf("throw", "ok", "ok"), {
    workers: 1,
    failFast: true,
    onUnit: ({ id }) => done.push(id),
  });
  equal(done, ["unit 0"]);
  ok(failed.fatal?.includes("it went wrong"));
  const full = await run(unitsOf("hang", "disk full", "ok"));
  equal(full.fatal, "No space left");
});

Deno.test("an interruption ends workers that ignore signals within two seconds", async () => {
  const controller = new AbortController();
  const pids: number[] = [];
  const onProgress: PoolOptions["onProgress"] = ({ loss }) => {
    pids.push(loss ?? 0);
    if (pids.length === 2) controller.abort();
  };
  let start = 0;
  controller.signal.addEventListener("abort", () => start = performance.now());
  await run(unitsOf("hang", "hang", "ok"), { signal: controller.signal, onProgress });
  ok(performance.now() - start < 2000);
  for (const pid of pids) equal(isAlive(pid), false);
});

Deno.test("a pool that cannot start workers says so", async () => {
  const outcome = await run(unitsOf("crash", "ok"), { command: ["run", "-q", "/does/not/exist.ts"] });
  ok(outcome.fatal !== undefined || outcome.failures.size === 2);
});

function isAlive(pid: number): boolean {
  try {
    return Deno.statSync(`/proc/${pid}`).isDirectory && Deno.build.os === "linux";
  } catch {
    return false;
  }
}
