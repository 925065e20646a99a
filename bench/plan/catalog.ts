/** What the harness chooses among, handed in so that the planner and the CLI can be tested against small fakes. */
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { ModelEntry } from "../../algorithms/models/model.ts";
import type { DataSetEntry } from "../../data/contract/dataset.ts";
import type { MostWays } from "../../data/ways.ts";
import type { TrainSpec } from "../store/types.ts";

/** What the planner needs to know about an algorithm. */
export type PlannedAlgorithm = Pick<
  Algorithm,
  | "name"
  | "title"
  | "reads"
  | "shapesTraining"
  | "gradientOrder"
  | "outerGradient"
  | "data"
  | "sharingDepth"
  | "adaptationMask"
  | "nativeSharingDepth"
  | "supports"
  | "trainsHead"
  | "anyWays"
  | "nativeAdapters"
  | "sameTrainingAs"
  | "hyper"
  | "innerRates"
  | "context"
>;

/** What the planner needs to know about an adapter. */
export type PlannedAdapter = Pick<
  Adapter,
  "name" | "title" | "supports" | "readsInnerSteps" | "changes" | "startsFromHead"
>;

/** What the planner needs to know about a model. */
export type PlannedModel = Pick<ModelEntry, "name" | "options" | "refusal">;

/** What the planner needs to know about a data set. */
export type PlannedDataSet = DataSetEntry & {
  /** Training tasks there are (regression), where they are finitely many. */
  readonly trainTasks?: number;
  /** Where splits differ in it; `classes` otherwise. */
  readonly mostWays?: MostWays;
};

/** The tables of names. */
export interface Catalog {
  readonly algorithms: Readonly<Record<string, PlannedAlgorithm>>;
  readonly adapters: Readonly<Record<string, PlannedAdapter>>;
  readonly dataSets: Readonly<Record<string, PlannedDataSet>>;
  readonly models: Readonly<Record<string, PlannedModel>>;
  /** L of a model with these hidden widths. */
  layerCount(model: string, hidden: readonly number[]): number;
  /**
   * Floating-point operations of one outer iteration of a training, counted from its program; 0 where nothing is trained.
   *
   * @throws UsageError where the training has no such program: its gradient cannot be clipped as it says
   */
  iterationFlops(spec: TrainSpec): number;
  /** The same of predicting one example. */
  predictionFlops(spec: TrainSpec): number;
}
