/** What training costs, what equal operations come to, and what it takes to reach a score. */
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { costToTargetSentence } from "./cost_ratio.ts";
import { costToTargetTable } from "./cost_to_target_table.ts";
import { equalOperationsTable } from "./equal_operations_table.ts";
import { costTable } from "./tables.ts";

/** The page's section on cost, below its heading. */
export function costs(input: ReportInput): Html {
  return html`
    ${costTable(input)}
    <h3>At equal operations</h3>
    ${equalOperationsTable(input)}
    <h3>Cost to reach a score</h3>
    <p>${costToTargetSentence(input)}</p>
    ${costToTargetTable(input)}
  `;
}
