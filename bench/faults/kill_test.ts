import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { withFolder } from "../testing/cli.ts";
import {
  busySweep,
  checkpointIn,
  draws,
  FULL,
  longSweep,
  resultsOf,
  Run,
  seconds,
  signal,
  tablesOf,
  thorough,
  until,
  workersOf,
} from "../testing/faults.ts";

/** Deaths in all. */
const DEATHS = FULL ? 30 : 3;
/** Deaths of one run before it may end in peace. */
const DEATHS_OF_ONE = FULL ? 8 : 3;

/** Hurts a run at some moment. @returns who died */
async function strike(run: Run, moment: number, who: number, which: number): Promise<string> {
  await Promise.race([seconds(moment), run.ended]);
  const workers = await workersOf(join(run.out, "store"));
  if (who < 0.5 && workers.length > 0) {
    await signal(workers[Math.floor(which * workers.length)], "KILL");
    await Promise.race([seconds(moment * which), run.ended]);
  }
  try {
    run.child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
  return who < 0.5 ? "a worker, then the run" : "the run";
}

Deno.test("killed at any moments, runs end in the bytes of one that was left alone, and nothing that is kept is computed twice", () =>
  withFolder(async (folder) => {
    const random = draws("kill");
    const sweep = busySweep(folder, FULL ? 1500 : 400);
    const calm = new Run(sweep, join(folder, "calm"));
    await calm.succeeds();
    const { seconds: whole } = await calm.ended;
    const expected = tablesOf(calm.out);
    const names = [...resultsOf(join(calm.out, "store")).keys()].sort();

    for (let deaths = 0, life = 0; deaths < DEATHS; life++) {
      const out = join(folder, `life-${life}`);
      const store = join(out, "store");
      for (let death = 0; death < DEATHS_OF_ONE && deaths < DEATHS; death++, deaths++) {
        const [moment, direct, who, which, patient] = [
          random() * whole,
          random() < 0.7,
          random(),
          random(),
          random() < 0.7,
        ];
        const before = resultsOf(store);
        const alone = (await workersOf(store)).length === 0;
        const run = new Run(sweep, out, ["--checkpoint-every", "1"], { direct });
        const victim = await strike(run, moment, who, which);
        const { code } = await run.ended;
        const place = `death ${deaths} (${victim}) after ${moment.toFixed(2)} s`;
        if (patient) await until(`${place}: its workers end`, async () => (await workersOf(store)).length === 0);
        // While workers of a run before were still there, they and the new ones may have computed the same.
        if (alone) {
          const after = resultsOf(store);
          for (const [name, write] of before) equal(after.get(name), write, `${place}: ${name} was computed again`);
        }
        if (code === 0) equal(tablesOf(out), expected, place);
      }
      await until("the workers end", async () => (await workersOf(store)).length === 0);
      const kept = resultsOf(store);
      await new Run(sweep, out).succeeds();
      equal(tablesOf(out), expected, `life ${life}`);
      const results = resultsOf(store);
      equal([...results.keys()].sort(), names);
      for (const [name, write] of kept) equal(results.get(name), write, `${name} was computed again`);
      ok(![...Deno.readDirSync(out)].some(({ name }) => name.endsWith(".tmp")), "remains");
    }
  }));

thorough(
  "a worker that is killed is replaced, and its training goes on from its last checkpoint",
  () =>
    withFolder(async (folder) => {
      const run = new Run(longSweep(folder), join(folder, "out"), ["--checkpoint-every", "1"]);
      const store = join(run.out, "store");
      const saved = await until("a checkpoint", () => checkpointIn(store));
      const [worker] = await workersOf(store);
      await signal(worker, "KILL");
      const later = await until("a later checkpoint", async () => {
        const found = checkpointIn(store);
        return found !== undefined && (await workersOf(store))[0] !== worker && found.iteration > saved.iteration &&
          found;
      });
      ok(later.trainS < 1.8 * saved.trainS + 1, "the training began anew");
      await run.succeeds();
      const { err } = await run.ended;
      match(
        err,
        /warning: The worker process of maml on sinusoid, seed 0 .* died \(SIGKILL\); the unit is tried once more/,
      );
      equal(checkpointIn(store), undefined, "the checkpoint is left");
    }),
);
