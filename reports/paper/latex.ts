/** Plain text and tables to LaTeX. */
import { readable } from "../view/html.ts";
import type { Table } from "./tables.ts";

const LATEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  "_": "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "±": "$\\pm$",
  "−": "$-$",
  "×": "$\\times$",
  "–": "--",
  "—": "---",
  "✓": "$\\surd$",
  "✗": "$\\times$",
};

/** Text that LaTeX prints as it is; it needs no package. A line break becomes a space. */
export function latexText(text: string): string {
  return readable(text.replace(/\s+/g, " ")).replace(/[\\{}$&#%_^~<>|"±−×–—✓✗]/g, (letter) => LATEX[letter])
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
