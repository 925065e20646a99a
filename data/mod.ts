/** Few-shot tasks: the data sets, the contract they fulfil, and random numbers keyed by name. */
export {
  type Access,
  endWithParent,
  GRANTED,
  type Program,
  startArguments,
  started,
  startNothingMore,
  withAccess,
} from "./access.ts";
export * from "./dataset.ts";
export { DATA_DIR_VARIABLE, defaultDataDir } from "./paths.ts";
export { type Rng, rng } from "./random.ts";
export { type DataSetName, dataSetNames, dataSets } from "./registry.ts";
