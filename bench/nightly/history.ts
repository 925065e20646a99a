/** The history of nights and the baselines among them: JSON lines, one night each. */
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { readIfPresent, writeAtomically } from "../../common/files.ts";
import { incomparable } from "./compare.ts";
import { type Entry, ENTRY_FORMAT, parseEntry } from "./entry.ts";

/** Names of a history's files. */
export const HISTORY_FILES = {
  history: "history.jsonl",
  baselines: "baselines.jsonl",
  runs: "runs",
  summary: "summary.md",
  spec: "history.vl.json",
  chart: "history.svg",
  page: "index.html",
} as const;

/** Links that lead to one another in turn lead nowhere. */
const MAX_LINKS = 8;

/** A night that was accepted; the last of those that can be compared with a run is its baseline. */
export interface Baseline {
  /** When, ISO 8601. */
  readonly accepted: string;
  readonly entry: Entry;
}

function readLines<T>(folder: string, name: string, parse: (value: Record<string, unknown>) => T): T[] {
  const path = join(folder, name);
  const bytes = readIfPresent(path);
  if (bytes === undefined) return [];
  return new TextDecoder().decode(bytes).split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [parse(JSON.parse(line))];
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new UsageError(`${path}, line ${index + 1}: ${reason}. Remove the line, or choose another --history`);
    }
  });
}

function entryOf(value: unknown): Entry {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > ENTRY_FORMAT) {
    throw new Error(`format ${format}, but this version reads up to ${ENTRY_FORMAT}: update`);
  }
  if (typeof format === "number" && format < ENTRY_FORMAT) {
    throw new Error(
      `format ${format}, of an older version, whose cells have other keys: begin a new history and accept a baseline in it`,
    );
  }
  return parseEntry(value);
}

/** All nights, the oldest first. @throws UsageError naming the line that is damaged */
export function readHistory(folder: string): Entry[] {
  return readLines(folder, HISTORY_FILES.history, entryOf);
}

/** All baselines, the oldest first. @throws UsageError naming the line that is damaged */
export function readBaselines(folder: string): Baseline[] {
  return readLines(folder, HISTORY_FILES.baselines, ({ accepted, entry }) => {
    if (typeof accepted !== "string") throw new Error("accepted: expected a date");
    return { accepted, entry: entryOf(entry) };
  });
}

/** Where a file of a history is: a link that stands for it is followed, and stays a link. */
function placeOf(folder: string, name: string): string {
  let path = join(folder, name);
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      path = resolve(dirname(path), Deno.readLinkSync(path));
    } catch {
      break;
    }
  }
  return path;
}

/** The folders elsewhere that files of a history are links into. */
export function linkedFolders(folder: string): string[] {
  const places = [HISTORY_FILES.history, HISTORY_FILES.baselines].map((name) => dirname(placeOf(folder, name)));
  return [...new Set(places)].filter((place) => place !== folder);
}

function append(folder: string, name: string, value: unknown): void {
  const path = placeOf(folder, name);
  const known = new TextDecoder().decode(readIfPresent(path) ?? new Uint8Array());
  const end = known === "" || known.endsWith("\n") ? "" : "\n";
  writeAtomically(path, `${known}${end}${JSON.stringify(value)}\n`);
}

/** Adds a night. */
export function appendHistory(folder: string, entry: Entry): void {
  append(folder, HISTORY_FILES.history, entry);
}

/** Makes the latest night a baseline. @throws UsageError when there is none or it is not complete */
export function acceptLatest(folder: string, now: Date): Baseline {
  const entry = readHistory(folder).at(-1);
  if (entry === undefined) {
    throw new UsageError(`There is no run in ${folder} to accept: run deno task nightly first`);
  }
  if (entry.problems.length > 0) {
    throw new UsageError(
      `Cannot accept ${entry.run}, the latest run: ${entry.problems.join("; ")}. Only a complete run can be a baseline`,
    );
  }
  const baseline = { accepted: now.toISOString(), entry };
  append(folder, HISTORY_FILES.baselines, baseline);
  return baseline;
}

/** What a night is to be compared with: a baseline, or the reasons why there is none. */
export type Choice =
  | { readonly baseline: Baseline }
  | { readonly baseline: undefined; readonly latest: Baseline | undefined; readonly reasons: readonly string[] };

/** The last baseline that can be compared with a night. */
export function chooseBaseline(baselines: readonly Baseline[], now: Entry): Choice {
  const baseline = baselines.findLast(({ entry }) => incomparable(entry.identity, now.identity).length === 0);
  if (baseline !== undefined) return { baseline };
  const latest = baselines.at(-1);
  return { baseline, latest, reasons: latest === undefined ? [] : incomparable(latest.entry.identity, now.identity) };
}
