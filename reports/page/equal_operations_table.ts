/** Both sides of the answer at equal operations of training, and as they ended. */
import type { EqualOperationsRow } from "../rows/rows.ts";
import { differenceText, intervalText } from "../view/comparison_words.ts";
import { Html, html } from "../view/html.ts";
import { type ReportInput, titleOf } from "../view/input.ts";
import { settingParts } from "../view/settings.ts";
import { format, table } from "./tables.ts";

/** Two rows per pair of trainings, in the order of equal_operations.csv. */
export function equalOperationsTable(input: ReportInput): Html {
  const { equalOperations, datasets } = input;
  if (equalOperations.length === 0) {
    return html`<p class="quiet">No two trainings of the answer were watched on the same validation episodes.</p>`;
  }
  const rows = equalOperations.map((row) => {
    const { dataset, metric, budget, nSeeds, aGflop, bGflop, aScore, bScore, diff, lo95, hi95 } = row;
    const score = (value: number) => metric === "mse" ? format(value) : `${format(100 * value)} %`;
    return [
      datasets.find(({ name }) => name === dataset)?.title ?? dataset,
      html`${sideOf(input, row, "a")} against ${sideOf(input, row, "b")}`,
      budget === "end" ? html`as they ended<small>${unfinishedText(row)}</small>` : "at equal operations",
      nSeeds,
      `${format(aGflop)} and ${format(bGflop)}`,
      `${score(aScore)} and ${score(bScore)}`,
      by(diff, differenceText(metric, diff)),
      intervalText(metric, lo95, hi95),
    ];
  });
  return table(
    [
      ["data set"],
      ["comparison", "name"],
      ["trained"],
      ["seeds", "number"],
      ["GFLOP", "line"],
      ["validation score", "line"],
      ["difference", "number"],
      ["95 % interval", "number"],
    ],
    rows,
    "The dearer training is read where it has taken as many operations as the cheaper one takes in all. Scores are on validation episodes; intervals are Student's over seeds, each on its own, and no verdict rests on them. Also in equal_operations.csv.",
  );
}

function sideOf(input: ReportInput, row: EqualOperationsRow, side: "a" | "b"): string {
  const [algorithm, depth, norm, trainingTasks] = side === "a"
    ? [row.aAlgorithm, row.aSharingDepth, row.aNorm, row.aTrainingTasks] as const
    : [row.bAlgorithm, row.bSharingDepth, row.bNorm, row.bTrainingTasks] as const;
  const settings = settingParts(input, { dataset: row.dataset, norm, trainingTasks });
  return [titleOf(input.algorithms, algorithm), ...(depth === null ? [] : [`d = ${depth}`]), ...settings].join(", ");
}

/** "still improving: MTL 2 of 3 seeds" */
function unfinishedText(row: EqualOperationsRow): string {
  const { nSeeds, aUndertrained, bUndertrained } = row;
  const parts = ([["the first", aUndertrained], ["the second", bUndertrained]] as const)
    .filter(([, count]) => (count ?? 0) > 0)
    .map(([side, count]) => `${side} in ${count} of ${nSeeds} ${nSeeds === 1 ? "seed" : "seeds"}`);
  return parts.length === 0 ? "neither shown to be still improving" : `still improving: ${parts.join(", ")}`;
}

function by(value: number, content: string): Html {
  return html`<span data-sort="${String(value)}">${content}</span>`;
}
