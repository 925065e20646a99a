/** Which data sets of a run were trained on and tested on which: the matrix that pairs make. */
import type { DataSetDescription, ReportInput } from "./input.ts";

/** One training data set on one test data set. */
export interface TrainByTest {
  readonly trainedOn: string;
  readonly trainedTitle: string;
  readonly testedOn: string;
  readonly testedTitle: string;
  readonly dataset: DataSetDescription;
}

/** A data set as a tile of the matrix; what is made of no other is tested on its own test episodes. */
function tileOf(dataset: DataSetDescription): TrainByTest {
  const { name, title, domain } = dataset;
  const own = { trainedOn: name, trainedTitle: title, testedOn: domain?.from ?? name, testedTitle: title };
  if (domain === undefined) return { ...own, dataset };
  const { trainedOn, trainedTitle, testedOn, testedTitle } = domain;
  return { trainedOn, trainedTitle, testedOn, testedTitle, dataset };
}

/** Whether a tile is across domains. */
export function isCrossed({ trainedOn, testedOn, dataset: { domain } }: TrainByTest): boolean {
  return (domain?.from ?? trainedOn) !== testedOn;
}

/**
 * The matrix that a data set begins: all tiles that pairs of the run connect with it, in the run's order; [] where no pair does, and where another data set of
 * the matrix comes first, so that each is drawn once.
 */
export function matrixOf({ datasets }: Pick<ReportInput, "datasets">, dataset: DataSetDescription): TrainByTest[] {
  const tiles = datasets.map(tileOf);
  const found = new Set([tileOf(dataset).trainedOn, tileOf(dataset).testedOn]);
  const joins = ({ trainedOn, testedOn }: TrainByTest) => found.has(trainedOn) || found.has(testedOn);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const tile of tiles.filter(joins)) found.add(tile.trainedOn).add(tile.testedOn);
  }
  const own = tiles.filter(joins);
  return own.some(isCrossed) && own[0].dataset.name === dataset.name ? own : [];
}
