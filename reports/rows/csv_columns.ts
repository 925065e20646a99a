/** The columns of every table of a run: names, order and what may stand in them. */
import type {
  CellRow,
  CostToTargetRow,
  PredictionRow,
  RepresentationRow,
  TimingRow,
  TuningRow,
  ValidationRow,
} from "./rows.ts";
import { ADAPTERS, CELL_STATUSES, METRICS, TASK_STARTS, TRIAL_STATUSES, YES_NO } from "../../common/vocabulary.ts";
import { number, oneOf, optional, text } from "./codec.ts";
import type { Columns } from "./csv_table.ts";

/** The columns of cells.csv, in order: the cell, its scores, what it cost, how it ended, what to beware of, what it came from. */
export const CELLS = {
  dataset: text,
  algorithm: text,
  adapter: oneOf(ADAPTERS),
  shots: number,
  innerSteps: optional(number),
  sharingDepth: optional(number),
  adaptDepth: optional(number),
  taskStart: optional(oneOf(TASK_STARTS)),
  seed: number,
  adaptStrength: optional(number),
  metric: oneOf(METRICS),
  mean: optional(number),
  sd: optional(number),
  median: optional(number),
  meanLog: optional(number),
  episodes: number,
  diverged: number,
  trainGflop: optional(number),
  trainGradients: optional(number),
  adaptMflop: optional(number),
  status: oneOf(CELL_STATUSES),
  reason: text,
  flags: text,
  trainingUnit: text,
} as const satisfies Columns<CellRow>;

/** The columns of timings.csv, in order. */
export const TIMINGS = {
  trainingUnit: text,
  dataset: text,
  algorithm: text,
  sharingDepth: optional(number),
  shots: optional(number),
  innerSteps: optional(number),
  seed: number,
  iterations: number,
  trainS: optional(number),
  iterationsPerS: optional(number),
  validateS: optional(number),
  evaluateS: optional(number),
  trainGflop: optional(number),
  peakRssMib: optional(number),
  backend: text,
} as const satisfies Columns<TimingRow>;

/** The columns of tuning.csv, in order. */
export const TUNING = {
  dataset: text,
  algorithm: text,
  sharingDepth: optional(number),
  trial: number,
  outerLr: number,
  innerLr: number,
  iterations: number,
  seed: number,
  metric: CELLS.metric,
  score: optional(number),
  chosen: oneOf(YES_NO),
  status: oneOf(TRIAL_STATUSES),
  reason: text,
  trainingUnit: text,
} as const satisfies Columns<TuningRow>;

/** The columns of validation.csv, in order. */
export const VALIDATION = {
  trainingUnit: text,
  dataset: text,
  algorithm: text,
  sharingDepth: optional(number),
  shots: optional(number),
  innerSteps: optional(number),
  seed: number,
  outerLr: number,
  innerLr: number,
  iteration: number,
  metric: CELLS.metric,
  score: number,
  trainGflop: number,
} as const satisfies Columns<ValidationRow>;

/** The columns of predictions.csv, in order. */
export const PREDICTIONS = {
  id: text,
  dataset: text,
  kind: oneOf(["comparison", "at-floor", "steps-over-algorithm", "gap-grows"]),
  statement: text,
  source: text,
  outcome: oneOf(["held", "failed", "undecided", "not tested"]),
  reason: text,
  found: text,
  metric: optional(CELLS.metric),
  comparisons: number,
  nSeeds: optional(number),
  nEpisodes: optional(number),
  diff: optional(number),
  lo95: optional(number),
  hi95: optional(number),
  margin: optional(number),
  pHeld: optional(number),
  pFailed: optional(number),
  flags: text,
} as const satisfies Columns<PredictionRow>;

/** The columns of representations.csv, in order. */
export const REPRESENTATIONS = {
  dataset: CELLS.dataset,
  algorithm: CELLS.algorithm,
  adapter: CELLS.adapter,
  shots: CELLS.shots,
  innerSteps: CELLS.innerSteps,
  sharingDepth: CELLS.sharingDepth,
  adaptDepth: CELLS.adaptDepth,
  taskStart: CELLS.taskStart,
  seed: CELLS.seed,
  layer: number,
  layerName: text,
  adapted: oneOf(YES_NO),
  cka: optional(number),
  ckaSd: optional(number),
  episodes: number,
  undefinedEpisodes: number,
  trainingUnit: text,
} as const satisfies Columns<RepresentationRow>;

/** The columns of cost_to_target.csv, in order. */
export const REACH = {
  dataset: text,
  metric: CELLS.metric,
  goal: oneOf(["final", "ladder"]),
  goalOf: text,
  goalDepth: optional(number),
  score: number,
  algorithm: text,
  sharingDepth: optional(number),
  shots: optional(number),
  innerSteps: optional(number),
  nSeeds: number,
  nReached: number,
  gflopMedian: optional(number),
  gflopLeast: optional(number),
  gflopMost: optional(number),
  gradientsMedian: optional(number),
  ratioMedian: optional(number),
  ratioLeast: optional(number),
  ratioMost: optional(number),
} as const satisfies Columns<CostToTargetRow>;

/** What names a cell; cells.csv, episodes.csv and representations.csv share and are sorted by these columns, empty fields first. */
export const CELL_KEY = [
  "dataset",
  "algorithm",
  "adapter",
  "shots",
  "innerSteps",
  "sharingDepth",
  "adaptDepth",
  "taskStart",
  "seed",
] as const satisfies readonly (keyof CellRow)[];

/** What names a training unit for readers; timings.csv is sorted by these columns, validation.csv by them and the iteration. */
export const TIMING_KEY = [
  "dataset",
  "algorithm",
  "sharingDepth",
  "shots",
  "innerSteps",
  "seed",
  "trainingUnit",
] as const satisfies readonly (keyof TimingRow)[];

/** Scores of one cell's test episodes; one row of episodes.csv. */
export interface EpisodeRow extends Pick<CellRow, (typeof CELL_KEY)[number] | "metric" | "trainingUnit"> {
  /** One per test episode, in episode order; null where not finite. */
  readonly scores: readonly (number | null)[];
}

/** The columns of episodes.csv before the scores, in order. */
export const EPISODES = {
  dataset: CELLS.dataset,
  algorithm: CELLS.algorithm,
  adapter: CELLS.adapter,
  shots: CELLS.shots,
  innerSteps: CELLS.innerSteps,
  sharingDepth: CELLS.sharingDepth,
  adaptDepth: CELLS.adaptDepth,
  taskStart: CELLS.taskStart,
  seed: CELLS.seed,
  metric: CELLS.metric,
  trainingUnit: CELLS.trainingUnit,
} as const satisfies Columns<Omit<EpisodeRow, "scores">>;
