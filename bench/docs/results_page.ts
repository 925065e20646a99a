/** `docs/results.md`: every table of a run, column by column, from the schemas of their rows. */
import type { Field } from "../../reports/rows/schema_columns.ts";
import { type Described, EPISODES, scoreFields, TABLES } from "../../reports/rows/tables.ts";

const INTRODUCTION = `<!-- deno-fmt-ignore-file -->
<!-- Written by deno task docs from the schemas in reports/rows; edit those. -->

# The tables of a run

Every run writes these files into its folder, and \`datapackage.json\` beside them: the types, units and meanings below as
a [Frictionless](https://specs.frictionlessdata.io/tabular-data-package/) tabular data package, which pandas, R, DuckDB
and data portals read.

- CSV by RFC 4180 in UTF-8, with a header. Rows are sorted by what names them, empty fields first, so that the same
  results give the same bytes.
- A missing number is an empty field, never 0. Numbers are in their shortest form that reads back as the same number.
- A text that begins with \`=\`, \`+\`, \`-\`, \`@\`, a tab or an apostrophe has one more apostrophe before it, in every
  table, so that no spreadsheet runs it as a formula: take one apostrophe away at the beginning to have the text as
  \`sweep.json\`, \`plan.json\` and the report have it. Line breaks are spaces.
- Reasons name folders by \`DATA_DIR\`, \`STORE\`, \`OUT\` and \`PROJECT\`, so that bytes do not depend on where they are.
`;

/** The whole page. */
export function resultsPage(): string {
  const contents = TABLES.map(({ file }) => `- [${file}](#${file.replace(".", "")})`).join("\n");
  return [INTRODUCTION, contents, "", ...TABLES.map(section)].join("\n");
}

function section(table: Described): string {
  const fields = table === EPISODES ? [...table.fields, ...scoreFields(1)] : table.fields;
  return [
    `## ${table.file}`,
    "",
    table.about,
    "",
    "| column | type | unit | meaning |",
    "| --- | --- | --- | --- |",
    ...fields.map(row),
    "",
  ].join("\n");
}

function row({ name, type, words, optional, unit, meaning }: Field): string {
  const kind = words === undefined ? type : words.map((word) => `\`${word}\``).join(", ");
  const empty = optional && (words !== undefined || type !== "string") ? " or empty" : "";
  const column = name === "e0" ? "`e0`, `e1`, ..." : `\`${name}\``;
  return `| ${column} | ${escaped(kind + empty)} | ${escaped(unit ?? "")} | ${escaped(meaning)} |`;
}

/** A vertical bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
