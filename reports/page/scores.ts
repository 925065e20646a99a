/** All tables of a data set's scores. */
import { type Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { referenceTable } from "./reference_table.ts";
import { scoreTable } from "./tables.ts";
import { variantTable } from "./variant_table.ts";

/** The scores of trained methods, of what needs no training, and of variants. */
export function scores(input: ReportInput, dataset: DataSetDescription): Html {
  return html`
    <h3>${dataset.title}: scores</h3>
    ${scoreTable(input, dataset)}
    ${referenceTable(input, dataset)}
    ${variantTable(input, dataset)}
  `;
}
