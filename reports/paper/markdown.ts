/** Tables to Markdown. */
import { readable } from "../view/html.ts";
import type { Table } from "./tables.ts";

/** Text that Markdown shows as it is, on one line. */
export function markdownText(text: string): string {
  return readable(text.replace(/\s+/g, " ")).replace(/[\\`*_[\]<>|#~&]/g, (letter) => `\\${letter}`);
}

/** A table with its caption below. */
export function markdownTable({ columns, rows, caption }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ heading }) => markdownText(heading))),
    line(columns.map(({ numeric }) => numeric ? "---:" : ":---")),
    ...rows.map((row) => line(row.map(markdownText))),
    "",
    markdownText(caption),
    "",
  ].join("\n");
}
