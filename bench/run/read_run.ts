/** Reads a finished run again, to draw it. */
import { join } from "node:path";
import type { DataSet } from "../../data/contract/dataset.ts";
import { DataError } from "../../data/mod.ts";
import { type Program, withAccess } from "../../common/permissions.ts";
import type { Illustration } from "../../reports/view/input.ts";
import type { Plan } from "../plan/plan.ts";
import type { Collected } from "./collect.ts";
import { oneLine, StorageError, storageError, UsageError } from "../../common/errors.ts";
import { readIfPresent } from "../../common/files.ts";
import { OUT_FILES, ownPaths, readOut, requireFormat } from "./out_folder.ts";
import { predictionsOf } from "./evaluate_predictions.ts";
import { CATALOG, catalogOf } from "./catalog.ts";
import { knownSweep } from "./request.ts";
import { readTables, type Tables } from "./read_tables.ts";
import { referenceRows } from "./references.ts";
import { type RunResults } from "./report_input.ts";
import { parseManifest, parseRecord, requireOfSweep } from "./run_shapes.ts";
import { storeOf } from "./run_file.ts";
import { rerunOf } from "./unreadable.ts";
import { verdictsOf } from "./judge_sweep.ts";
import { Store } from "../store/store.ts";

function readJson<T>(out: string, name: string, parse: (value: unknown) => T): T {
  const bytes = readIfPresent(join(out, name));
  if (bytes === undefined) {
    throw new UsageError(`${out} has no ${name}: the run did not finish; run deno task bench with it again`);
  }
  try {
    return parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw damaged(out, name, error);
  }
}

function damaged(out: string, name: string, error: unknown): UsageError {
  return new UsageError(
    `${join(out, name)} is damaged (${oneLine(error)}); ${rerunOf(out)}`,
  );
}

/**
 * Runs a program again where this process may not read a run, the store and data that it names, or write to a folder.
 *
 * @param args as the program got them
 * @returns as `withAccess`
 */
export async function withRunAccess(
  program: Program,
  args: readonly string[],
  out: string,
  folder: string,
): Promise<number | undefined> {
  return await withRunsAccess(program, args, [out], folder);
}

/** As `withRunAccess`, of several runs. */
export async function withRunsAccess(
  program: Program,
  args: readonly string[],
  outs: readonly string[],
  folder: string,
): Promise<number | undefined> {
  const access = { read: [...outs, folder], write: [folder] };
  const elsewhere = await withAccess(program, args, access);
  if (elsewhere !== undefined) return elsewhere;
  const named = outs.filter((out) => readOut(out) !== undefined).flatMap((out) => {
    const record = readJson(out, OUT_FILES.plan, parseRecord);
    return [storeOf(out, record), record.dataDir, ...ownPaths(out)];
  });
  return await withAccess(program, args, { ...access, read: [...access.read, ...named] });
}

/** A run as its files have it. */
export interface FinishedRun extends RunResults {
  /** What cannot be drawn of it; "" when nothing is missing. */
  readonly lacks: string;
}

/** Reads the results of the run in a folder: from its tables, and pictures from its store. @throws UsageError when it holds none, or none that is finished */
export async function readRun(out: string): Promise<FinishedRun> {
  const held = readOut(out);
  if (held === undefined) throw new UsageError(`${out} holds no run; deno task bench makes one`);
  requireFormat(out, held.format);
  const sweep = knownSweep(held.sweep, join(out, OUT_FILES.sweep), CATALOG);
  const manifest = readJson(out, OUT_FILES.manifest, parseManifest);
  const record = readJson(out, OUT_FILES.plan, parseRecord);
  try {
    requireOfSweep(record, sweep, CATALOG.algorithms);
  } catch (error) {
    throw damaged(out, OUT_FILES.plan, error);
  }
  const { dataDir, plan, tuning } = record;
  const catalog = catalogOf(sweep);
  const opened = new Map<string, DataSet>();
  for (const { name, ways } of sweep.datasets) {
    const known = manifest.data[name];
    if (known === undefined || "skipped" in known) continue;
    opened.set(name, await catalog.dataSets[name].open({ dataDir, ways }));
  }
  const tables = readTables(out, record);
  const { illustrations, lost } = picturedBy(plan, sweep.seeds[0], tables, Store.open(storeOf(out, record)));
  const collected = { ...tables, illustrations };
  const verdicts = verdictsOf(sweep, catalog, opened, collected);
  const predictions = predictionsOf(sweep, catalog, opened, collected);
  const references = referenceRows(sweep, opened);
  const lacks = lost.length === 0
    ? ""
    : `${lost.length} of the ${illustrations.size + lost.length} test evaluations whose episodes it pictures, ` +
      `which the store ${storeOf(out, record)} does not have`;
  return { sweep, catalog, opened, plan, collected, verdicts, predictions, references, tuning, manifest, lacks };
}

/** What episodes looked like to the states of the first seed, and the evaluations that have scores in the tables and nothing in the store. */
function picturedBy(
  { cells }: Plan,
  seed: number,
  { rows }: Tables,
  store: Store,
): { readonly illustrations: Collected["illustrations"]; readonly lost: readonly string[] } {
  const illustrations = new Map<string, readonly Illustration[]>();
  const lost = new Set<string>();
  for (const [index, { evaluation, seed: own }] of cells.entries()) {
    if (own !== seed || rows[index].episodes === 0 || illustrations.has(evaluation)) continue;
    const found = store.evaluation(evaluation);
    if (found === undefined) lost.add(evaluation);
    else illustrations.set(evaluation, found.illustrations);
  }
  return { illustrations, lost: [...lost] };
}

/**
 * Refuses to replace a report, or figures, by ones that show less.
 *
 * @param place of what there is
 * @param whole whether anything is there, and it lacks nothing
 */
export function requireNoLoss({ lacks }: FinishedRun, place: string, whole: boolean): void {
  if (lacks === "" || !whole) return;
  throw new UsageError(
    `${place} is left as it is: drawn again it would lack ${lacks}. Bring the store back, run deno task bench again, or add ` +
      "--tables-only to draw what the tables hold",
  );
}

/** Draws a run, whose files may hold anything. @throws StorageError with the way out where they cannot be drawn */
export async function drawing<T>(draw: () => T | Promise<T>): Promise<T> {
  try {
    return await draw();
  } catch (error) {
    const known = error instanceof UsageError || error instanceof DataError || oneLine(error).startsWith("internal: ");
    if (known) throw error;
    const storage = storageError("Cannot draw this run", error);
    if (storage instanceof StorageError) throw storage;
    throw new StorageError(
      `Cannot draw this run: ${oneLine(error)}. Where its files are damaged, deno task bench repairs them`,
      { cause: error },
    );
  }
}
