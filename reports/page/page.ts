/** The page: one self-contained HTML document that opens offline. */
import { allWords, answer, answerSection, countTable } from "./answer.ts";
import { cellTable } from "./cell_table.ts";
import type { Drawing } from "../figures/figure.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { contentPolicy, dataScript, pageScripts, script } from "./interactive.ts";
import { methods } from "./methods.ts";
import { expected } from "./expected.ts";
import { averages } from "./averages.ts";
import { diversityTable } from "./diversity_table.ts";
import { costs } from "./costs.ts";
import { measures } from "./measures.ts";
import { settingSentences } from "../view/settings.ts";
import { scores } from "./scores.ts";
import { STYLE } from "./style.ts";
import { statuses } from "./statuses.ts";
import { manifestTable, sourceTable } from "./tables.ts";
import { tuningTable } from "./tuning_table.ts";
import { verdictTable } from "./verdict_table.ts";
import { whatWasRun } from "./what_was_run.ts";

/** A figure as it goes into the page. */
export interface PageFigure {
  /** Names its files: `<id>.svg`, `<id>.png`, `<id>.vl.json`. */
  readonly id: string;
  readonly dataset: string;
  readonly drawing: Drawing;
  readonly svg: string;
}

/**
 * The document. The same input gives the same bytes.
 *
 * @param libraries scripts that define `vegaEmbed`; without them the pictures stay as they are
 * @param answerFiles names of the files beside the page that show the answer as a picture
 */
export function page(
  input: ReportInput,
  figures: readonly PageFigure[],
  libraries: readonly string[] = [],
  answerFiles: readonly string[] = [],
): string {
  const scripts = pageScripts(libraries);
  const shownSets = input.datasets.filter(({ name }) => input.cells.some(({ dataset }) => dataset === name));
  const measured = measures(input);
  const contents = [
    ["answer", "Answer"],
    ...shownSets.map(({ name, title }) => [`data-${name}`, title]),
    ...SECTIONS.filter(([id]) => id !== "published" || (input.published ?? []).length > 0),
  ];
  const document = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${input.title} – bridgebench</title>
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <nav aria-label="Contents"><ul>${contents.map(([id, title]) =>
          html`<li><a href="#${id}">${title}</a></li>`
        )}</ul></nav>
        <div class="page">
        <header class="top">
    <p class="eyebrow">bridgebench report</p>
    <h1>${input.title}</h1>
    ${answer(input)}
        </header>
        <main>
    <section id="answer" aria-label="Answer">
    ${answerSection(input, answerFiles)}
    </section>
    ${whatWasRun(input, shownSets)}
    ${countTable(input)}
    ${shownSets.map((dataset) => section(input, dataset, figures, libraries.length > 0, measured))}
    ${expected(input)}
    <h2 id="verdicts">All verdicts</h2>
    ${allWords(input)}
    ${verdictTable(input)}
    <h2 id="averages">Averages over cells</h2>
    ${averages(input, shownSets)}
    <h2 id="cost">Cost</h2>
    ${costs(input)}
    <h2 id="tuning">Tuning</h2>
    ${tuningTable(input)}
    <h2 id="methods">Methods and limits</h2>
    ${methods(input)}
    <h2 id="cells">All cells</h2>
    ${cellTable(input)}
    <h2 id="status">Status of cells</h2>
    ${statuses(input)}
    <h2 id="algorithms">Algorithms and data</h2>
    ${sourceTable(input)}
    <h2 id="manifest">Manifest</h2>
    <p>What this was made with. All numbers behind this page are in <code>cells.csv</code>, <code>verdicts.csv</code>, <code>predictions.csv</code>, <code>published.csv</code>, <code>references.csv</code>, <code>episodes.csv</code>, <code>representations.csv</code>, <code>diversity.csv</code>, <code>calibration.csv</code>, <code>groups.csv</code>, <code>scaling.csv</code>, <code>timings.csv</code> and <code>adaptation_times.csv</code> in the folder of the run.</p>
    ${manifestTable(input.manifest)}
        </main>
        <footer>Made by bridgebench. Figures are Vega-Lite; their specs with the data are beside this page.</footer>
        </div>
        ${scripts.map(script)}
      </body>
    </html>
  `;
  return document.text.trim() + "\n";
}

/** Headings below the data sets. */
const SECTIONS = [
  ["predictions", "Predictions"],
  ["published", "Published numbers"],
  ["verdicts", "Verdicts"],
  ["averages", "Averages"],
  ["cost", "Cost"],
  ["tuning", "Tuning"],
  ["methods", "Methods and limits"],
  ["cells", "All cells"],
  ["status", "Status of cells"],
  ["algorithms", "Algorithms and data"],
  ["manifest", "Manifest"],
] as const;

function section(
  input: ReportInput,
  dataset: DataSetDescription,
  figures: readonly PageFigure[],
  interactive: boolean,
  measured: (dataset: DataSetDescription) => Html,
): Html {
  const own = figures.filter(({ dataset: name }) => name === dataset.name);
  return html`
    <section id="data-${dataset.name}">
    <h2>${dataset.title}</h2>
    <p class="quiet">${settingSentences(dataset)}</p>
    ${own.map((figure) => figureHtml(figure, interactive))}
    ${scores(input, dataset)}
    ${measured(dataset)}
    ${diversityTable(input, dataset)}
    </section>
  `;
}

function figureHtml({ id, drawing, svg }: PageFigure, interactive: boolean): Html {
  const file = (ending: string, label: string) => html`<a href="${encodeURIComponent(id)}.${ending}">${label}</a>`;
  return html`
    <figure id="${id}">
      <div class="picture" role="img" tabindex="0" aria-label="${drawing.alt}" style="--least: ${leastWidth(
        svg,
      )}px">${new Html(
        inlineSvg(svg, id),
      )}</div>
      <figcaption>${drawing.caption} <span class="files">${file("svg", "SVG")} · ${file("png", "PNG")} · ${file(
        "vl.json",
        "Vega-Lite",
      )}</span></figcaption>
      ${interactive ? dataScript(drawing.spec) : undefined}
    </figure>
  `;
}

/** How narrow a picture may get on a small screen before it scrolls instead: text stays legible. */
function leastWidth(svg: string): number {
  return Math.round(0.75 * widthOf(svg));
}

function widthOf(svg: string): number {
  return Number(/^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}

/**
 * Makes the names inside an SVG unique in the page: figures on their own all count from zero. Roles of its parts go, as the page describes the picture as a
 * whole.
 */
export function inlineSvg(svg: string, prefix: string): string {
  const safe = prefix.replace(/[^\w-]/g, "_");
  return svg.replace(
    /<[^>]*>/g,
    (tag) =>
      tag.replace(/ (?:role|aria-roledescription|aria-label)="[^"]*"/g, "").replace(/ id="/g, ` id="${safe}-`).replace(
        /url\(#/g,
        `url(#${safe}-`,
      ).replace(/href="#/g, `href="#${safe}-`),
  );
}
