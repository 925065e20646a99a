/** Reads what a finished run found, for other people's code. */
import { resolve } from "node:path";
import { placeOf } from "../../reports/rows/place.ts";
import { parseCells, parseEpisodes, parseValidation } from "../../reports/rows/csv.ts";
import { readTable } from "../../reports/rows/csv_table.ts";
import { VERDICT_TABLE } from "../../reports/rows/tables.ts";
import type { VerdictRow } from "../../reports/rows/verdict_row.ts";
import { openFinished } from "../run/finished_files.ts";
import { OUT_FILES } from "../run/out_folder.ts";

/** Where a cell lies among those of its data set. */
export interface Place {
  /** Name of the algorithm. */
  readonly algorithm: string;
  /** How its state is adapted to a test task. */
  readonly adapter: string;
  /** K of the test episodes. */
  readonly shots: number;
  /** S of the test episodes; null for adapters that take none. */
  readonly innerSteps: number | null;
  /** d, leading layers that all tasks share in training; null off that axis. */
  readonly sharingDepth: number | null;
  /** How hidden layers are normalised. */
  readonly norm: string;
  /** Training tasks there were; null for ever new ones. */
  readonly trainingTasks: number | null;
}

/** A cell of the answer: a row of cells.csv with its episodes. */
export interface Cell extends Place {
  /** Name of the data set. */
  readonly dataset: string;
  /** Seed of the training. */
  readonly seed: number;
  /** "mse" or "accuracy". */
  readonly metric: string;
  /** Mean score over the test episodes with a finite score; null where there is none. */
  readonly mean: number | null;
  /** Standard deviation over the same episodes. */
  readonly sd: number | null;
  /** The score of every test episode; null where it is not finite. The same position is the same episode in all cells of a data set. */
  readonly scores: readonly (number | null)[];
  /** Operations of the training, in 10⁹; null without one. */
  readonly trainGflop: number | null;
  /** "ok", "failed", "diverged" or "skipped". */
  readonly status: string;
  /** Why, unless ok. */
  readonly reason: string;
  /** What to beware of. */
  readonly flags: readonly string[];
}

/** What the run says of two cells: a row of verdicts.csv. */
export interface RunVerdict {
  /** Name of the data set. */
  readonly dataset: string;
  /** "mse" or "accuracy". */
  readonly metric: string;
  /** Id of the comparison in the sweep. */
  readonly comparison: string;
  /** The family that it is corrected with. */
  readonly family: string;
  /** One side. */
  readonly a: Place;
  /** The other side. */
  readonly b: Place;
  /** Seeds with scores of both sides. */
  readonly nSeeds: number;
  /** Test episodes per seed. */
  readonly nEpisodes: number;
  /** a - b in percentage points of accuracy, or the mean logarithm of the ratio of MSEs. */
  readonly diff: number | null;
  /** Lower end of its interval, from which the verdict is read. */
  readonly lo: number | null;
  /** Upper end of the same. */
  readonly hi: number | null;
  /** The declared margin, in the unit of `diff`. */
  readonly margin: number;
  /** "equivalent", "a-better", "b-better", "large-not-established", "undecided" or "none". */
  readonly verdict: string;
  /** What would settle it, or why there is no verdict. */
  readonly needs: string;
  /** What to beware of. */
  readonly flags: readonly string[];
}

/** A point of a training's validation curve: a row of validation.csv. */
export interface CurvePoint {
  /** Name of the data set. */
  readonly dataset: string;
  /** Name of the algorithm. */
  readonly algorithm: string;
  /** Names the training. */
  readonly trainingUnit: string;
  /** Seed of the training. */
  readonly seed: number;
  /** Outer iterations done. */
  readonly iteration: number;
  /** "mse" or "accuracy". */
  readonly metric: string;
  /** Score on validation episodes: mean accuracy, or the geometric mean of the MSE. */
  readonly score: number;
  /** Operations so far, in 10⁹. */
  readonly trainGflop: number;
}

/** What a finished run found. */
export interface Run {
  /** Name of the sweep. */
  readonly name: string;
  /** Title of the sweep. */
  readonly title: string;
  /** When its tables were written, ISO 8601. */
  readonly created: string;
  /** The commit of the code; null outside a checkout. */
  readonly commit: string | null;
  /** All cells. */
  readonly cells: readonly Cell[];
  /** All verdicts, in the order of the sweep's comparisons. */
  readonly verdicts: readonly RunVerdict[];
  /** All validation curves, trials included. */
  readonly curves: readonly CurvePoint[];
}

/**
 * Reads a finished run. Neither its data nor its store has to be here.
 *
 * @param folder of the run, such as reports/runs/quick
 * @throws UsageError when it holds none, one that is not finished, or one whose files are damaged
 */
export function readRun(folder: string): Run {
  const files = openFinished(resolve(folder));
  const { sweep, created, git } = files.manifest;
  const scores = new Map(files.read(OUT_FILES.episodes, parseEpisodes).map((row) => [keyOf(row), row.scores]));
  const cells = files.read(OUT_FILES.cells, parseCells).map((row): Cell => ({
    ...pick(row, ["dataset", "seed", ...PLACE, "metric", "mean", "sd", "trainGflop", "status", "reason"]),
    scores: scores.get(keyOf(row)) ?? [],
    flags: flagsIn(row.flags),
  }));
  const verdictRows = files.read(
    OUT_FILES.verdicts,
    (text) => readTable<VerdictRow>(VERDICT_TABLE.columns, text, VERDICT_TABLE.file),
  );
  return {
    name: sweep.name,
    title: sweep.title,
    created,
    commit: git?.commit ?? null,
    cells,
    verdicts: verdictRows.map((row): RunVerdict => ({
      ...pick(row, ["dataset", "metric", "comparison", "family", "nSeeds", "nEpisodes"]),
      ...pick(row, ["diff", "lo", "hi", "margin", "verdict", "needs"]),
      a: sideOf(row, "a"),
      b: sideOf(row, "b"),
      flags: flagsIn(row.flags),
    })),
    curves: files.read(OUT_FILES.validation, parseValidation).map((row): CurvePoint =>
      pick(row, [
        ...["dataset", "algorithm", "trainingUnit", "seed"] as const,
        ...["iteration", "metric", "score", "trainGflop"] as const,
      ])
    ),
  };
}

const PLACE = ["algorithm", "adapter", "shots", "innerSteps", "sharingDepth", "norm", "trainingTasks"] as const;

/** What is promised of a row: its other columns may change. */
function pick<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>;
}

function keyOf(row: Parameters<typeof placeOf>[0] & { readonly dataset: string; readonly seed: number }): string {
  return JSON.stringify([row.dataset, row.seed, placeOf(row)]);
}

function flagsIn(flags: string): string[] {
  return flags === "" ? [] : flags.split("; ");
}

function sideOf(row: VerdictRow, side: "a" | "b"): Place {
  return {
    algorithm: row[`${side}Algorithm`],
    adapter: row[`${side}Adapter`],
    shots: row[`${side}Shots`],
    innerSteps: row[`${side}InnerSteps`],
    sharingDepth: row[`${side}SharingDepth`],
    norm: row[`${side}Norm`],
    trainingTasks: row[`${side}TrainingTasks`],
  };
}
