import { deepStrictEqual as equal, match } from "node:assert";
import type { Checkpoint } from "../store/checkpoint.ts";
import { storeCheckpointer } from "./checkpointer.ts";
import { Store } from "../store/store.ts";

const ID = "ab".repeat(32);
const CHECKPOINT: Checkpoint = {
  iteration: 7,
  since: 1,
  restarts: 0,
  curve: [],
  watched: [],
  trainS: 1,
  validateS: 0,
  visits: [2],
  states: [["w", Float32Array.of(1, NaN)], ["odd", Float64Array.of(0.1)]],
  kept: [["w", Float32Array.of(-0)]],
};

async function withStore(use: (store: Store, clock: { ms: number }) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(Store.open(folder), { ms: 0 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const quiet = { stopping: () => Promise.resolve(false), warn: () => {} };

Deno.test("a checkpoint is due after the time asked for, is found by the next process, and goes with the training", () =>
  withStore(async (store, clock) => {
    const options = { ...quiet, checkpointS: 60, now: () => clock.ms };
    const checkpointer = storeCheckpointer(ID, store, options);
    equal(checkpointer.from, undefined);
    clock.ms = 59_900;
    equal(await checkpointer.action(100), "go on");
    clock.ms = 60_000;
    equal(await checkpointer.action(100), "save");
    checkpointer.save(CHECKPOINT);
    equal(await checkpointer.action(100), "go on");
    equal(storeCheckpointer(ID, store, options).from, CHECKPOINT);
    store.removeCheckpoint(ID);
    equal(storeCheckpointer(ID, store, options).from, undefined);
  }));

Deno.test("saving takes no more than a hundredth of the time, by its size at first and by what it took then", () =>
  withStore(async (store, clock) => {
    let slow = 0;
    const checkpointer = storeCheckpointer(ID, store, { ...quiet, checkpointS: 60, now: () => clock.ms += slow });
    clock.ms = 61_000;
    equal(await checkpointer.action(1e9), "go on");
    equal(await checkpointer.action(1e3), "save");
    slow = 1000;
    checkpointer.save(CHECKPOINT);
    slow = 0;
    clock.ms += 90_000;
    equal(await checkpointer.action(1e3), "go on");
    clock.ms += 10_000;
    equal(await checkpointer.action(1e3), "save");
  }));

Deno.test("whether to stop is asked twice a second, not after every iteration", () =>
  withStore(async (store, clock) => {
    let asked = 0;
    const stopping = () => Promise.resolve(++asked === 3);
    const checkpointer = storeCheckpointer(ID, store, {
      ...quiet,
      stopping,
      checkpointS: Infinity,
      now: () => clock.ms,
    });
    for (; await checkpointer.action(1) === "go on"; clock.ms += 1);
    equal([asked, clock.ms], [3, 1500]);
  }));

Deno.test("with checkpoints off nothing is kept and nothing is taken up", () =>
  withStore((store) => {
    store.putCheckpoint(ID, CHECKPOINT);
    const checkpointer = storeCheckpointer(ID, store, { ...quiet, checkpointS: Infinity });
    equal(checkpointer.from, undefined);
    checkpointer.save({ ...CHECKPOINT, iteration: 99 });
    equal(store.checkpoint(ID)?.iteration, 7);
    return Promise.resolve();
  }));

Deno.test("a checkpoint that cannot be written is said once, and the training goes on", () =>
  withStore((store) => {
    const warnings: string[] = [];
    const checkpointer = storeCheckpointer(ID, store, {
      ...quiet,
      checkpointS: 1,
      warn: (text) => warnings.push(text),
    });
    Deno.writeTextFileSync(`${store.folder}/checkpoint`, "a file where a folder must be");
    checkpointer.save(CHECKPOINT);
    checkpointer.save(CHECKPOINT);
    equal(warnings.length, 1);
    match(warnings[0], /Cannot save how far the training of unit abababababab is: Cannot write to .*: move it away$/);
    return Promise.resolve();
  }));
