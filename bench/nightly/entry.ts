/** One night as plain data: a line of the history. Everything that a comparison needs is in it, so that old run folders may go. */
import { inPlainWords } from "../../common/missing_words.ts";
import { z } from "zod";
import { METRICS, NORMS } from "../../common/vocabulary.ts";

/** Version of a line of the history. */
export const ENTRY_FORMAT = 2;

const count = z.int().min(0);
const number = z.number().nullable();

const cellKeyShape = {
  dataset: z.string(),
  norm: z.enum(NORMS),
  algorithm: z.string(),
  adapter: z.string(),
  shots: count,
  innerSteps: count.nullable(),
  sharingDepth: count.nullable(),
  adaptDepth: count.nullable(),
  taskStart: z.string().nullable(),
  trainingTasks: count.nullable(),
};

const cellShape = z.object({
  ...cellKeyShape,
  metric: z.enum(METRICS),
  /** Seeds that have a score. */
  seeds: count,
  /** Seeds whose training, or every episode, diverged. */
  divergedSeeds: count,
  /** Seeds whose training went back to an earlier state; absent from nights that did not count them. */
  restartedSeeds: count.optional(),
  /** Mean over seeds of the mean over episodes. */
  mean: number,
  /** Mean over seeds of the mean logarithm of the MSE; null for accuracy. */
  meanLog: number,
  /** Standard deviation over seeds of what cells are compared by (`meanLog` of an MSE, else `mean`); null below two seeds. */
  sd: number,
  /** Standard deviation of one episode's score about its seed's and its episode's own level; null below two seeds or episodes. */
  episodeSd: number,
  /** Test episodes of one seed. */
  episodes: count,
  /** Over all seeds. */
  divergedEpisodes: count,
});

const trainingShape = z.object({
  dataset: z.string(),
  norm: z.enum(NORMS),
  algorithm: z.string(),
  sharingDepth: count.nullable(),
  shots: count.nullable(),
  innerSteps: count.nullable(),
  trainingTasks: count.nullable(),
  seeds: count,
  /** Counted; the largest over seeds, since a training that diverges ends early. */
  trainGflop: number,
  /** Mean over seeds. */
  trainS: number,
  /** Median over seeds. */
  iterationsPerS: number,
});

const verdictShape = z.object({
  /** The columns that name the comparison, in the order of verdicts.csv. */
  key: z.record(z.string(), z.string()),
  verdict: z.string(),
  flags: z.array(z.string()),
});

const entryShape = z.object({
  format: z.literal(ENTRY_FORMAT),
  /** Name of the run's folder: its date, and a number from the second of a day on. */
  run: z.string().regex(/^(?!\.{1,2}$)[^/\\\0]+$/, "expected the name of a folder"),
  /** When it ended, ISO 8601. */
  date: z.string().regex(/^[-0-9T:.Z+]{1,40}$/, "expected a date"),
  /** Null outside a git checkout. */
  commit: z.string().regex(/^[0-9a-f]{7,64}$/, "expected a commit").nullable(),
  dirty: z.boolean().nullable(),
  /** What keeps the run from being a baseline; [] for a complete one. */
  problems: z.array(z.string()),
  identity: z.object({
    outFormat: z.int(),
    sweep: z.string(),
    sweepDigest: z.string(),
    backend: z.string(),
    machine: z.object({ os: z.string(), arch: z.string(), cpu: z.string().nullable(), cores: z.int() }),
    /** Content digest of each data set; null where it was skipped. */
    data: z.record(z.string(), z.string().nullable()),
  }),
  workers: z.int(),
  /** Of the runtime and the packages. */
  versions: z.record(z.string(), z.string()),
  /** Digests of the code behind the results, by data set and algorithm. */
  code: z.record(z.string(), z.string()),
  /** sha256 of cells.csv; "" when there is none. */
  cellsDigest: z.string(),
  cells: z.array(cellShape),
  trainings: z.array(trainingShape),
  /** Null when the run gave none. */
  verdicts: z.array(verdictShape).nullable(),
});

/** A night. */
export type Entry = z.infer<typeof entryShape>;
/** What a run must have in common with another to be compared with it. */
export type Identity = Entry["identity"];
/** One cell over its seeds. */
export type CellSummary = Entry["cells"][number];
/** Cost of one training over its seeds. */
export type TrainingSummary = Entry["trainings"][number];
/** One row of verdicts.csv. */
export type VerdictSummary = z.infer<typeof verdictShape>;

/** Checks one line of a history. @throws Error naming the first place that is wrong */
export function parseEntry(value: unknown): Entry {
  const parsed = entryShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new Error(`${path.length === 0 ? "the entry" : path.join(".")}: ${inPlainWords(message)}`);
}

/** What cells are compared by: the mean logarithm of an MSE, the mean of an accuracy. */
export function scoreOf({ metric, mean, meanLog }: Pick<CellSummary, "metric" | "mean" | "meanLog">): number | null {
  return metric === "mse" ? meanLog : mean;
}

/** Names a cell among those of its run. */
export function cellId(cell: Pick<CellSummary, keyof typeof cellKeyShape>): string {
  return JSON.stringify(Object.keys(cellKeyShape).map((key) => cell[key as keyof typeof cellKeyShape]));
}

/** Names a training, whatever its seed, among those of its run. */
export function trainingId(row: Omit<TrainingSummary, "seeds" | "trainGflop" | "trainS" | "iterationsPerS">): string {
  return JSON.stringify([
    row.dataset,
    row.norm,
    row.algorithm,
    row.sharingDepth,
    row.shots,
    row.innerSteps,
    row.trainingTasks,
  ]);
}

/** Names a comparison among those of its run. */
export function verdictId({ key }: VerdictSummary): string {
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Settings of training in words, where they are not those of most sweeps: no normalisation, ever new tasks. */
function settingTexts({ norm, trainingTasks }: Pick<CellSummary, "norm" | "trainingTasks">): string[] {
  return [norm === "none" ? "" : `norm ${norm}`, trainingTasks === null ? "" : `${trainingTasks} training tasks`];
}

/** A cell in words: "sinusoid, mtl, 5 shots, 1 gradient steps, d = 2". */
export function describeCell(cell: CellSummary): string {
  return [
    cell.dataset,
    cell.algorithm,
    `${cell.shots} shots`,
    cell.innerSteps === null ? cell.adapter : `${cell.innerSteps} ${cell.adapter} steps`,
    cell.sharingDepth === null ? "" : `d = ${cell.sharingDepth}`,
    cell.adaptDepth === null || cell.adaptDepth === cell.sharingDepth ? "" : `${cell.adaptDepth} frozen`,
    cell.taskStart === null || cell.taskStart === "mean" ? "" : `start ${cell.taskStart}`,
    ...settingTexts(cell),
  ].filter((part) => part !== "").join(", ");
}

/** The commit of a night, short, with what is known of changes that are not in it. @param mark marks the commit as one */
export function commitLabel({ commit, dirty }: Pick<Entry, "commit" | "dirty">, mark = (text: string) => text): string {
  if (commit === null) return "unknown";
  const changed = dirty === null
    ? ", with uncommitted changes or without: not known"
    : dirty
    ? " with uncommitted changes"
    : "";
  return `${mark(commit.slice(0, 12))}${changed}`;
}

/** A training in words. */
export function describeTraining(row: TrainingSummary): string {
  return [
    row.dataset,
    row.algorithm,
    row.sharingDepth === null ? "" : `d = ${row.sharingDepth}`,
    row.shots === null ? "" : `${row.shots} shots`,
    row.innerSteps === null ? "" : `${row.innerSteps} steps`,
    ...settingTexts(row),
  ].filter((part) => part !== "").join(", ");
}
