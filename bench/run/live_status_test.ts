import { deepStrictEqual as equal, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { LiveStatus, readStatus, WRITE_S } from "./live_status.ts";
import { planSweep } from "../plan/plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";

const { units, cells } = planSweep(fakeSweep({}, { algorithms: ["meta"], seeds: [0] }), FAKES, PLAIN_ADDRESSES);

async function withFolder(use: (out: string) => Promise<void> | void): Promise<void> {
  const out = await Deno.makeTempDir();
  try {
    await use(out);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

Deno.test("status.json counts units and cells, names what is computed, and says how the run ended", () =>
  withFolder((out) => {
    const live = new LiveStatus(out, { sweep: "fake", backend: "cpu", workers: 2 });
    equal(readStatus(out)?.cells, null);
    const [done, working, broken] = units;
    const counted = (...ids: string[]) => cells.filter(({ unit }) => ids.includes(unit)).length;
    live.planned(cells);
    live.begin("train", units, units.filter((unit) => unit !== done));
    live.timed(() => 12.5);
    const early = readStatus(out);
    equal(early?.stages, [{ stage: "train", total: units.length, done: 1, failed: 0, running: 0 }]);
    equal(early?.cells, { total: cells.length, done: counted(done.id) });

    live.progress({ type: "progress", unit: working.id, phase: "train", iteration: 3, iterations: 9, loss: 0.5 });
    live.progress({ type: "progress", unit: broken.id, phase: "train", iteration: 0, iterations: 9, loss: null });
    live.unit(broken.id, true);
    live.end("interrupted");
    live.end("finished");
    const last = readStatus(out);
    equal([last?.state, last?.stage, last?.etaS, last?.computing], ["interrupted", null, null, []]);
    equal(last?.stages[0], { stage: "train", total: units.length, done: 1, failed: 1, running: 0 });
    equal(last?.pid, Deno.pid);
  }));

Deno.test("while units are computed status.json is written anew at the declared pace", () =>
  withFolder(async (out) => {
    const live = new LiveStatus(out, { sweep: "fake", backend: "cpu", workers: 2 });
    try {
      live.begin("train", units, units);
      live.timed(() => 12.5);
      live.progress({ type: "progress", unit: units[0].id, phase: "train", iteration: 3, iterations: 9, loss: 0.5 });
      await new Promise((resolve) => setTimeout(resolve, WRITE_S * 1000 + 300));
      const file = readStatus(out);
      strictEqual(file?.etaS, 12.5);
      strictEqual(file?.stages[0].running, 1);
      const { dataset, algorithm, seed } = units[0].spec;
      const at = { phase: "train", iteration: 3, iterations: 9, loss: 0.5 };
      equal(file?.computing, [{ unit: units[0].id, dataset, algorithm, seed, ...at }]);
      ok(Date.parse(file?.updated ?? "") > Date.parse(file?.started ?? ""));
    } finally {
      live.end("finished");
    }
  }));

Deno.test("a damaged status.json says nothing", () =>
  withFolder((out) => {
    strictEqual(readStatus(out), undefined);
    for (const text of ["{", '{"format":2}', "[]"]) {
      Deno.writeTextFileSync(join(out, "status.json"), text);
      strictEqual(readStatus(out), undefined);
    }
  }));
