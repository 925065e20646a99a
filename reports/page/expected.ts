/** What was expected before the run, by theory and by what others published, and what became of it. */
import { type Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { predictionTable } from "./prediction_table.ts";
import { publishedSection } from "./published_table.ts";

/** Predictions and, where the sweep names any, published numbers. */
export function expected(input: ReportInput): Html {
  return html`
    <h2 id="predictions">Predictions</h2>
    ${predictionTable(input)}
    ${publishedSection(input)}
  `;
}
