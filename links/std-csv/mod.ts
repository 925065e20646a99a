/**
 * Stand-in for `@std/csv` where JSR cannot be reached: the part of its interface that this project uses.
 *
 * @module
 */
export { parse, type ParseOptions } from "./parse.ts";
export { type Column, type DataItem, stringify, StringifyError, type StringifyOptions } from "./stringify.ts";
