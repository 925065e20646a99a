/** Few-shot tasks: the data sets and the contract they fulfil. */
export * from "./contract/collection.ts";
export * from "./contract/dataset.ts";
export * from "./contract/task_family.ts";
export { ANY_WAY } from "./derived/any_way.ts";
export type { CrossedEntry } from "./derived/crossed.ts";
export { type Derivation, derivationSchema, derivedName, trainedName } from "./derived/derivation.ts";
export { derivedEntries, type Origins } from "./derived/mod.ts";
export { type OnProgress, type OwnEntry, ownEntry, readableFor } from "./own/mod.ts";
export { ARCHIVE_READERS, imagesSource, type Source, tableSource } from "./own/source.ts";
export type { MostWays } from "./ways.ts";
export { type DataSetName, dataSetNames, dataSets } from "./registry.ts";
