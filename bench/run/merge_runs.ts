/** Puts the results of several folders into one: shares of a run that different machines have made. */
import { join } from "node:path";
import { differenceOf } from "./difference.ts";
import { UsageError } from "../../common/errors.ts";
import { DataError } from "../../data/mod.ts";
import { writeAtomically } from "../../common/files.ts";
import { OUT_FILES, readOut, requireFormat } from "./out_folder.ts";
import { CATALOG } from "./catalog.ts";
import type { Prepared } from "./prepare.ts";
import { knownSweep } from "./request.ts";
import { readRunFile, type RunFile, storeOf } from "./run_file.ts";
import { Store } from "../store/store.ts";
import { parseSweep } from "../sweeps/read.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { TrainingUnit } from "../store/types.ts";

/** A folder that results are taken from. */
export interface Source {
  readonly folder: string;
  readonly sweep: Sweep;
  readonly run: RunFile;
  readonly store: Store;
}

/** Opens the run in a folder. @throws UsageError when there is none that this version reads */
export function openSource(folder: string): Source {
  const held = readOut(folder);
  if (held === undefined) throw new UsageError(`Cannot merge ${folder}: it holds no run; deno task bench makes one`);
  requireFormat(`Cannot merge: ${folder}`, held.format);
  const sweep = parseSweep(held.sweep, join(folder, OUT_FILES.sweep));
  const run = readRunFile(folder);
  return { folder, sweep, run, store: Store.open(storeOf(folder, run)) };
}

/**
 * The sweep of the first share whose user's own data lies on this machine where that share has it: shares of several machines may have it in several places.
 *
 * @throws UsageError when this version cannot use the sweep, or none of the shares names a place where the data is
 */
export function sweepHere(sources: readonly Source[]): Sweep {
  let reason = "";
  for (const { folder, sweep } of sources) {
    try {
      return knownSweep(sweep, join(folder, OUT_FILES.sweep), CATALOG);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      reason ||= error.message;
    }
  }
  throw new UsageError(
    `Cannot merge ${
      sources.map(({ folder }) => folder).join(" and ")
    } here, where none of them finds its data: ${reason}`,
  );
}

/** What all shares of a run must have in common. */
const COMMON: readonly (readonly [what: string, of: (run: RunFile) => unknown])[] = [
  ["sweep", ({ sweepDigest }) => sweepDigest],
  ["backend", ({ backend }) => backend.name],
  ["versions of the runtime", ({ versions }) => versions],
  ["versions of the packages", ({ packages }) => packages],
  ["data", ({ data }) => data],
  ["code", ({ code }) => code],
];

/** @throws UsageError naming the two folders that are no shares of one run, and why */
export function requireOneRun([first, ...others]: readonly Source[]): void {
  for (const other of others) {
    for (const [what, of] of COMMON) {
      const difference = differenceOf(of(first.run), of(other.run));
      if (difference === undefined) continue;
      throw new UsageError(
        `Cannot merge ${first.folder} and ${other.folder}: they differ in their ${what} (${difference}). ` +
          "Shares of one run are made with the same sweep, code, data, backend and versions",
      );
    }
  }
}

/** @throws UsageError when this checkout or its data would not look for the results under the addresses that they have */
export function requireSameHere({ folder, run }: Source, { code }: Prepared, data: RunFile["data"]): void {
  for (const [what, theirs, ours] of [["code", run.code, code], ["data", run.data, data]] as const) {
    const difference = differenceOf(theirs, ours);
    if (difference === undefined) continue;
    throw new UsageError(
      `Cannot merge ${folder} here: the ${what} of this machine differs from what it was made with (${difference}). ` +
        `Merge with the same checkout and data`,
    );
  }
}

/**
 * Copies what the sources have of the units, each file once.
 *
 * @throws UsageError naming both files when two have the same address and different bytes
 */
export function mergeUnits(units: readonly TrainingUnit[], sources: readonly Store[], target: Store): void {
  for (const { id, evaluations } of units) {
    mergeEntry("training", id, sources, target);
    for (const evaluation of evaluations) mergeEntry("evaluation", evaluation.id, sources, target);
  }
}

function mergeEntry(kind: "training" | "evaluation", id: string, sources: readonly Store[], target: Store): void {
  const kept = new Map([...target.files(kind, id)].map((file) => [file.name, file]));
  for (const source of sources) {
    for (const file of source.files(kind, id)) {
      const other = kept.get(file.name);
      if (other === undefined) {
        writeAtomically(join(target.folder, file.name), file.bytes);
        kept.set(file.name, file);
      } else if (!file.measured && !sameBytes(file.bytes, other.bytes)) {
        throw new UsageError(
          `Cannot merge ${other.path} and ${file.path}: they have the same address and different contents, so two machines computed ` +
            "differently. Remove the folder that is wrong, or compute everything on machines of one kind",
        );
      }
    }
  }
  // A reason is worth keeping only where nobody has a result.
  if (kept.size > 0) return target.removeFailure(id);
  const reason = sources.map((source) => source.failure(id)).find((found) => found !== undefined);
  if (reason !== undefined) target.putFailure(id, reason);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
