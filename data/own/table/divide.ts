/** The rows of a table by task and split, standardised by the training tasks. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../../common/digest.ts";
import { SPLITS } from "../../../common/vocabulary.ts";
import { DataError, type Split } from "../../contract/dataset.ts";
import type { TableSource } from "../source.ts";
import { byLetters, drawSplits, type NamedSplits } from "../split.ts";
import type { Table } from "./read.ts";

/** Rows that belong together: of a task (regression), or of a class of a task. */
export interface RowGroup {
  readonly name: string;
  /** The task of a class; undefined where there are no tasks, and for tasks themselves. */
  readonly task?: string;
  /** Rows of `x`. */
  readonly rows: readonly number[];
}

/** A table, divided. */
export interface DividedTable {
  readonly kind: Table["kind"];
  readonly features: readonly string[];
  /** [rows, D], each feature with mean 0 and standard deviation 1 over the rows of training. */
  readonly x: Float32Array;
  /** [rows]; standardised in the same way; empty for classes. */
  readonly y: Float32Array;
  readonly groups: Readonly<Record<Split, readonly RowGroup[]>>;
  /** Of what is read, however it is written and wherever it lies. */
  readonly digest: string;
  /** What it was standardised by. */
  readonly constants: TableConstants;
}

/** Mean of a column and what is multiplied after it is taken off: one over the standard deviation, 0 for a constant. */
interface ColumnConstants {
  readonly mean: number;
  readonly scale: number;
}

/** What a table is standardised by: constants of its rows of training, or of those of another table that was trained on. */
export interface TableConstants {
  readonly features: readonly string[];
  readonly x: readonly ColumnConstants[];
  /** [] for classes. */
  readonly y: readonly ColumnConstants[];
}

/**
 * Divides a table.
 *
 * @param by constants of another table, which this one is tested after being trained on; its own where they are left out
 * @throws DataError when there are too few tasks or classes, or the other table has other features
 */
export function divide(table: Table, source: TableSource, by?: TableConstants): DividedTable {
  const groups = groupsOf(table, source);
  const training = groups.train.flatMap(({ rows }) => rows);
  const width = table.features.length;
  if (by !== undefined) requireFeatures(table.features, by.features, source.path);
  const targets = table.kind === "regression" ? Float64Array.from(table.targets as readonly number[]) : undefined;
  const constants = by ?? {
    features: table.features,
    x: constantsOf(table.x, width, training),
    y: targets === undefined ? [] : constantsOf(targets, 1, training),
  };
  const x = standardised(table.x, constants.x);
  const y = targets === undefined ? new Float32Array(0) : standardised(targets, constants.y);
  const hash = createHash("sha256");
  hash.update(canonicalJson({ format: 1, kind: table.kind, features: table.features }));
  for (const split of SPLITS) {
    for (const { name, task, rows } of groups[split]) {
      hash.update(canonicalJson([split, name, task ?? null, rows.length]));
      for (const row of rows) {
        hash.update(new Uint8Array(x.slice(row * width, (row + 1) * width).buffer));
        if (y.length > 0) hash.update(new Uint8Array(y.slice(row, row + 1).buffer));
      }
    }
  }
  return { kind: table.kind, features: table.features, x, y, groups, digest: hash.digest("hex"), constants };
}

function groupsOf(table: Table, source: TableSource): Record<Split, readonly RowGroup[]> {
  const { kind, tasks, targets } = table;
  const { path, minExamples } = source;
  const byTask = source.task !== null;
  if (kind === "regression" && !byTask) {
    throw new DataError(`Cannot use ${path}: a table of numbers needs a task column; name it with task`);
  }
  const rows = tasks.map((_, row) => row);
  const keyed = Map.groupBy(
    rows,
    (row) => kind === "regression" ? tasks[row] : JSON.stringify([byTask ? tasks[row] : null, targets[row]]),
  );
  const all = [...keyed.values()].filter(({ length }) => length >= minExamples).map((own): RowGroup => {
    const [task, target] = [tasks[own[0]], String(targets[own[0]])];
    if (kind === "regression") return { name: task, rows: own };
    return byTask ? { name: `${task}/${target}`, task, rows: own } : { name: target, rows: own };
  }).sort((a, b) => byLetters(a.name, b.name));
  // What is divided is the task, with all its classes; classes themselves where there are no tasks.
  const unitOf = ({ name, task }: RowGroup) => task ?? name;
  const units = [...new Set(all.map(unitOf))].sort(byLetters);
  const what = byTask ? "tasks" : "classes";
  const splits = table.splits === undefined
    ? drawSplits(units, source, what, path)
    : named(units, table.splits, what, path);
  const inSplit = (split: Split) => {
    const own = new Set(splits[split]);
    return all.filter((group) => own.has(unitOf(group)));
  };
  return { train: inSplit("train"), validation: inSplit("validation"), test: inSplit("test") };
}

function named(units: readonly string[], splits: ReadonlyMap<string, Split>, what: string, path: string): NamedSplits {
  const own = (split: Split) => units.filter((unit) => splits.get(unit) === split);
  const empty = SPLITS.find((split) => own(split).length === 0);
  if (empty !== undefined) {
    throw new DataError(`Cannot use ${path}: none of its ${what} is for ${empty}; it needs one at least`);
  }
  return { train: own("train"), validation: own("validation"), test: own("test") };
}

/** @throws DataError where a network for some features would see others in their place */
function requireFeatures(own: readonly string[], trained: readonly string[], path: string): void {
  if (own.length === trained.length && own.every((name, index) => name === trained[index])) return;
  throw new DataError(
    `Cannot test on ${path}: its features are ${own.join(", ")}, those of the table that is trained on ${
      trained.join(", ")
    }; name the same columns in the same order with features`,
  );
}

/** Of each column over some rows. */
function constantsOf(values: Float64Array, width: number, rows: readonly number[]): ColumnConstants[] {
  return Array.from({ length: width }, (_, column) => {
    const mean = rows.reduce((sum, row) => sum + values[row * width + column], 0) / rows.length;
    const square = rows.reduce((sum, row) => sum + (values[row * width + column] - mean) ** 2, 0) / rows.length;
    const sd = Math.sqrt(square);
    // Rounding leaves a little of a constant.
    return { mean, scale: sd <= 1e-12 * Math.abs(mean) || sd === 0 ? 0 : 1 / sd };
  });
}

/** Each column minus its mean, divided by its standard deviation; a column that is constant in training becomes 0. */
function standardised(values: Float64Array, constants: readonly ColumnConstants[]): Float32Array {
  const out = new Float32Array(values.length);
  const width = constants.length;
  constants.forEach(({ mean, scale }, column) => {
    for (let at = column; at < values.length; at += width) out[at] = (values[at] - mean) * scale;
  });
  return out;
}
