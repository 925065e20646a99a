import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { algorithms } from "../../algorithms/registry.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { type DataSetEntry, dataSets } from "../../data/mod.ts";
import { cli } from "../testing/cli.ts";
import { chosenNames } from "./choice.ts";
import { defaultsOf, sizedFor } from "./defaults.ts";
import { smoke } from "./smoke.ts";
import { OMNIGLOT, TIDES } from "./parts.ts";
import type { Sweep } from "./schema.ts";

const CHOICE = { flag: "--letters", kind: "letter", known: ["a", "b", "c"], all: ["a", "b"], own: ["c", "b"] };

Deno.test("a list adds from left to right, all stands for what fits, and a hyphen takes away", () => {
  const chosen = (...list: string[]) => chosenNames(list, CHOICE);
  equal(chosen("c", "a"), ["c", "a"]);
  equal(chosen("all"), ["a", "b"]);
  equal(chosen("all", "-a"), ["b"]);
  equal(chosen("c", "all", "-b"), ["c", "a"]);
  equal(chosen("-b"), ["c"], "without a beginning, the sweep's own");
  throws(() => chosen("-a"), /"a" cannot be taken away, since it is not among c, b/);
  throws(() => chosen("d"), /--letters: Unknown letter "d"/);
  throws(() => chosen("-d"), /Unknown letter "d"/);
  throws(() => chosen("a", "-a"), /nothing is left/);
});

async function printed(...argv: string[]): Promise<Sweep> {
  const { code, out, err } = await cli("--print-sweep", ...argv);
  equal(code, 0, err);
  return JSON.parse(out);
}

Deno.test("--algorithms all names every algorithm that is for the data, and -NAME leaves one out", async () => {
  const fitting = (kind: "regression" | "classification") =>
    Object.values<Algorithm>(algorithms).filter(({ supports }) => supports.includes(kind)).map(({ name }) => name);
  equal((await printed("smoke", "--algorithms", "all")).algorithms, fitting("regression"));
  const onClasses = await printed("smoke", "--datasets", "languages", "--algorithms", "all,-scratch");
  equal(onClasses.algorithms, fitting("classification").filter((name) => name !== "scratch"));
  equal((await printed("smoke", "--algorithms=-scratch")).algorithms, ["mtl", "maml", "pooled"]);
});

Deno.test("a data set that a profile has no settings for comes with its own, at the size of the profile", async () => {
  const { datasets: [omniglot], name } = await printed("smoke", "--datasets", "omniglot");
  equal([name, omniglot.name, omniglot.model, omniglot.optional], ["smoke", "omniglot", OMNIGLOT.model, false]);
  equal(omniglot.shots, OMNIGLOT.shots);
  equal([omniglot.hyper.iterations, omniglot.episodes], [100, 25], "those of smoke, not 300 and 600");
  equal(omniglot.overrides["mtl-all-rows"].iterations, 100);
  const { datasets: both } = await printed("smoke", "--datasets", "tides,sinusoid");
  equal(both.map(({ name }) => name), ["tides", "sinusoid"]);
  equal(both[1], smoke.datasets[0], "what the profile has settings for keeps them");
  const { datasets: [tides] } = await printed("real", "--datasets", "tides");
  equal(tides, { ...TIDES, optional: false });
});

Deno.test("every data set makes a sweep that can be planned with every built-in profile's size", () => {
  for (const entry of Object.values<DataSetEntry>(dataSets)) {
    const settings = defaultsOf(entry);
    equal([settings.name, settings.optional], [entry.name, false]);
    const sized = sizedFor(settings, smoke.datasets);
    ok(sized.hyper.iterations <= 100 && sized.episodes <= 25 && sized.hyper.pool <= 100, entry.name);
    const needed = Math.max(...settings.shots) + settings.testQueries;
    if (entry.kind === "classification") ok(needed <= (entry.examplesPerClass ?? Infinity), entry.name);
  }
});

Deno.test("an unknown data set has the settings of its kind, as far as its examples reach", () => {
  const plain = { name: "cells", kind: "classification", inputShape: [32, 32, 3] } as const;
  const small = defaultsOf({ ...plain, examplesPerClass: 6, classes: 4 });
  equal([small.name, small.model, small.ways], ["cells", "conv4", 4]);
  equal(small.shots, [1], "no five shots of six examples");
  ok(1 + small.testQueries <= 6 && 1 + small.hyper.queries <= 6);
  equal(defaultsOf({ ...plain, inputShape: [64] }).model, "mlp");
});
