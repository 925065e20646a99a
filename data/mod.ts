/** Few-shot tasks: the data sets and the contract they fulfil. */
export * from "./contract/collection.ts";
export * from "./contract/dataset.ts";
export * from "./contract/task_family.ts";
export { type DataSetName, dataSetNames, dataSets } from "./registry.ts";
