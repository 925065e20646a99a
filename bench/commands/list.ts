/** `deno task list`: what there is to choose from, what it is for, which settings it has and where it comes from. */
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { type Algorithm, ALGORITHM_FAMILIES, type AlgorithmFamily } from "../../algorithms/algorithm.ts";
import { models } from "../../algorithms/models/registry.ts";
import type { Optimiser } from "../../algorithms/optimisers/optimiser.ts";
import { optimisers } from "../../algorithms/optimisers/registry.ts";
import { schedules } from "../../algorithms/optimisers/schedules.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { backendEntries, type BackendEntry } from "../../algorithms/tensor/backends.ts";
import { explained, runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { startNothingMore, withAccess } from "../../common/permissions.ts";
import { ownDataDir } from "../../common/user_paths.ts";
import { TASK_KINDS } from "../../common/vocabulary.ts";
import { ARCHIVE_READERS, type DataSetEntry, dataSets, imagesSource, tableSource } from "../../data/mod.ts";
import { describeAlgorithm, describeOptions, type Entry } from "./describe_algorithm.ts";
import { sweeps } from "../sweeps/registry.ts";

/** Columns of a terminal that lines are broken for. */
const WIDTH = 110;

/** Words in lines, each but the first one indented. */
function wrapped(text: string, first: string, indent: number): string[] {
  const lines = [first];
  for (const word of text.split(" ")) {
    const line = `${lines[lines.length - 1]}${lines[lines.length - 1].endsWith("  ") ? "" : " "}${word}`;
    if (line.length <= WIDTH || lines[lines.length - 1].trim() === "") lines[lines.length - 1] = line;
    else lines.push(`${" ".repeat(indent)}${word}`);
  }
  return lines;
}

function section(title: string, entries: readonly Entry[]): string[] {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return [
    title,
    ...entries.flatMap(({ name, summary, source, more = [] }) => [
      ...wrapped(source === "" ? summary : `${summary} [${source}]`, `  ${name.padEnd(width)}  `, width + 4),
      ...more.flatMap((line) => wrapped(line, `${" ".repeat(width + 4)}-`, width + 6)),
    ]),
    "",
  ];
}

/** Which layers an adapter changes, in words. */
const CHANGES = {
  head: "the head alone",
  mask: "the layers of the algorithm's mask, or those beyond adaptDepth",
  all: "all layers",
  context: "the context vector alone",
} as const satisfies Record<Adapter["changes"], string>;

function describeAdapter(adapter: Adapter): Entry {
  const { supports, readsInnerSteps, changes, startsFromHead, strength } = adapter;
  return {
    ...adapter,
    more: [
      `for ${supports.join(" and ")}${supports.length < TASK_KINDS.length ? " only" : ""}; reads shots${
        readsInnerSteps ? " and inner steps" : ""
      }; changes ${CHANGES[changes]}, starting from ${startsFromHead ? "what was learned" : "the learned features"}`,
      strength === "" ? "nothing is left to choose" : `chosen on validation episodes: ${strength}`,
    ],
  };
}

function describeOptimiser({ name, title, source, options }: Optimiser): Entry {
  return { name, summary: title, source, more: describeOptions(options, "optimiser.") };
}

/** How data of one's own is named, with the options of `--data-options`. */
const OWN_DATA: readonly Entry[] = [
  {
    name: "images:PATH",
    summary: "Classification of images in one folder per class, or named by an index with a class each",
    source: "docs/own_data.md",
    more: describeOptions(imagesSource.omit({ path: true }), ""),
  },
  {
    name: "table:PATH",
    summary: "Regression or classification on the rows of a CSV file with a column of tasks",
    source: "docs/own_data.md",
    more: describeOptions(tableSource.omit({ path: true }), ""),
  },
  ...ARCHIVE_READERS.map((name) => ({
    name: `${name}:PATH`,
    summary: "The archive of a standard set, in the files that people have",
    source: "docs/own_data.md",
  })),
];

/** The lines of `deno task list`. */
export async function listing(): Promise<string[]> {
  const dataDir = ownDataDir();
  const notHere = (missing: string | undefined) => missing === undefined ? [] : [`not here: ${missing}`];
  const data = Object.values(dataSets).map(async (entry: DataSetEntry) => ({
    ...entry,
    more: [entry.kind, ...notHere(await entry.missing(dataDir))],
  }));
  const backends = Object.values(backendEntries).map(async (entry: BackendEntry) => ({
    ...entry,
    more: notHere(await entry.missing()),
  }));
  const profiles = Object.values(sweeps).map(({ name, title, datasets }) => ({
    name,
    summary: `${title} on ${datasets.map((entry) => entry.name).join(", ")}`,
    source: `bench/sweeps/${name}.ts`,
  }));
  const family = (name: AlgorithmFamily) =>
    Object.values<Algorithm>(algorithms).filter((algorithm) => algorithm.family === name);
  return [
    ...ALGORITHM_FAMILIES.flatMap((name) =>
      family(name).length === 0 ? [] : section(`Algorithms: ${name}`, family(name).map(describeAlgorithm))
    ),
    ...section("Adapters", Object.values<Adapter>(adapters).map(describeAdapter)),
    ...section("Optimisers", Object.values<Optimiser>(optimisers).map(describeOptimiser)),
    ...section(
      "Schedules",
      Object.values(schedules).map(({ name, summary, options }) => ({
        ...{ name, summary, source: "" },
        more: describeOptions(options, "schedule."),
      })),
    ),
    ...section("Data sets", await Promise.all(data)),
    ...section("Data of your own", OWN_DATA),
    ...section(
      "Models",
      Object.values(models).map((model) => ({ ...model, more: describeOptions(model.options, "modelOptions.") })),
    ),
    ...section("Backends", await Promise.all(backends)),
    ...section("Profiles", profiles),
  ].slice(0, -1);
}

const HELP = `Usage: deno task list

Shows the algorithms, adapters, optimisers, schedules, data sets, models, backends and profiles.

  --verbose  ${VERBOSE_HELP}
  --help     this text`;

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, async ({ argv }) => {
    if (argv.includes("--help")) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (argv.length > 0) throw new UsageError(`deno task list takes no arguments, got "${argv.join(" ")}"`);
    const program = { set: "list", script: "bench/commands/list.ts" };
    const elsewhere = await withAccess(program, args, { read: [ownDataDir()] });
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    for (const line of await listing()) console.log(line);
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
