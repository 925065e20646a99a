/** Words with one meaning everywhere. */

/** How a trained state is adapted to a new task. */
export type AdapterName = "gradient" | "solved-head";

/** Where the task-specific layers of a joint training start on a new task (DESIGN: three knobs). */
export type TaskStart = "mean" | "common" | "random";

/** What a prediction says: see `reports/claims/prediction.ts`. */
export type PredictionKind = "comparison" | "at-floor" | "steps-over-algorithm" | "gap-grows";
