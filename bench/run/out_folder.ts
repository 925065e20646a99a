/** The folder of a run's results: whose it is, who writes it now, and how it is emptied. */
import { dirname, join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { isPresent, isStale, readIfPresent, removeIfPresent, writeAtomically } from "../../common/files.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { readableFor } from "../../data/mod.ts";
import { parseSweep } from "../sweeps/read.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { allSources } from "../sweeps/sourced.ts";

/** Version of what is written to a run's folder. */
export const OUT_FORMAT = 2;

/** Names of a run's files. */
export const OUT_FILES = {
  cells: "cells.csv",
  episodes: "episodes.csv",
  verdicts: "verdicts.csv",
  predictions: "predictions.csv",
  published: "published.csv",
  references: "references.csv",
  tuning: "tuning.csv",
  validation: "validation.csv",
  representations: "representations.csv",
  diversity: "diversity.csv",
  distances: "distances.csv",
  costToTarget: "cost_to_target.csv",
  equalOperations: "equal_operations.csv",
  calibration: "calibration.csv",
  groups: "groups.csv",
  scaling: "scaling.csv",
  timings: "timings.csv",
  adaptationTimes: "adaptation_times.csv",
  dataPackage: "datapackage.json",
  manifest: "manifest.json",
  sweep: "sweep.json",
  run: "run.json",
  plan: "plan.json",
  status: "status.json",
  report: "report",
} as const;

/** The folder of the run that a newcomer makes first, which commands take where none is named. */
export const QUICK_RUN: string = join(PROJECT_ROOT, "reports", "runs", "quick");

/** Files that tell folders which are parts of a run. */
const PARTS = { "store.json": "a store, which keeps results of runs", "files.json": "the report of a run" };

const LOCK = ".lock";
const REPORT_FILES = /\.(html|svg|png|vl\.json|part)$|^files\.json$|^\.\d+-\d+-[0-9a-f]{8}\.tmp$/;
/** Names of files that are being written, in a run's folder and in its report. */
const UNFINISHED = /^\.\d+-\d+-[0-9a-f]{8}\.tmp$|\.[0-9a-f]{8}\.part$/;

/** Contents of `sweep.json`: what the folder is recognised by. */
export interface OutSweep {
  readonly format: number;
  readonly digest: string;
  readonly sweep: Sweep;
}

/** What a folder says about itself; undefined when it holds no run. @throws UsageError when that is damaged */
export function readOut(out: string): OutSweep | undefined {
  const bytes = readIfPresent(join(out, OUT_FILES.sweep));
  if (bytes === undefined) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as OutSweep;
    const named = typeof value.format === "number" && typeof value.digest === "string";
    // What other versions wrote beside that is theirs to know.
    if (named && (value.format !== OUT_FORMAT || typeof value.sweep?.name === "string")) return value;
  } catch {
    // Not JSON: said below.
  }
  throw new UsageError(`${join(out, OUT_FILES.sweep)} is damaged; choose another --out or remove it`);
}

/** What a run in a folder reads of its user's own data: files and folders. A sweep that is damaged names none; who reads it says so. */
export function ownPaths(out: string): string[] {
  try {
    const held = readOut(out);
    if (held === undefined || held.format !== OUT_FORMAT) return [];
    return allSources(parseSweep(held.sweep, join(out, OUT_FILES.sweep))).map(readableFor);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

/**
 * @param place of the results, for the message
 * @throws UsageError with the way out when they have another format than this version reads and writes
 */
export function requireFormat(place: string, format: number): void {
  if (format === OUT_FORMAT) return;
  throw new UsageError(
    format > OUT_FORMAT
      ? `${place} has format ${format}; this version reads and writes ${OUT_FORMAT}. Choose another folder or update`
      : `${place} has format ${format}, of an older version; this one reads and writes ${OUT_FORMAT}. Choose another folder, ` +
        `compute it anew (deno task bench --fresh), or read it with the version that made it: its manifest.json has the commit`,
  );
}

/**
 * Checks, touching nothing, that a sweep may use the folder.
 *
 * @param digest of the sweep
 * @throws UsageError when it holds another sweep's results or an older format (unless `fresh`), a newer format, or files of the same names
 */
export function checkOut(out: string, digest: string, fresh: boolean): void {
  requireFolder(out);
  const part = Object.entries(PARTS).find(([name]) => isPresent(join(out, name)));
  if (part !== undefined) throw new UsageError(`--out ${out} is ${part[1]}; choose another --out`);
  const held = readOut(out);
  if (held === undefined) {
    const taken = Object.values(OUT_FILES).find((name) => isPresent(join(out, name)));
    if (taken === undefined) return;
    throw new UsageError(`--out ${out} has a "${taken}" that no run here has written; choose another --out`);
  }
  if (held.format > OUT_FORMAT || !fresh) requireFormat(`--out ${out}`, held.format);
  if (held.digest !== digest && !fresh) {
    throw new UsageError(
      `--out ${out} holds the results of another sweep ("${held.sweep?.name}", ${held.digest.slice(0, 8)}); ` +
        `choose another --out, or --fresh to replace them`,
    );
  }
}

function requireFolder(out: string): void {
  let behindFile = false;
  for (let path = out;; path = dirname(path)) {
    try {
      if (Deno.statSync(path).isDirectory) return;
      throw new UsageError(`Cannot write to --out ${out}: ${path} is not a folder; choose another --out`);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      behindFile ||= error instanceof Deno.errors.NotADirectory;
      if (behindFile && error instanceof Deno.errors.NotCapable) {
        throw new UsageError(`Cannot write to --out ${out}: ${path} is not a folder; choose another --out`);
      }
      if (error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.NotFound) {
        if (path === dirname(path)) return;
        continue;
      }
      // A folder that may not be looked at: making --out will say whether that can be done.
      if (error instanceof Deno.errors.NotCapable && path !== out) return;
      throw new UsageError(`Cannot write to --out ${out}: ${messageOf(error)}; choose another --out`);
    }
  }
}

const LOCK_WAIT_MS = 500;
const LOCK_POLL_MS = 25;

/**
 * Holds a run's folder for one coordinator; the system lets go of it when the process ends, however it ends. A courtesy that saves computing twice:
 * where the file system has no locks, or another machine does not see them, two runs of one sweep write the same bytes, each file as a whole.
 */
export class OutLock {
  readonly #file: Deno.FsFile;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Makes the folder and takes it.
   *
   * @throws UsageError when it cannot be written, or another process has it
   */
  static take(out: string): OutLock {
    const path = join(out, LOCK);
    let file: Deno.FsFile;
    try {
      Deno.mkdirSync(out, { recursive: true });
      file = Deno.openSync(path, { create: true, read: true, write: true });
    } catch (error) {
      throw new UsageError(`Cannot write to --out ${out}: ${messageOf(error)}; choose another --out`);
    }
    if (!lockedWithin(file, LOCK_WAIT_MS)) {
      file.close();
      throw new UsageError(`--out ${out} is in use by ${holder(path)}; wait for it or choose another --out`);
    }
    const lock = new OutLock(file);
    lock.#write(JSON.stringify({ pid: Deno.pid, started: new Date().toISOString() }) + "\n");
    return lock;
  }

  #write(text: string): void {
    try {
      this.#file.truncateSync(0);
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.writeSync(new TextEncoder().encode(text));
    } catch {
      // The lock holds without its text, e.g. on a full disk.
    }
  }

  /** Gives the folder back. */
  release(): void {
    this.#write("");
    this.#file.close();
  }
}

/** A process that is just ending lets go within a moment. */
function lockedWithin(file: Deno.FsFile, milliseconds: number): boolean {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0;; waited += LOCK_POLL_MS) {
    try {
      if (file.tryLockSync(true)) return true;
    } catch {
      // No locks on this file system.
      return true;
    }
    if (waited >= milliseconds) return false;
    Atomics.wait(pause, 0, 0, LOCK_POLL_MS);
  }
}

function holder(path: string): string {
  try {
    const { pid, started } = JSON.parse(Deno.readTextFileSync(path));
    return `process ${pid} since ${started}`;
  } catch {
    return "another process";
  }
}

/** Marks the folder, which this process holds, as this sweep's, and clears what broken-off writes of others have left in it. */
export function claimOut(out: string, digest: string, sweep: Sweep): void {
  clearRemains(out);
  const text = JSON.stringify({ format: OUT_FORMAT, digest, sweep }, undefined, 2) + "\n";
  writeAtomically(join(out, OUT_FILES.sweep), text);
}

/** Files of writes that were broken off: who holds a folder is its only writer, but reports are drawn without holding it. */
function clearRemains(out: string): void {
  const report = join(out, OUT_FILES.report);
  for (const [folder, isLeft] of [[out, () => true], [report, isStale]] as const) {
    if (!isPresent(folder)) continue;
    for (const { name, isFile } of [...Deno.readDirSync(folder)]) {
      if (isFile && UNFINISHED.test(name) && isLeft(join(folder, name))) removeIfPresent(join(folder, name));
    }
  }
}

/** Removes what a run writes into its folder, and nothing else. */
export function clearOut(out: string): void {
  const report = join(out, OUT_FILES.report);
  if (isPresent(report)) {
    for (const entry of [...Deno.readDirSync(report)]) {
      if (entry.isFile && REPORT_FILES.test(entry.name)) removeIfPresent(join(report, entry.name));
    }
    removeIfPresent(report);
  }
  for (const name of Object.values(OUT_FILES)) {
    if (name !== OUT_FILES.report) removeIfPresent(join(out, name));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
