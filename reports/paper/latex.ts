/** Plain text and tables to LaTeX. */
import { readable } from "../view/html.ts";
import { latexLetter } from "./latex_letters.ts";
import type { Table } from "./tables.ts";

/** Letters that would run together with the same letter after them: "--" is a dash, and "''" a quotation mark. */
const RUN_TOGETHER = /([-',])(?=\1)/g;

/**
 * Text that LaTeX prints as it is; it needs no package and no encoding. A line break becomes a space, straight quotation marks open and close in turn, and
 * what LaTeX cannot print is named by its code point.
 */
export function latexText(text: string): string {
  let quotes = 0;
  const quoted = readable(text.replace(/\s+/g, " ")).replace(/"/g, () => quotes++ % 2 === 0 ? "“" : "”");
  // A mark that does not fuse with the letter before it is printed as the letter alone would be, and then named.
  const letters = [...quoted.normalize("NFC").replace(RUN_TOGETHER, "$1\u0000")];
  return letters.map((letter) => letter === "\u0000" ? "{}" : latexLetter(letter)).join("")
    .replace(/(\d) (\\%)/g, "$1\\,$2");
}

/** A `table` in the booktabs style. */
export function latexTable({ id, columns, rows, caption }: Table): string {
  const line = (cells: readonly string[]) => `    ${cells.map(latexText).join(" & ")} \\\\`;
  return [
    "% Needs \\usepackage{booktabs}.",
    "\\begin{table}[t]",
    "  \\centering",
    `  \\caption{${latexText(caption)}}`,
    `  \\label{tab:${label(id)}}`,
    `  \\begin{tabular}{${columns.map(({ numeric }) => numeric ? "r" : "l").join("")}}`,
    "    \\toprule",
    line(columns.map(({ heading }) => heading)),
    "    \\midrule",
    ...rows.map(line),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

/** A `figure` of one column, with the line that makes it span both. */
export function latexFigure(id: string, caption: string): string {
  return [
    "% Needs \\usepackage{graphicx}.",
    `% Across both columns: figure* instead of figure, and ${id}-double.pdf.`,
    "\\begin{figure}[t]",
    "  \\centering",
    `  \\includegraphics{${id}-single.pdf}`,
    `  \\caption{${latexText(caption)}}`,
    `  \\label{fig:${label(id)}}`,
    "\\end{figure}",
    "",
  ].join("\n");
}

function label(id: string): string {
  return id.replace(/[^A-Za-z0-9]+/g, "-");
}
