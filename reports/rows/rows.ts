/** What results become: rows, whose members are the columns of the tables in snake case. Each row's schema is its file's. */
export type { CellStatus } from "../../common/vocabulary.ts";
export type { CellRow, EpisodeRow } from "./cell_row.ts";
export type { CostToTargetRow } from "./cost_to_target_row.ts";
export type { DistanceRow } from "./distance_row.ts";
export type { DiversityRow } from "./diversity_row.ts";
export type { EqualOperationsRow } from "./equal_operations_row.ts";
export type { AdaptationTimeRow, CalibrationRow, GroupRow } from "./measure_rows.ts";
export type { PredictionRow } from "./prediction_row.ts";
export type { ReferenceRow } from "./reference_row.ts";
export type { RepresentationRow } from "./representation_row.ts";
export type { PublishedRow } from "./published_row.ts";
export type { ScalingRow } from "./scaling_row.ts";
export type { TimingRow, TuningRow, ValidationRow } from "./training_row.ts";
