/** Data sets whose test episodes are of several shapes, and the episodes of each shape as a data set of its own. */
import type { DataSet } from "./dataset.ts";
import type { Grouping } from "./groups.ts";

/** The test episodes of one shape. */
export interface ShapedEpisodes {
  /** Their numbers, ascending. */
  readonly numbers: readonly number[];
  /** Its test episode i is the one with the i-th number; `outputs` is the number of their ways. */
  readonly dataSet: DataSet;
}

/** A data set whose test episodes differ in shape; training and validation do not. */
export interface VariedDataSet extends DataSet {
  /** The first test episodes, by shape. There are few shapes, since a program is compiled for each. */
  shapes(episodes: number): readonly ShapedEpisodes[];
  /** What shapes differ in, as groups of test episodes. */
  readonly shapeGroups: readonly Grouping[];
}

/** Whether test episodes differ in shape. */
export function isVaried(dataSet: DataSet): dataSet is VariedDataSet {
  return "shapes" in dataSet;
}

/** One value per episode, from values per shape in the order of its episodes. */
export function inEpisodeOrder<T>(shapes: readonly ShapedEpisodes[], values: (shape: number) => readonly T[]): T[] {
  const all: T[] = [];
  shapes.forEach(({ numbers }, shape) => {
    const own = values(shape);
    numbers.forEach((number, i) => all[number] = own[i]);
  });
  return all;
}
