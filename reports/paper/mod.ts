/**
 * What a paper needs of a run: every figure as PDF and SVG at the widths of one and two columns, tables as LaTeX and Markdown, and captions.
 *
 * @module
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FIGURES } from "../figures/registry.ts";
import type { ReportInput } from "../view/input.ts";
import { figureCaption, runNote } from "./captions.ts";
import { fit } from "./fit.ts";
import { latexFigure, latexTable, latexText } from "./latex.ts";
import { markdownTable, markdownText } from "./markdown.ts";
import { renderPdf } from "./pdf.ts";
import { costsTable, publishedTable, resultTable } from "./tables.ts";
import { WIDTHS } from "./theme.ts";

/**
 * Writes, per figure and data set, `<figure>-<dataset>-single` and `-double` as `.pdf` and `.svg`; `results-<dataset>` and `costs` as `.tex` and `.md`;
 * and `figures.tex` and `captions.md` with what belongs below each. The same input gives the same bytes.
 *
 * @param dir made when it is not there
 * @param warn hears of letters that the pictures lack, which may be once per picture
 * @returns the paths written
 * @throws Error when a figure cannot be drawn at a width without a warning, and what the file system throws
 */
export async function writePaper(input: ReportInput, dir: string, warn = (_: string) => {}): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const paths: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(dir, name);
    await writeFile(`${path}.part`, content);
    await rename(`${path}.part`, path);
    paths.push(path);
  };
  const captions: [id: string, caption: string][] = [];
  for (const dataset of input.datasets) {
    for (const figure of Object.values(FIGURES)) {
      const drawing = figure.draw(input, dataset);
      if (drawing === undefined) continue;
      const id = `${figure.name}-${dataset.name}`;
      captions.push([id, figureCaption(drawing, input, dataset)]);
      for (const [name, width] of Object.entries(WIDTHS)) {
        const fitted = await fit(drawing.spec, width, id);
        await write(`${id}-${name}.pdf`, await renderPdf(fitted, drawing.title, warn));
        await write(`${id}-${name}.svg`, fitted.svg);
      }
    }
  }
  for (
    const table of [
      ...input.datasets.map((dataset) => resultTable(input, dataset)),
      costsTable(input),
      publishedTable(input),
    ]
  ) {
    if (table === undefined) continue;
    await write(`${table.id}.tex`, latexTable(table));
    await write(`${table.id}.md`, markdownTable(table));
  }
  const notes = input.datasets.map((dataset) => runNote(input, dataset)).filter((note) => note !== "");
  await write(
    "figures.tex",
    [
      "% What the figures rest on, to be said once in the text:",
      ...notes.map((note) => `%   ${latexText(note)}`),
      "",
      captions.map(([id, caption]) => latexFigure(id, caption)).join("\n"),
    ].join("\n"),
  );
  await write(
    "captions.md",
    [
      ...notes.map((note) => `${markdownText(note)}\n`),
      ...captions.map(([id, caption]) => `**${id}**: ${markdownText(caption)}\n`),
    ].join("\n"),
  );
  return paths;
}
