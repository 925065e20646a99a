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
  const n = size(rows);
  const interval = n.startsWith("1 training seed,")
    ? "One seed: there is no interval."
    : `Intervals of scores are 95 % Student t intervals over training seeds${
      metric === "mse" ? " of the mean log MSE" : ""
    }: they cover how trainings differ, not the choice of test episodes. Intervals of differences are those of the verdicts, a bootstrap over seeds and episodes.`;
  return [
    `n = ${n}, the same for all.`,
    metric === "accuracy"
      ? "Estimator: accuracy in %, mean over the episodes with a finite score, then over seeds."
      : "Estimator: geometric mean of the MSE over the episodes with a finite score, then over seeds.",
    interval,
    metric === "accuracy"
      ? `Equivalence margin declared in the sweep: ±${plural(margin, "percentage point")} of accuracy.`
      : `Equivalence margin declared in the sweep: a ratio of MSEs between 1/${margin} and ${margin}.`,
  ].join(" ");
}

/** The caption of a figure in print, three lines at most: what it is, how to read it, and n. What all figures rest on is in `runNote`. */
export function figureCaption(
  { title, inPrint, scoreless }: Drawing,
  input: ReportInput,
  dataset: DataSetDescription,
): string {
  const rows = scoredRows(input, dataset);
  return [`${title}.`, inPrint, ...(scoreless || rows.length === 0 ? [] : [`n = ${size(rows)}.`])].join(" ");
}

/** What all figures and tables of a data set rest on, to be said once; "" without scores. */
export function runNote(input: ReportInput, dataset: DataSetDescription): string {
  const rows = scoredRows(input, dataset);
  return rows.length === 0
    ? ""
    : [`${dataset.title}: ${design(rows, dataset)}`, settingSentences(dataset)].join(" ").trim();
}

function scoredRows({ cells }: ReportInput, { name }: DataSetDescription): CellRow[] {
  return cells.filter((row) => row.dataset === name && comparable(row) !== null);
}

/** "3 training seeds, 200 test episodes per cell" */
function size(rows: readonly CellRow[]): string {
  const points = Map.groupBy(
    rows,
    (row) => JSON.stringify([settingKey(row), row.algorithm, row.adapter, row.shots, row.innerSteps, row.sharingDepth]),
  );
  const seeds = range([...points.values()].map((group) => distinct(group.map(({ seed }) => seed)).length));
  return `${plural(seeds, "training seed")}, ${
    plural(range(rows.map((row) => row.episodes)), "test episode")
  } per cell`;
}
