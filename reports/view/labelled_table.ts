/** The table of pages that have no scripts: on a narrow screen each row is a block, in which the cells say what they are. */
import { type Html, html } from "./html.ts";

/** A column: its heading, and how its cells are set. */
export interface LabelledColumn {
  readonly heading: string;
  /** Numbers, which stay on one line; or words that need no heading beside them on a narrow screen. */
  readonly kind?: "number" | "words";
}

/** What such tables look like, as a part of a style sheet that has --line and --quiet. */
export const LABELLED_TABLE_STYLE = `
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td.number { white-space: nowrap; }
@media (max-width: 40rem) { td, th { display: block; border: 0; padding: .1rem 0; } tr { display: block; border-bottom: 1px solid var(--line); padding: .4rem 0; } thead { display: none; } td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); } }
`;

/** A table whose rows start with their heading. */
export function labelledTable(
  columns: readonly (string | LabelledColumn)[],
  rows: readonly (readonly (string | number | Html)[])[],
): Html {
  const told = columns.map((column): LabelledColumn => typeof column === "string" ? { heading: column } : column);
  const cell = (value: string | number | Html, { heading, kind }: LabelledColumn) =>
    kind === "words"
      ? html`<td>${value}</td>`
      : kind === "number"
      ? html`<td class="number" data-label="${heading}">${value}</td>`
      : html`<td data-label="${heading}">${value}</td>`;
  const lines = rows.map(([head, ...others]) =>
    html`
      <tr>
        <th scope="row">${head}</th>
        ${others.map((value, i) => cell(value, told[i + 1]))}
      </tr>
    `
  );
  return html`
    <table>
      <thead>
        <tr>${told.map(({ heading }) => html`<th scope="col">${heading}</th>`)}</tr>
      </thead>
      <tbody>${lines}</tbody>
    </table>
  `;
}
