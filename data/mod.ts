/** Few-shot tasks: the data sets and the contract they fulfil. */
export * from "./contract/dataset.ts";
export { type DataSetName, dataSetNames, dataSets } from "./registry.ts";
