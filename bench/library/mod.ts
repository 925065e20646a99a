/**
 * bridgebench as a library: train an algorithm, adapt what it learned to a task, compare scores as reports do, and read finished runs.
 *
 * What is exported here stays as it is between versions with the same first number; everything else of this project may change.
 *
 * Examples: docs/library.md.
 *
 * @module
 */
export {
  type Algorithm,
  algorithms,
  descend,
  type Examples,
  grad,
  Graph,
  maml,
  mtl,
  type Network,
  type Objective,
  type Operations,
  ops,
  type Params,
  perTask,
  run,
  type Step,
  taskGradients,
  type Tensor,
  variantOf,
} from "../../algorithms/library/mod.ts";
export { adapt, type Adapted, type AdaptOptions } from "./adapt.ts";
export { type Data, type DataOptions, drawEpisode, type Episode, type EpisodeOptions, openData } from "./data.ts";
export { type Cell, type CurvePoint, type Place, readRun, type Run, type RunVerdict } from "./read_run.ts";
export { type Learned, train, type TrainOptions } from "./train.ts";
export { type SeedScores, type Verdict, verdict, type VerdictOptions } from "./verdict.ts";
