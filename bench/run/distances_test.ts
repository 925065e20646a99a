import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { distancesFile } from "../../reports/rows/measure_csv.ts";
import { parseCells } from "../../reports/rows/csv.ts";
import { comparisonsOfTheory } from "../testing/theory.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

const read = (out: string, name: string) => Deno.readTextFileSync(join(out, name));

Deno.test("a run that keeps predictions says how far two methods are apart, by seed, and without them nothing", async () => {
  await withFolder(async (folder) => {
    const run = async (name: string, keptPredictions: number | undefined) => {
      const path = writeSweep(folder, (sweep) => comparisonsOfTheory(sweep, keptPredictions));
      const out = join(folder, name);
      const { code, err } = await cli("--sweep", path, "--backend", "wasm", "--out", out);
      equal(code, 0, err);
      return out;
    };
    const kept = await run("kept", 3);
    const rows = distancesFile.parse(read(kept, "distances.csv"));
    equal(rows.map(({ innerSteps, seed }) => [innerSteps, seed]), [[2, 0], [2, 1]]);
    for (const row of rows) {
      equal([row.algorithmA, row.algorithmB, row.layers, row.episodes, row.shots], ["mtl", "anil", 3, 3, 5]);
      ok(row.distance > 0 && row.betweenSeeds !== null && row.betweenSeeds > 0);
      equal(row.rate, 0.01);
    }
    // Keeping changes no score, and only evaluations are computed anew.
    const plain = await run("plain", undefined);
    equal(distancesFile.parse(read(plain, "distances.csv")), []);
    equal(parseCells(read(plain, "cells.csv")), parseCells(read(kept, "cells.csv")));
  });
});

Deno.test("where validation chooses the step size, a seed's row says its own, and nothing where the two methods differ", async () => {
  await withFolder(async (folder) => {
    const out = join(folder, "chosen");
    const path = writeSweep(folder, (sweep) => {
      const [entry] = sweep.datasets as Record<string, unknown>[];
      const { validation } = entry;
      comparisonsOfTheory(sweep, 3);
      Object.assign(entry, { validation, hyper: { ...entry.hyper as object, adaptLrs: [0.0001, 0.001, 0.01] } });
      Object.assign(sweep, { seeds: [0, 1, 2, 3] });
    });
    const { code, err } = await cli("--sweep", path, "--backend", "wasm", "--out", out);
    equal(code, 0, err);
    const cells = parseCells(read(out, "cells.csv"));
    const rates = distancesFile.parse(read(out, "distances.csv")).map(({ seed, innerSteps, rate }) => {
      const [first, second] = ["mtl", "anil"].map((algorithm) =>
        cells.find((row) => row.algorithm === algorithm && row.seed === seed && row.innerSteps === innerSteps)
      );
      equal(rate, first?.adaptStrength === second?.adaptStrength ? first?.adaptStrength : null, `seed ${seed}`);
      return rate;
    });
    ok(new Set(rates).size > 1, `one rate for all seeds shows nothing: ${rates}`);
  });
});
