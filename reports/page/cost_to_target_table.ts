/** What it takes to reach a score. */
import type { ReachRow } from "../rows/rows.ts";
import { timesText } from "./cost_ratio.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { format, table } from "./tables.ts";

/** A row per goal and algorithm, in the order of reach.csv. */
export function reachTable(input: ReportInput): Html {
  const { reach, datasets, algorithms } = input;
  if (reach.length === 0) return html`<p class="quiet">No training was watched on validation episodes.</p>`;
  const sideOf = (name: string, depth: number | null) =>
    `${titleOf(algorithms, name)}${depth === null ? "" : `, d = ${depth}`}`;
  const rows = reach.map((row) => [
    datasets.find(({ name }) => name === row.dataset)?.title ?? row.dataset,
    html`${goalText(row, sideOf)}<small>${scoreText(row)}</small>`,
    sideOf(row.algorithm, row.sharingDepth),
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
      ["score to reach"],
      ["by", "line"],
      ["seeds", "number"],
      ["median GFLOP", "number"],
      ["least to most", "number"],
      ["median gradients", "number"],
      ["relative", "number"],
      ["least to most", "number"],
    ],
    rows,
    "Operations of training until the validation curve first shows a score. Final: what the other's training with the same seed ends with, relative to what the other took to get there itself; ladder: round scores. Medians are over seeds, those that never get there counted as dearest. Curves have few points, so a cost is up to one point too high. Also in reach.csv.",
  );
}

function goalText({ goal, goalOf, goalDepth }: ReachRow, sideOf: (name: string, depth: number | null) => string) {
  return goal === "ladder" ? "ladder" : `final score of ${sideOf(goalOf, goalDepth)}`;
}

function scoreText({ metric, score }: ReachRow): string {
  return metric === "mse" ? `MSE ${format(score)}` : `accuracy ${Number((100 * score).toPrecision(3))} %`;
}

function spread(least: number | null, most: number | null): string {
  if (least === null) return "–";
  return `${format(least)} to ${most === null ? "not reached" : format(most)}`;
}

function by(value: number | null, content: string): Html {
  return html`<span data-sort="${value === null ? "" : String(value)}">${content}</span>`;
}
