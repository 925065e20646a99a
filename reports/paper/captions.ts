/** What a reader must know about every number in print. */
import type { CellRow } from "../rows/rows.ts";
import type { Drawing } from "../figures/figure.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { settingKey, settingSentences } from "../view/settings.ts";
import { comparable, distinct, plural, range } from "../view/select.ts";

/**
 * Number of seeds and episodes, estimator, what the interval covers, and the declared margin.
 *
 * @param rows cells with a score, at least one
 */
export function design(rows: readonly CellRow[], dataset: DataSetDescription): string {
  const { metric, margin } = dataset;
  const points = Map.groupBy(
    rows,
    (row) => JSON.stringify([settingKey(row), row.algorithm, row.adapter, row.shots, row.innerSteps, row.sharingDepth]),
  );
  const seeds = range([...points.values()].map((group) => distinct(group.map(({ seed }) => seed)).length));
  const episodes = range(rows.map((row) => row.episodes));
  const interval = seeds === "1"
    ? "One seed: there is no interval."
    : `Intervals are 95 % Student t intervals over training seeds${
      metric === "mse" ? " of the mean log MSE" : ""
    }: they cover how trainings differ, not the choice of test episodes.`;
  return [
    `n = ${plural(seeds, "training seed")}, ${plural(episodes, "test episode")} per cell, the same for all.`,
    metric === "accuracy"
      ? "Estimator: accuracy in %, mean over the episodes with a finite score, then over seeds."
      : "Estimator: geometric mean of the MSE over the episodes with a finite score, then over seeds.",
    interval,
    metric === "accuracy"
      ? `Equivalence margin declared in the sweep: ±${plural(margin, "percentage point")} of accuracy.`
      : `Equivalence margin declared in the sweep: a ratio of MSEs between 1/${margin} and ${margin}.`,
  ].join(" ");
}

/** The caption of a figure in print: how to read it, then what every number rests on. */
export function figureCaption(
  { title, caption, scoreless }: Drawing,
  input: ReportInput,
  dataset: DataSetDescription,
): string {
  const rows = input.cells.filter((row) => row.dataset === dataset.name && comparable(row) !== null);
  const run = scoreless || rows.length === 0 ? [] : [`The run: ${design(rows, dataset)}`];
  return [`${title}.`, caption, ...run, settingSentences(dataset)].join(" ");
}
