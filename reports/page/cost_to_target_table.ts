/** What it takes to reach a score. */
import type { CostToTargetRow } from "../rows/rows.ts";
import { timesText } from "../view/cost_ratio.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { settingParts } from "../view/settings.ts";
import { format, table } from "./tables.ts";

/** A row per goal and algorithm, in the order of cost_to_target.csv. */
export function costToTargetTable(input: ReportInput): Html {
  const { costToTarget, datasets, algorithms } = input;
  if (costToTarget.length === 0) return html`<p class="quiet">No training was watched on validation episodes.</p>`;
  const sideOf = (name: string, depth: number | null, settings: readonly string[]) =>
    [titleOf(algorithms, name), ...(depth === null ? [] : [`d = ${depth}`]), ...settings].join(", ");
  const rows = costToTarget.map((row) => [
    datasets.find(({ name }) => name === row.dataset)?.title ?? row.dataset,
    html`${goalText(row, input, sideOf)}<small>${scoreText(row)}</small>`,
    sideOf(row.algorithm, row.sharingDepth, settingParts(input, row)),
    `${row.nReached} of ${row.nSeeds}`,
    by(row.gflopMedian, row.gflopMedian === null ? "not reached" : format(row.gflopMedian)),
    by(row.gflopLeast, spread(row.gflopLeast, row.gflopMost)),
    by(row.gradientsMedian, row.gradientsMedian === null ? "–" : format(row.gradientsMedian)),
    by(row.ratioMedian, row.ratioMedian === null ? "–" : timesText([row.ratioMedian])),
    by(
      row.ratioLeast,
      row.ratioLeast === null
        ? "–"
        : `${timesText([row.ratioLeast])} to ${row.ratioMost === null ? "not reached" : timesText([row.ratioMost])}`,
    ),
  ]);
  return table(
    [
      ["data set"],
      ["score to reach", "name"],
      ["by", "line"],
      ["seeds", "number"],
      ["median GFLOP", "number"],
      ["least to most", "number"],
      ["median gradients", "number"],
      ["relative", "number"],
      ["least to most", "number"],
    ],
    rows,
    "Operations of training until the validation curve first shows a score. Final: what the other's training with the same seed ends with, relative to what the other took to get there itself; ladder: round scores. Medians are over seeds, those that never get there counted as dearest. Curves have few points, so a cost is up to one point too high. Also in cost_to_target.csv.",
  );
}

function goalText(
  { dataset, goal, goalOf, goalNorm, goalTrainingTasks, goalDepth }: CostToTargetRow,
  input: ReportInput,
  sideOf: (name: string, depth: number | null, settings: readonly string[]) => string,
) {
  const settings = goalNorm === null
    ? []
    : settingParts(input, { dataset, norm: goalNorm, trainingTasks: goalTrainingTasks });
  return goal === "ladder" ? "ladder" : `final score of ${sideOf(goalOf, goalDepth, settings)}`;
}

function scoreText({ metric, score }: CostToTargetRow): string {
  return metric === "mse" ? `MSE ${format(score)}` : `accuracy ${Number((100 * score).toPrecision(3))} %`;
}

function spread(least: number | null, most: number | null): string {
  if (least === null) return "–";
  return `${format(least)} to ${most === null ? "not reached" : format(most)}`;
}

function by(value: number | null, content: string): Html {
  return html`<span data-sort="${value === null ? "" : String(value)}">${content}</span>`;
}
