import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { writeFolders } from "../../data/testing/own.ts";
import { parseCells } from "../../reports/rows/csv.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

/** The rows of a CSV file without quotes, by column. */
function rowsOf(path: string): Record<string, string>[] {
  const [head, ...lines] = Deno.readTextFileSync(path).trim().split("\r\n").map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(head.map((name, index) => [name, line[index]])));
}

Deno.test("training tasks and training classes are swept as axes, with a fitted law for each method, a figure and nothing trained twice", () =>
  withFolder(async (folder) => {
    const shapes = writeFolders(join(folder, "shapes"), 24, 6);
    const printed = await cli(
      ...["--print-sweep", "smoke", "--datasets", `images:${shapes}`, "--training-classes", "2,4,all"],
      ...["--data-options", "ways=2,size=4,validation=0.25,test=0.25", "--algorithms", "mtl,maml"],
    );
    equal(printed.code, 0, printed.err);
    const images = JSON.parse(printed.out).datasets.map((entry: { readonly hyper: object }) => ({
      ...entry,
      ...{ shots: [1], innerSteps: [1], episodes: 6, testQueries: 2, validation: null, tuning: null, overrides: {} },
      ...{ sharingDepths: [2], depthsOf: {}, hidden: [4, 4] },
      hyper: { ...entry.hyper, iterations: 5, metaBatch: 2, queries: 2, trainShots: 1 },
    }));
    const path = writeSweep(folder, (sweep) => {
      const [sinusoid] = sweep.datasets as Record<string, unknown>[];
      sweep.algorithms = ["mtl", "maml"];
      sweep.seeds = [0, 1];
      sweep.datasets = [{ ...sinusoid, tuning: null, trainingTasks: [2, 4, 8] }, ...images];
    });
    const out = join(folder, "out");
    const flags = ["--sweep", path, "--out", out, "--backend", "wasm", "--quiet"];
    const ran = await cli(...flags);
    equal(ran.code, 0, ran.err);
    const cells = parseCells(Deno.readTextFileSync(join(out, "cells.csv")));
    const all = Math.max(...cells.map(({ trainingClasses }) => trainingClasses ?? 0));
    equal(
      new Set(cells.map(({ dataset, trainedOn, trainingClasses }) => [dataset, trainedOn, trainingClasses].join())),
      new Set([
        "sinusoid,sinusoid,",
        "images-shapes-of-2-classes,images-shapes,2",
        "images-shapes-of-4-classes,images-shapes,4",
        `images-shapes,images-shapes,${all}`,
      ]),
    );
    const laws = rowsOf(join(out, "scaling.csv"));
    ok(
      ["mtl", "maml"].every((name) =>
        laws.some(({ algorithm, axis }) => algorithm === name && axis === "training-tasks")
      ),
    );
    for (const { axis, sizes, smallest, largest, seeds } of laws) {
      const [least, most] = axis === "training-tasks" ? ["2", "8"] : ["2", String(all)];
      equal([sizes, smallest, largest, seeds], ["3", least, most, "2"]);
    }
    const files = [...Deno.readDirSync(join(out, "report"))].map(({ name }) => name);
    ok(files.includes("scaling-sinusoid.svg"), files.join());
    const before = Deno.readTextFileSync(join(out, "scaling.csv"));
    const again = await cli(...flags);
    equal(again.code, 0, again.err);
    equal(Deno.readTextFileSync(join(out, "scaling.csv")), before);
  }));
