/** Reads verdicts.csv by its header: later columns may come and go. */
import { parse } from "@std/csv/parse";
import type { VerdictSummary } from "./entry.ts";

/** The first column that is not part of the key. */
const KEY_END = "n_seeds";

/**
 * The verdicts of a run.
 *
 * @throws SyntaxError when the key, the verdict or a second row of the same key makes the table ambiguous
 */
export function parseVerdicts(csv: string): VerdictSummary[] {
  let lines: string[][];
  try {
    lines = parse(csv);
  } catch (error) {
    throw new SyntaxError(`verdicts.csv is not valid CSV: ${error instanceof Error ? error.message : error}`);
  }
  const [header = [], ...rows] = lines;
  const end = header.indexOf(KEY_END);
  const verdict = header.indexOf("verdict");
  if (end < 1) throw new SyntaxError(`verdicts.csv has no column "${KEY_END}" after those that name a comparison`);
  if (verdict < 0) throw new SyntaxError('verdicts.csv has no column "verdict"');
  const flags = header.indexOf("flags");
  const seen = new Set<string>();
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new SyntaxError(`verdicts.csv, row ${index + 2}: ${row.length} fields, but ${header.length} columns`);
    }
    const key = Object.fromEntries(header.slice(0, end).map((name, column) => [name, row[column]]));
    const id = JSON.stringify(key);
    if (seen.has(id)) throw new SyntaxError(`verdicts.csv, row ${index + 2}: the same comparison as in an earlier row`);
    seen.add(id);
    return {
      key,
      verdict: row[verdict],
      flags: flags < 0 ? [] : row[flags].split(";").map((flag) => flag.trim()).filter((flag) => flag !== ""),
    };
  });
}

/** A comparison in words, without empty columns: "sinusoid, mtl-maml-native, a algorithm mtl, a shots 5, ...". */
export function describeVerdict({ key }: VerdictSummary): string {
  return Object.entries(key).filter(([, value]) => value !== "").map(([name, value]) => {
    return name === "dataset" || name === "comparison" ? value : `${name.replaceAll("_", " ")} ${value}`;
  }).join(", ");
}
