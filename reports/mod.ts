/**
 * Results to a report: rows to CSV, rows to figures, and one page that holds them.
 *
 * @module
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answerPicture } from "./figures/answer_picture.ts";
import { FIGURES } from "./figures/registry.ts";
import type { ReportInput } from "./view/input.ts";
import { vegaScripts } from "./page/interactive.ts";
import { page, type PageFigure } from "./page/page.ts";
import { renderPng, renderSvg } from "./figures/render.ts";

export {
  cellsCsv,
  cellsPieces,
  costToTargetCsv,
  type EpisodeRow,
  episodesCsv,
  episodesPieces,
  equalOperationsCsv,
  parseCells,
  parseCostToTarget,
  parseEpisodes,
  parseEqualOperations,
  parsePredictions,
  parseRepresentations,
  parseTimings,
  parseTuning,
  parseValidation,
  type Pieces,
  predictionsCsv,
  representationsCsv,
  representationsPieces,
  timingsCsv,
  tuningCsv,
  validationCsv,
  validationPieces,
} from "./rows/csv.ts";
export type {
  AlgorithmDescription,
  DataSetDescription,
  EpisodePicture,
  PicturedState,
  ReportInput,
} from "./view/input.ts";

/**
 * Writes `index.html`, the answer as `answer-light` and `answer-dark`, `.svg` and `.png`, and, per figure and data set, `<figure>-<dataset>.vl.json`, `.svg` and `.png`. Each file is replaced as a
 * whole, the page last, so that a reader never sees half of one. The same input gives the same bytes.
 *
 * @param dir made when it is not there
 * @param warn hears of letters that the pictures lack, which may be once per picture
 * @returns the paths written, the page first
 * @throws Error when a figure cannot be drawn without a warning, and what the file system throws
 */
export async function writeReport(input: ReportInput, dir: string, warn = (_: string) => {}): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const figures: PageFigure[] = [];
  const paths: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(dir, name);
    // A name of its own: another process may draw the same report.
    const part = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
    await writeFile(part, content);
    await rename(part, path);
    paths.push(path);
  };
  for (const dataset of input.datasets) {
    for (const figure of Object.values(FIGURES)) {
      const drawing = figure.draw(input, dataset);
      if (drawing === undefined) continue;
      const id = `${figure.name}-${dataset.name}`;
      const { svg, warnings } = await renderSvg(drawing.spec);
      if (warnings.length > 0) throw new Error(`internal: figure ${id}: ${warnings.join("; ")}`);
      figures.push({ id, dataset: dataset.name, drawing, svg });
      await write(`${id}.vl.json`, JSON.stringify(drawing.spec, undefined, 2) + "\n");
      await write(`${id}.svg`, svg);
      await write(`${id}.png`, await renderPng(svg, { warn }));
    }
  }
  const answerFiles: string[] = [];
  for (const theme of ["light", "dark"] as const) {
    const picture = answerPicture(input, theme);
    if (picture === undefined) continue;
    answerFiles.push(`answer-${theme}.svg`, `answer-${theme}.png`);
    await write(`answer-${theme}.svg`, picture.svg);
    await write(`answer-${theme}.png`, await renderPng(picture.svg, { background: picture.background, warn }));
  }
  await write("index.html", page(input, figures, await vegaScripts(), answerFiles));
  return [paths[paths.length - 1], ...paths.slice(0, -1)];
}
