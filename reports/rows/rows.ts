/** What results become: rows, whose members are the columns of the tables in snake case. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { AdapterName, PredictionKind, TaskStart } from "../../common/vocabulary.ts";

export type CellStatus = "ok" | "failed" | "diverged" | "skipped";

/** One row of the answer; CSV columns are these names in snake case. */
export interface CellRow {
  readonly dataset: string;
  readonly algorithm: string;
  readonly adapter: AdapterName;
  readonly shots: number;
  /** Null for solved-head. */
  readonly innerSteps: number | null;
  readonly sharingDepth: number | null;
  readonly adaptDepth: number | null;
  readonly taskStart: TaskStart | null;
  readonly seed: number;
  /** Step size of adaptation (gradient) or regularisation strength (solved head) that validation episodes chose; null when there is no result. */
  readonly adaptStrength: number | null;
  readonly metric: Metric;
  /** Over the episodes that have a finite score; null when there is none. */
  readonly mean: number | null;
  readonly sd: number | null;
  readonly median: number | null;
  /** Mean natural logarithm of the MSE over finite episodes (regression only). */
  readonly meanLog: number | null;
  readonly episodes: number;
  readonly diverged: number;
  /** 10⁹ floating-point operations of its training, counted from the operations executed; null when there is no training. */
  readonly trainGflop: number | null;
  /** Gradients of one task's loss that its training evaluated, inner and outer; null when there is no training. */
  readonly trainGradients: number | null;
  /** 10⁶ floating-point operations of adapting to one test task and predicting its query set; null when there is no result. */
  readonly adaptMflop: number | null;
  readonly status: CellStatus;
  readonly reason: string;
  /** What to beware of, separated by semicolons: `undertrained`, `restarted`; "" for nothing. */
  readonly flags: string;
  /** First 12 hex digits of the training unit's address; "" when skipped. */
  readonly trainingUnit: string;
}

/** One line of tuning.csv: a trial, how it did on validation episodes, and whether it was chosen. */
export interface TuningRow {
  readonly dataset: string;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly trial: number;
  readonly outerLr: number;
  readonly innerLr: number;
  readonly iterations: number;
  readonly seed: number;
  readonly metric: Metric;
  /** At the end of training; null when it diverged or failed. */
  readonly score: number | null;
  readonly chosen: "yes" | "no";
  readonly status: Exclude<CellStatus, "skipped">;
  readonly reason: string;
  readonly trainingUnit: string;
}

/** One line of predictions.csv: what was expected, and what was found. Numbers are those of the comparison that the outcome hangs on most. */
export interface PredictionRow {
  readonly id: string;
  readonly dataset: string;
  readonly kind: PredictionKind;
  readonly statement: string;
  readonly source: string;
  readonly outcome: "held" | "failed" | "undecided" | "not tested";
  /** Why, unless it held. */
  readonly reason: string;
  /** Every comparison in words, the most telling first. */
  readonly found: string;
  readonly metric: Metric | null;
  /** How many comparisons it was tested on. */
  readonly comparisons: number;
  readonly nSeeds: number | null;
  readonly nEpisodes: number | null;
  /**
   * In percentage points of accuracy or as natural logarithm of a ratio of MSEs: a - b; the excess over the floor relative to it; or by how much the first
   * effect is larger in size than the second.
   */
  readonly diff: number | null;
  readonly lo95: number | null;
  readonly hi95: number | null;
  /** In the unit of diff; null where no margin is involved. */
  readonly margin: number | null;
  /** Of the test that would show it. */
  readonly pHeld: number | null;
  /** Of the test that would refute it, multiplied by the number of comparisons. */
  readonly pFailed: number | null;
  readonly flags: string;
}

/** One line of validation.csv: a training at one point of its way. */
export interface ValidationRow {
  readonly trainingUnit: string;
  readonly dataset: string;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly shots: number | null;
  readonly innerSteps: number | null;
  readonly seed: number;
  readonly outerLr: number;
  readonly innerLr: number;
  readonly iteration: number;
  readonly metric: Metric;
  /** Mean accuracy, or the geometric mean of the MSE. */
  readonly score: number;
  /** Operations of the training so far, 10⁹. */
  readonly trainGflop: number;
}

/** One line of representations.csv: one layer of one cell that is adapted by gradient. */
export interface RepresentationRow {
  readonly dataset: string;
  readonly algorithm: string;
  readonly adapter: AdapterName;
  readonly shots: number;
  readonly innerSteps: number | null;
  readonly sharingDepth: number | null;
  readonly adaptDepth: number | null;
  readonly taskStart: TaskStart | null;
  readonly seed: number;
  /** 1 to L. */
  readonly layer: number;
  readonly layerName: string;
  /** Whether adaptation changes the layer's own parameters. */
  readonly adapted: "yes" | "no";
  /** Mean over episodes; null where it is undefined in all. */
  readonly cka: number | null;
  readonly ckaSd: number | null;
  readonly episodes: number;
  readonly undefinedEpisodes: number;
  readonly trainingUnit: string;
}

/** One line of cost_to_target.csv: what it took an algorithm's trainings to reach a score on validation episodes. */
export interface CostToTargetRow {
  readonly dataset: string;
  readonly metric: Metric;
  /** `final`: the score that another algorithm's training with the same seed ends with; `ladder`: one round score for all. */
  readonly goal: "final" | "ladder";
  /** Whose final score; "" on a ladder. */
  readonly goalOf: string;
  readonly goalDepth: number | null;
  /** MSE or accuracy; of final scores the mean over seeds (geometric for MSE). */
  readonly score: number;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly shots: number | null;
  readonly innerSteps: number | null;
  readonly nSeeds: number;
  readonly nReached: number;
  /** Over seeds, those that did not get there being the dearest: null where such a one is in the middle, resp. the least or most. */
  readonly gflopMedian: number | null;
  readonly gflopLeast: number | null;
  readonly gflopMost: number | null;
  readonly gradientsMedian: number | null;
  /** To what its owner took to reach its own final score, seed by seed; null on ladders and for the owner. */
  readonly ratioMedian: number | null;
  readonly ratioLeast: number | null;
  readonly ratioMost: number | null;
}

/** One line of timings.csv: a training unit's cost on this machine. */
export interface TimingRow {
  readonly trainingUnit: string;
  readonly dataset: string;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly shots: number | null;
  readonly innerSteps: number | null;
  readonly seed: number;
  readonly iterations: number;
  /** Without watching. */
  readonly trainS: number | null;
  readonly iterationsPerS: number | null;
  /** Spent on watching the training on validation episodes. */
  readonly validateS: number | null;
  readonly evaluateS: number | null;
  readonly trainGflop: number | null;
  readonly peakRssMib: number | null;
  readonly backend: string;
}
