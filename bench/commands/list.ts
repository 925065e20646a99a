/** `deno task list`: what there is to choose from, what it is for, which settings it has and where it comes from. */
import { z } from "zod";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters, firstFor } from "../../algorithms/adapters/registry.ts";
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
import { TASK_KINDS, type TaskKind } from "../../common/vocabulary.ts";
import { ARCHIVE_READERS, type DataSetEntry, dataSets, imagesSource, tableSource } from "../../data/mod.ts";
import { whyNot } from "../plan/points.ts";
import { sweeps } from "../sweeps/registry.ts";

/** One thing to choose. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** What else is to be said of it, a line each. */
  readonly more?: readonly string[];
}

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

/** The options of a schema, a line each: "own.frozen = false (true or false): Whether ..." */
export function describeOptions(schema: z.ZodObject, prefix: string): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).flatMap(([name, option]) => {
    if (typeof option === "boolean" || option.const !== undefined) return [];
    const { default: value, description = "" } = option;
    return [`${prefix}${name} = ${JSON.stringify(value ?? null)} (${valuesOf(option)}): ${description}`];
  });
}

function valuesOf(option: z.core.JSONSchema.JSONSchema): string {
  if (option.enum !== undefined) return option.enum.join(" or ");
  if (option.anyOf !== undefined) {
    return option.anyOf.map((one) => typeof one === "boolean" ? String(one) : valuesOf(one)).join(" or ");
  }
  if (option.type === "boolean") return "true or false";
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = option;
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`]),
  ];
  if (option.type === "array") return "a list";
  return [option.type === "integer" ? "a whole number" : `a ${option.type}`, ...bounds].join(", ");
}

/** What an algorithm can be adapted by on a kind of task, and why not by other adapters for it. */
export function describeCells(algorithm: Algorithm, kind: TaskKind): string {
  if (!algorithm.supports.includes(kind)) {
    return `no cells on ${kind}: it is for ${algorithm.supports.join(" and ")} only`;
  }
  // What an adapter is for is said with the adapter.
  const all = Object.values<Adapter>(adapters).filter(({ supports }) => supports.includes(kind));
  const native = firstFor(algorithm.nativeAdapters, kind);
  const usable = all.filter((adapter) => whyNot(algorithm, adapter, kind) === undefined).map(({ name }) => name);
  const order = usable.toSorted((a, b) => Number(b === native) - Number(a === native));
  const reasons = Map.groupBy(all, (adapter) => whyNot(algorithm, adapter, kind));
  const refused = [...reasons].flatMap(([reason, group]) =>
    reason === undefined ? [] : [`not by ${group.map(({ name }) => name).join(", ")}: ${reason}`]
  );
  const by = order.map((name) => name === native ? `${name} (native)` : name).join(", ");
  return [`${kind}: adapted by ${by === "" ? "nothing" : by}`, ...refused].join("; ");
}

const ORDERS = { 0: "no gradients", 1: "first-order gradients", 2: "second-order gradients" } as const;

function describeAlgorithm(algorithm: Algorithm): Entry {
  const { gradientOrder, data, reads, hyper } = algorithm;
  const trains = data === "none" ? "no training" : `trains on ${DATA[data]} with ${ORDERS[gradientOrder]}`;
  return {
    ...algorithm,
    more: [
      `${trains}; its cells depend on ${reads.length === 0 ? "no axis" : reads.join(", ")}`,
      ...TASK_KINDS.map((kind) => describeCells(algorithm, kind)),
      ...(hyper === undefined ? [] : describeOptions(hyper, "own.")),
    ],
  };
}

/** What a training batch is made of, in words. */
const DATA = {
  episodes: "episodes (support and query)",
  tasks: "tasks without a split",
  pool: "a fixed pool of tasks",
  labelled: "labelled examples of all training classes",
} as const satisfies Record<Exclude<Algorithm["data"], "none">, string>;

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
