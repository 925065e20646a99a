import { deepStrictEqual as equal, doesNotMatch, match } from "node:assert/strict";
import { join } from "node:path";
import { quick } from "../sweeps/quick.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { portable } from "./portable.ts";

const PLACES = { DATA_DIR: "/home/me/my data", STORE: "/runs/a/store", OUT: "/runs/a", PROJECT: "/src" };

Deno.test("folders of a run are called by their names, and other paths by their last part", () => {
  for (
    const [text, said] of [
      ["/home/me/my data/omniglot has no a.zip", "DATA_DIR/omniglot has no a.zip"],
      ["Run `deno task data --data-dir /home/me/my data`, or", "Run `deno task data --data-dir DATA_DIR`, or"],
      ["Cannot read /runs/a/store/x.json: no", "Cannot read STORE/x.json: no"],
      ["/runs/a/cells.csv, not /runs/ab/cells.csv", "OUT/cells.csv, not …/cells.csv"],
      ["at file:///src/bench/run.ts:3:4", "at PROJECT/bench/run.ts:3:4"],
      ["at file:///opt/deno/x.ts:3", "at …/x.ts:3"],
      ["no C:\\Users\\me\\x.txt here", "no …\\x.txt here"],
      ["MSE/variance of 1/2 and a/b/c, https://x.org/a/b", "MSE/variance of 1/2 and a/b/c, https://x.org/a/b"],
    ] as const
  ) equal(portable(text, PLACES), said);
  equal(portable("/a and /", { DATA_DIR: "/" }), "/a and /");
});

Deno.test("cells of data that is not there have the same reason in every folder", () =>
  withFolder(async (folder) => {
    const tables = [];
    for (const name of ["one", "two and three"]) {
      const here = join(folder, name);
      Deno.mkdirSync(join(here, "data"), { recursive: true });
      const sweep = writeSweep(here, (sweep) => {
        const [curves] = sweep.datasets as Record<string, unknown>[];
        curves.tuning = null;
        const drawings = quick.datasets.find(({ name }) => name === "omniglot");
        sweep.datasets = [curves, { ...drawings, tuning: null }];
        sweep.comparisons = [];
        sweep.predictions = [];
      });
      const argv = [
        "--sweep",
        sweep,
        "--out",
        join(here, "out"),
        "--backend",
        "wasm",
        "--data-dir",
        join(here, "data"),
      ];
      const { code, err } = await cli(...argv);
      equal(code, 0, err);
      tables.push(Deno.readTextFileSync(join(here, "out", "cells.csv")));
    }
    match(tables[0], /,skipped,"Omniglot is not there: DATA_DIR\/omniglot has no/);
    doesNotMatch(tables[1], /two and three/);
    equal(tables[0], tables[1]);
  }));
