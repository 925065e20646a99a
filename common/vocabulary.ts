/** Words with one meaning everywhere. Each closed set of words is one constant; flags, schemas, columns and types come from it. */

/** Where the task-specific layers of a joint training start on a new task (DESIGN: three knobs). */
export const TASK_STARTS = ["mean", "common", "random"] as const;
export type TaskStart = typeof TASK_STARTS[number];

/**
 * What a layer's values are normalised by: nothing; each set of examples at hand (`batch`, transductive); what a query example cannot change
 * (`batch-inductive`: the support set's statistics, or those of training); or over features (`layer`).
 */
export const NORMS = ["none", "batch", "batch-inductive", "layer"] as const;
export type Norm = typeof NORMS[number];

/** What kind of target a task has. */
export const TASK_KINDS = ["regression", "classification"] as const;
export type TaskKind = typeof TASK_KINDS[number];

/** The primary score: mean squared error (lower is better) or accuracy in [0, 1] (higher is better). */
export const METRICS = ["mse", "accuracy"] as const;
export type Metric = typeof METRICS[number];

/** The three disjoint sources of tasks. */
export const SPLITS = ["train", "validation", "test"] as const;
export type Split = typeof SPLITS[number];

/** How a training ends that was not prevented from running. */
export const TRAINING_STATUSES = ["ok", "diverged"] as const;
export type TrainingStatus = typeof TRAINING_STATUSES[number];

/** What became of a trial of settings. */
export const TRIAL_STATUSES = ["ok", "failed", "diverged"] as const;
export type TrialStatus = typeof TRIAL_STATUSES[number];

/** What became of a cell. */
export const CELL_STATUSES = [...TRIAL_STATUSES, "skipped"] as const;
export type CellStatus = typeof CELL_STATUSES[number];

/** A fact that holds or does not, as tables say it. */
export const YES_NO = ["yes", "no"] as const;
export type YesNo = typeof YES_NO[number];

/**
 * What is found of a comparison of sides a and b: equivalent, one of them better, a difference that seems large but is not established among the comparisons
 * that it is corrected with, undecided, or none where there are too few seeds to tell.
 */
export const VERDICTS = ["equivalent", "a-better", "b-better", "large-not-established", "undecided", "none"] as const;
export type Answer = typeof VERDICTS[number];

/** What one interval says on its own: inside the margin, to one side of no difference, or neither. */
export const READINGS = ["equivalent", "a-better", "b-better", "undecided"] as const;
export type Reading = typeof READINGS[number];

/** What a prediction is about. */
export const PREDICTION_KINDS = [
  "comparison",
  "at-floor",
  "steps-over-algorithm",
  "gap-grows",
  "order-kept",
  "distance-trend",
] as const;
export type PredictionKind = typeof PREDICTION_KINDS[number];

/** What became of a prediction. */
export const OUTCOMES = ["held", "failed", "undecided", "not tested"] as const;
export type Outcome = typeof OUTCOMES[number];

/** Scores that a training's cost is asked for: the one that another training ends with, or a round one. */
export const COST_GOALS = ["final", "ladder"] as const;
export type CostGoal = typeof COST_GOALS[number];

/** How far two trainings are compared: at the operations that the cheaper one takes in all, or as they end. */
export const BUDGETS = ["equal-operations", "end"] as const;
export type Budget = typeof BUDGETS[number];
