import { deepStrictEqual as equal, match } from "node:assert";
import { join } from "node:path";
import { withFolder } from "../testing/cli.ts";
import { busySweep, Run, tablesOf, thorough, until } from "../testing/faults.ts";

thorough(
  "of two runs in one folder the second one is refused with the first one's process id, and without the lock both end in the same bytes",
  () =>
    withFolder(async (folder) => {
      const sweep = busySweep(folder);
      const first = new Run(sweep, join(folder, "out"));
      const lock = join(first.out, ".lock");
      await until("the lock", () => {
        try {
          return Deno.readTextFileSync(lock) !== "";
        } catch {
          return false;
        }
      });
      const second = await new Run(sweep, first.out).ended;
      equal(second.code, 2, second.err);
      match(
        second.err,
        new RegExp(`is in use by process ${first.child.pid} since .*; wait for it or choose another --out`),
      );
      // As on another machine that sees the folder but not the lock.
      Deno.removeSync(lock);
      const third = new Run(sweep, first.out);
      await first.succeeds();
      await third.succeeds();
      const calm = new Run(sweep, join(folder, "calm"));
      await calm.succeeds();
      equal(tablesOf(first.out), tablesOf(calm.out));
    }),
);

thorough(
  "three runs that begin at once with one store and folders of their own end in the same bytes",
  () =>
    withFolder(async (folder) => {
      const sweep = busySweep(folder);
      const store = join(folder, "store");
      const runs = [1, 2, 3].map((index) => new Run(sweep, join(folder, `out-${index}`), ["--store", store]));
      for (const run of runs) await run.succeeds();
      for (const { out } of runs) equal(tablesOf(out), tablesOf(runs[0].out));
    }),
);
