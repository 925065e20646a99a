/** Sweeps as users give them: the shape of the file, overrides from the command line, and the names it may use. */
import { z } from "zod";
import { canonicalJson, sha256 } from "../../common/digest.ts";
import { UsageError } from "../../common/errors.ts";
import type { Overrides } from "./types.ts";
import { comparisonShape, familyShape } from "../../reports/claims/comparison.ts";
import { predictionShape } from "../../reports/claims/prediction.ts";
import { nearest } from "../../common/suggest.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import type { DataSetSweep, Sweep } from "./types.ts";

/**
 * Bounds that no sensible sweep reaches, so that a file from elsewhere cannot ask for more memory or time than there is before anybody has seen a plan.
 * A whole number of any kind, values on an axis, layers of a network, units of a layer, characters of a text, bytes of the file, and cells.
 */
const MAX = {
  number: 1e9,
  values: 10_000,
  layers: 64,
  units: 65_536,
  letters: 1_000,
  bytes: 16 * 1024 * 1024,
  cells: 1_000_000,
};

const whole = (least: number, most: number = MAX.number) => z.int().min(least).max(most);
const axis = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX.values);
/** Text without control characters, half characters and what turns the direction of text around. */
const word = z.string().max(MAX.letters).regex(
  /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u,
  "expected text without control characters",
);
const table = <T extends z.ZodType>(value: T) => z.record(word, value);
const positive = z.number().positive();
const matched = z.union([z.literal("matched"), whole(1), z.strictObject({ matchedUpTo: whole(1) })], {
  error: 'expected "matched", { "matchedUpTo": n } or a whole number >= 1',
});

const hyperShape = {
  iterations: whole(1),
  metaBatch: whole(1),
  queries: whole(1),
  innerLr: z.number().min(0),
  adaptLrs: z.array(z.number().min(0)).max(MAX.values),
  outerLr: positive,
  clip: positive.nullable(),
  pool: whole(1),
  trainShots: matched,
  trainInnerSteps: matched,
};

const sweepShape = z.strictObject({
  format: z.literal(1),
  name: word.regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens"),
  title: word,
  algorithms: axis(word),
  seeds: axis(whole(0)),
  datasets: axis(z.strictObject({
    name: word,
    model: word,
    hidden: z.array(whole(1, MAX.units)).max(MAX.layers),
    norm: z.enum(["none", "batch", "layer"]),
    ways: whole(1),
    shots: axis(whole(1)),
    innerSteps: axis(whole(0)),
    sharingDepths: axis(whole(0)),
    depthsOf: table(axis(whole(0))).default({}),
    adapters: axis(z.enum(["gradient", "solved-head"])),
    adaptDepths: axis(z.union([z.literal("native"), whole(0)], { error: 'expected "native" or a whole number >= 0' })),
    taskStarts: axis(z.enum(["mean", "common", "random"])),
    episodes: whole(1),
    testQueries: whole(1),
    divergedFactor: positive,
    margin: positive,
    optional: z.boolean(),
    validation: z.strictObject({
      episodes: whole(2),
      points: whole(1),
      shots: whole(1),
      innerSteps: whole(1),
      queries: whole(1),
      tolerance: z.number().min(0),
    }).nullable().default(null),
    tuning: z.strictObject({
      outerLrs: axis(positive),
      innerLrs: axis(positive),
      iterations: whole(1).nullable().default(null),
      seed: whole(0),
    }).nullable().default(null),
    hyper: z.strictObject(hyperShape),
    overrides: table(z.strictObject(hyperShape).partial()),
  })),
  families: axis(familyShape).default(() => [...COMPARISON_FAMILIES]),
  comparisons: z.array(comparisonShape).max(MAX.values).default(() => [...COMPARISONS]),
  predictions: z.array(predictionShape).max(MAX.values).default([]),
});

/** Where something is in a JSON document, e.g. `datasets[0].hyper.innerLr`. */
function jsonPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)
    .join("");
}

/** The keys that the object at a path of the shape may have; [] where it is no object of fixed keys. Of alternatives, those of all. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schemas: unknown[] = [sweepShape];
  for (const part of path) schemas = schemas.flatMap(alternatives).flatMap((schema) => inside(schema, String(part)));
  const objects = schemas.flatMap(alternatives).filter((schema) => schema instanceof z.ZodObject);
  return [...new Set(objects.flatMap((schema) => Object.keys(schema.shape)))];
}

/** What a value of a shape may be: defaults taken off, unions taken apart. */
function alternatives(schema: unknown): unknown[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return alternatives(schema.unwrap());
  return schema instanceof z.ZodDiscriminatedUnion ? schema.options.flatMap(alternatives) : [schema];
}

/** The shapes of a member. */
function inside(schema: unknown, part: string): unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodObject && part in schema.shape ? [schema.shape[part]] : [];
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0];
    const guess = nearest(key, keysAt(issue.path));
    const hint = guess === undefined ? `known keys: ${keysAt(issue.path).join(", ")}` : `did you mean "${guess}"?`;
    return `unknown key ${jsonPath([...issue.path, key])}; ${hint}`;
  }
  const where = issue.path.length === 0 ? "the sweep" : jsonPath(issue.path);
  return `${where}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

/**
 * Checks that a value has the shape of a sweep.
 *
 * @param origin where it came from, for messages, e.g. a file name
 * @throws UsageError naming the first place that is wrong
 */
export function parseSweep(value: unknown, origin: string): Sweep {
  const parsed = sweepShape.safeParse(value);
  if (parsed.success) return parsed.data;
  // A misspelt key also leaves the right one missing: the misspelling is the cause.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  throw new UsageError(`Sweep ${origin}: ${explain(issue)}`);
}

/** Reads a sweep file. @throws UsageError when it cannot be read, is no JSON or not a sweep */
export function readSweep(path: string): Sweep {
  let text: string;
  try {
    const { size, isFile } = Deno.statSync(path);
    if (!isFile) throw new UsageError(`--sweep ${path}: is not a file`);
    if (size > MAX.bytes) {
      throw new UsageError(`--sweep ${path}: has ${size} bytes; a sweep has at most ${MAX.bytes}`);
    }
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`--sweep ${path}: there is no such file`);
    throw new UsageError(`--sweep ${path}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--sweep ${path}: not JSON (${error instanceof Error ? error.message : error})`);
  }
  return parseSweep(value, path);
}

/** The sweep with its axes replaced by those of the command line. @throws UsageError for a data set the sweep lacks */
export function applyOverrides(sweep: Sweep, overrides: Overrides): Sweep {
  const { datasets: names, algorithms, seeds, ...axes } = overrides;
  const given: Partial<DataSetSweep> = {
    ...Object.fromEntries(Object.entries(axes).filter(([, value]) => value !== undefined)),
    ...(axes.sharingDepths === undefined ? {} : { depthsOf: {} }),
  };
  const chosen = names === undefined ? sweep.datasets : names.map((name) => demand(sweep, name));
  return {
    ...sweep,
    algorithms: algorithms ?? sweep.algorithms,
    seeds: seeds ?? sweep.seeds,
    datasets: chosen.map((entry): DataSetSweep => ({ ...entry, ...given })),
  };
}

/** A data set that is asked for by name is not optional any more. */
function demand(sweep: Sweep, name: string): DataSetSweep {
  const found = sweep.datasets.find((entry) => entry.name === name);
  if (found !== undefined) return { ...found, optional: false };
  const present = sweep.datasets.map((entry) => entry.name).join(", ");
  throw new UsageError(
    `--datasets ${name}: the sweep "${sweep.name}" has no settings for it, only for ${present}; choose another --profile or write a --sweep file`,
  );
}

/** The most cells that a sweep can come to. */
function mostCells({ algorithms, seeds, datasets }: Sweep): number {
  return datasets.reduce((total, entry) => {
    const depths = Math.max(entry.sharingDepths.length, ...Object.values(entry.depthsOf).map(({ length }) => length));
    const { adapters, adaptDepths, taskStarts, shots, innerSteps } = entry;
    const axes = [algorithms, seeds, adapters, adaptDepths, taskStarts, shots, innerSteps];
    return total + axes.reduce((product, { length }) => product * length, depths);
  }, 0);
}

/** @throws UsageError when planning a sweep would take more memory and time than anybody has for it */
export function requireBounded(sweep: Sweep): void {
  const cells = mostCells(sweep);
  if (cells <= MAX.cells) return;
  throw new UsageError(
    `The sweep "${sweep.name}" comes to up to ${cells} cells; at most ${MAX.cells} are planned at once. Split its axes into several sweeps`,
  );
}

/** sha256 of a sweep: what an --out folder is recognised by. */
export function sweepDigest(sweep: Sweep): string {
  return sha256(canonicalJson(sweep));
}
