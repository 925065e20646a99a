import { deepStrictEqual as equal, match, ok } from "node:assert";
import { join } from "node:path";
import { readStatus } from "../run/live_status.ts";
import { withFolder } from "../testing/cli.ts";
import { checkpointIn, FULL, longSweep, Run, signal, tablesOf, thorough, until, workersOf } from "../testing/faults.ts";

for (const name of ["SIGINT", "SIGTERM"] as const) {
  const test = name === "SIGINT" ? Deno.test : thorough;
  test(`${name} in the middle of a training saves where it is within two seconds, and the next run goes on from there`, () =>
    withFolder(async (folder) => {
      const sweep = longSweep(folder);
      const out = join(folder, "out");
      const store = join(out, "store");
      /** Iterations that were saved before the signal. */
      let before = 0;
      for (const direct of FULL ? [true, false, true] : [true, false]) {
        const run = new Run(sweep, out, ["--checkpoint-every", "1"], { direct });
        before = await until("training", () => {
          const iteration = checkpointIn(store)?.iteration ?? 0;
          return iteration > before && iteration;
        });
        // As Ctrl-C on a terminal, which reaches every process.
        if (name === "SIGINT") { for (const worker of await workersOf(store)) await signal(worker, "INT"); }
        const start = performance.now();
        run.child.kill(name);
        const { code, err } = await run.ended;
        ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
        equal(code, 130, err);
        equal(readStatus(out)?.state, "interrupted");
        match(
          err,
          /Interrupted\. What is finished, and how far trainings are, is kept in .*; run the same command again to go on/,
        );
        equal(await workersOf(store), []);
        const { iteration } = checkpointIn(store) ?? { iteration: 0 };
        ok(iteration > before, `at iteration ${iteration} after ${before}`);
        before = iteration;
      }
      if (!FULL) return;
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();
      await new Run(sweep, out).succeeds();
      equal(tablesOf(out), tablesOf(calm.out));
      equal(checkpointIn(store), undefined);
    }));
}

thorough(
  "a worker that stands still is ended, and one that needs too much memory too; the run says so and the next one mends it",
  () =>
    withFolder(async (folder) => {
      const sweep = longSweep(folder);
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();

      const frozen = new Run(sweep, join(folder, "frozen"), ["--stall-after", "2", "--checkpoint-every", "1"]);
      const [worker] = await until("a worker", async () => {
        const found = await workersOf(join(frozen.out, "store"));
        return found.length > 0 && found;
      });
      await until("a checkpoint", () => checkpointIn(join(frozen.out, "store")));
      await signal(worker, "STOP");
      await frozen.succeeds();
      match(
        (await frozen.ended).err,
        /warning: .* died \(ended after 2 s without progress, see --stall-after\); .* once more/,
      );
      equal(tablesOf(frozen.out), tablesOf(calm.out));

      const tight = new Run(sweep, join(folder, "tight"), ["--memory-limit", "40"]);
      const { code, err } = await tight.ended;
      equal(code, 1, err);
      match(
        Deno.readTextFileSync(join(tight.out, "cells.csv")),
        /failed,"its worker process died 2 times \(ended at \d+ MiB of memory, above --memory-limit 40/,
      );
      await new Run(sweep, tight.out).succeeds();
      equal(tablesOf(tight.out), tablesOf(calm.out));
    }),
);
