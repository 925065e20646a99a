/** Reads a finished run again, to draw it. */
import { join } from "node:path";
import type { DataSet } from "../../data/contract/dataset.ts";
import { DataError } from "../../data/mod.ts";
import { type Program, withAccess } from "../../common/permissions.ts";
import { collect } from "./collect.ts";
import { oneLine, StorageError, UsageError } from "../../common/errors.ts";
import { readIfPresent } from "../../common/files.ts";
import { OUT_FILES, readOut, requireFormat } from "./out_folder.ts";
import { predictionsOf } from "./evaluate_predictions.ts";
import { CATALOG } from "./catalog.ts";
import { knownSweep } from "./request.ts";
import { type RunResults } from "./report_input.ts";
import { parseManifest, parseRecord, requireOfSweep } from "./run_shapes.ts";
import { storeOf } from "./run_file.ts";
import { verdictsOf } from "./judge_sweep.ts";
import { Store } from "../store/store.ts";
import { shellWord } from "../../common/shell.ts";

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
    `${join(out, name)} is damaged (${oneLine(error)}); run deno task bench with --out ${shellWord(out)} again`,
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
  const access = { read: [out, folder], write: [folder] };
  const elsewhere = await withAccess(program, args, access);
  if (elsewhere !== undefined || readOut(out) === undefined) return elsewhere;
  const record = readJson(out, OUT_FILES.plan, parseRecord);
  return await withAccess(program, args, { ...access, read: [...access.read, storeOf(out, record), record.dataDir] });
}

/** Reads the results of the run in a folder. @throws UsageError when it holds none, or none that is finished */
export async function readRun(out: string): Promise<RunResults> {
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
  const { dataDir, failures, plan, tuning } = record;
  const opened = new Map<string, DataSet>();
  for (const { name, ways } of sweep.datasets) {
    const known = manifest.data[name];
    if (known === undefined || "skipped" in known) continue;
    opened.set(name, await CATALOG.dataSets[name].open({ dataDir, ways }));
  }
  const store = Store.open(storeOf(out, record));
  const collected = collect(plan, store, { sweep, catalog: CATALOG, opened, failures: new Map(failures) });
  const verdicts = verdictsOf(sweep, CATALOG, opened, collected);
  const predictions = predictionsOf(sweep, CATALOG, opened, collected);
  return { sweep, opened, plan, collected, verdicts, predictions, tuning, manifest };
}

/** Draws a run, whose files may hold anything. @throws StorageError with the way out where they cannot be drawn */
export async function drawing<T>(draw: () => T | Promise<T>): Promise<T> {
  try {
    return await draw();
  } catch (error) {
    const known = error instanceof UsageError || error instanceof DataError || oneLine(error).startsWith("internal: ");
    if (known) throw error;
    throw new StorageError(
      `Cannot draw this run: ${oneLine(error)}. Where its files are damaged, deno task bench repairs them`,
      { cause: error },
    );
  }
}
