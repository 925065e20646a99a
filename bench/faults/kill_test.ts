import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { withFolder } from "../testing/cli.ts";
import {
  busySweep,
  checkpointIn,
  draws,
  FULL,
  longSweep,
  option,
  resultsOf,
  Run,
  seconds,
  signal,
  tablesOf,
  thorough,
  until,
  workersOf,
} from "../testing/faults.ts";

/** Runs that are killed in all: `deno task test:faults --kills=N` says how many. */
const KILLS = option("kills") ?? (FULL ? 200 : 3);
/** Deaths of one run before it may end in peace. */
const DEATHS_OF_ONE = FULL ? 8 : 3;

/** Says how many have died whenever it is so many more. */
const TOLD = 20;

/** What has died so far. */
interface Toll {
  runs: number;
  workers: number;
}

/** Hurts a run at some moment. @returns who died */
async function strike(run: Run, moment: number, who: number, which: number, toll: Toll): Promise<string> {
  let ended = false;
  run.ended.then(() => ended = true);
  await Promise.race([seconds(moment), run.ended]);
  const workers = await workersOf(join(run.out, "store"));
  let victims = "";
  if (who < 0.5 && workers.length > 0) {
    await signal(workers[Math.floor(which * workers.length)], "KILL");
    toll.workers++;
    victims = "a worker, then ";
    await Promise.race([seconds(moment * which), run.ended]);
  }
  if (ended) return `${victims}nobody`;
  try {
    run.child.kill("SIGKILL");
  } catch {
    return `${victims}nobody`;
  }
  return `${victims}the run`;
}

Deno.test("killed at any moments, runs end in the bytes of one that was left alone, and nothing that is kept is computed twice", () =>
  withFolder(async (folder) => {
    const random = draws("kill");
    const sweep = busySweep(folder, 400);
    const calm = new Run(sweep, join(folder, "calm"));
    await calm.succeeds();
    const { seconds: whole } = await calm.ended;
    const expected = tablesOf(calm.out);
    const names = [...resultsOf(join(calm.out, "store")).keys()].sort();

    const toll: Toll = { runs: 0, workers: 0 };
    let [lives, kept] = [0, 0];
    for (; toll.runs < KILLS; lives++) {
      const out = join(folder, `life-${lives}`);
      const store = join(out, "store");
      for (let death = 0; death < DEATHS_OF_ONE && toll.runs < KILLS; death++) {
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
        const victim = await strike(run, moment, who, which, toll);
        const { code, err } = await run.ended;
        const place = `kill ${toll.runs}, life ${lives} (${victim}) after ${moment.toFixed(2)} s`;
        // Whoever is killed has the status of SIGKILL; any other would be an error of the run's own.
        ok(code === 0 || code === 137, `${place}: status ${code}, ${err}`);
        if (code !== 0 && ++toll.runs % TOLD === 0) {
          console.log(`kill: ${toll.runs} runs and ${toll.workers} workers so far`);
        }
        if (patient) await until(`${place}: its workers end`, async () => (await workersOf(store)).length === 0);
        // While workers of a run before were still there, they and the new ones may have computed the same.
        if (alone) {
          const after = resultsOf(store);
          for (const [name, write] of before) equal(after.get(name), write, `${place}: ${name} was computed again`);
        }
        // A run that has ended has nothing more that could be hurt.
        if (code === 0) {
          equal(tablesOf(out), expected, place);
          break;
        }
      }
      await until("the workers end", async () => (await workersOf(store)).length === 0);
      const found = resultsOf(store);
      kept += found.size;
      await new Run(sweep, out).succeeds();
      equal(tablesOf(out), expected, `life ${lives}`);
      const results = resultsOf(store);
      equal([...results.keys()].sort(), names);
      for (const [name, write] of found) equal(results.get(name), write, `${name} was computed again`);
      ok(![...Deno.readDirSync(out)].some(({ name }) => name.endsWith(".tmp")), "remains");
      Deno.removeSync(out, { recursive: true });
    }
    console.log(
      `kill: ${toll.runs} runs and ${toll.workers} workers killed in ${lives} lives; ` +
        `all of the ${kept} results that they left were found again, and none was lost`,
    );
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
