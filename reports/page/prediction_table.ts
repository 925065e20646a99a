/** What was expected before the run, and what became of it. */
import type { PredictionRow } from "../rows/rows.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { trainingFlagWords } from "../view/flag_words.ts";
import { list } from "../view/select.ts";
import { table } from "./tables.ts";
import { pText } from "../view/comparison_words.ts";

/** Outcomes in the order they are counted, with the mark that repeats the word for a quick look. */
export const OUTCOMES = { held: "✓", failed: "✗", undecided: "?", "not tested": "–" } as const satisfies Record<
  PredictionRow["outcome"],
  string
>;

/** "3 held, 1 failed and 2 not tested" */
export function outcomeCounts(predictions: readonly PredictionRow[]): string {
  const words = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];
  return list(words.flatMap((word) => {
    const count = predictions.filter(({ outcome }) => outcome === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  }));
}

/** A row per prediction, in the sweep's order. */
export function predictionTable(input: ReportInput): Html {
  const { datasets, predictions } = input;
  if (predictions.length === 0) return html`<p class="quiet">This sweep states no predictions.</p>`;
  const rows = predictions.map((row) => {
    const { statement, source, dataset, outcome, reason, found, pHeld, pFailed, flags } = row;
    return [
      html`<span class="outcome">${OUTCOMES[outcome]} ${outcome}</span>`,
      html`${statement}<small>${datasets.find(({ name }) => name === dataset)?.title ?? dataset}. ${source}</small>`,
      html`${found === "" ? "–" : found.split("; ").map((one, i) => i === 0 ? one : html`<small>${one}</small>`)}${
        reason === "" ? "" : html`<small><em>${outcome}: ${reason}</em></small>`
      }${flags === "" ? "" : flags.split("; ").map((flag) => html`<small>${trainingFlagWords(input, flag)}</small>`)}`,
      pText(pHeld),
      pText(pFailed),
    ];
  });
  return table(
    [
      ["outcome"],
      ["expected", "wide"],
      ["found", "wide"],
      ["p held", "number"],
      ["p failed", "number"],
    ],
    rows,
    "Held: shown at 5 %; failed: refuted at 5 %; undecided: neither, so more seeds are needed; each prediction is tested on its own, at the margin of its data set. Also in predictions.csv.",
  );
}
