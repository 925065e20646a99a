import { deepStrictEqual as equal, ok } from "node:assert";
import { join } from "node:path";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { draws, tablesOf, thorough } from "../testing/faults.ts";

thorough(
  "a wall clock that jumps by years in both directions changes no result and no duration, and disturbs nobody's writes",
  () =>
    withFolder(async (folder) => {
      const random = draws("clock");
      const sweep = writeSweep(folder);
      const run = (out: string) => cli("--sweep", sweep, "--out", join(folder, out), "--backend", "wasm");
      const calm = await run("calm");
      equal(calm.code, 0, calm.err);
      const { now } = Date;
      Date.now = () => now() + (random() - 0.5) * 1e11;
      try {
        const { code, err, out } = await run("jumping");
        equal(code, 0, err);
        ok(/ \((\d| 1\d|2\d) s\)/.test(out), out);
        ok(!/\d+ h|NaN|Infinity|-\d+ s/.test(err), err);
        // Again, with everything in the store and files of any age in it.
        equal((await run("jumping")).code, 0);
      } finally {
        Date.now = now;
      }
      equal(tablesOf(join(folder, "jumping")), tablesOf(join(folder, "calm")));
    }),
);
