import { fileURLToPath } from "node:url";
import { deepStrictEqual as equal, match, ok } from "node:assert";
import { planSweep } from "../plan/plan.ts";
import type { Outcome } from "./job.ts";
import { type PoolOptions, runPool } from "./pool.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { TrainingUnit } from "../store/types.ts";
import { Subprocess } from "../../common/subprocess.ts";

const WORKER = fileURLToPath(new URL("../testing/worker.ts", import.meta.url));
const TEMPLATE = planSweep(fakeSweep(), FAKES, PLAIN_ADDRESSES).units[0];

/** Units that make the fake worker do this. */
function unitsOf(...behaviours: string[]): TrainingUnit[] {
  return behaviours.map((dataset, index) => ({
    ...TEMPLATE,
    id: `unit ${index}`,
    spec: { ...TEMPLATE.spec, dataset },
  }));
}

function run(units: readonly TrainingUnit[], change: Partial<PoolOptions> = {}, marker = ""): Promise<Outcome> {
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
  equal(await isAlive(Deno.pid), true);
  let start = 0;
  controller.signal.addEventListener("abort", () => start = performance.now());
  await run(unitsOf("hang", "hang", "ok"), { signal: controller.signal, onProgress });
  ok(performance.now() - start < 2000);
  for (const pid of pids) equal(await isAlive(pid), false);
});

Deno.test("a pool that cannot start workers says so", async () => {
  const outcome = await run(unitsOf("crash", "ok"), { command: ["run", "-q", "/does/not/exist.ts"] });
  ok(outcome.fatal !== undefined || outcome.failures.size === 2);
});

for (
  const [behaviour, limits, reason] of [
    [
      "hang",
      { stallS: 1.5, memoryMib: Infinity },
      /died 2 times \(ended after 1\.5 s without progress, see --stall-after\)$/,
    ],
    [
      "greedy",
      { stallS: Infinity, memoryMib: 400 },
      /died 2 times \(ended at \d+ MiB of memory, above --memory-limit 400/,
    ],
  ] as const
) {
  Deno.test(`a worker that is to ${behaviour} is ended, its unit tried once more, then reported with the reason; the rest goes on`, async () => {
    const warnings: string[] = [];
    const done: string[] = [];
    const outcome = await run(unitsOf(behaviour, "ok", "ok"), {
      workers: 1,
      limits,
      onUnit: ({ id }) => done.push(id),
      onWarning: (text) => warnings.push(text),
    });
    equal(done, ["unit 0", "unit 1", "unit 2"]);
    equal([outcome.failures.size, outcome.fatal, warnings.length], [1, undefined, 1]);
    match(outcome.failures.get("unit 0") ?? "", reason);
    match(warnings[0], /on greedy|on hang/);
    match(warnings[0], /\(unit unit 0\) died \(ended .*the unit is tried once more/);
  });
}

Deno.test("a worker that hangs once is replaced, and slow is not hung", async () => {
  const marker = await Deno.makeTempFile();
  const limits = { stallS: 1.5, memoryMib: Infinity };
  const once = await run(unitsOf("hang once", "slow"), { limits }, marker);
  equal([once.failures.size, once.fatal], [0, undefined]);
});

async function isAlive(pid: number): Promise<boolean> {
  const { success } = await new Subprocess("kill", { args: ["-0", String(pid)], stderr: "null" }).output();
  return success;
}
