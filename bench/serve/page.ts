/** The page about a run that is still computing. */
import { createHash } from "node:crypto";
import { validationCurves } from "../../reports/figures/validation_curves.ts";
import { renderSvg } from "../../reports/figures/render.ts";
import { differenceText, levelText, nText, placeText, verdictWords } from "../../reports/view/comparison_words.ts";
import { familyFor, titlesOf } from "../../reports/view/compared.ts";
import { Html, html } from "../../reports/view/html.ts";
import { LABELLED_TABLE_STYLE, labelledTable } from "../../reports/view/labelled_table.ts";
import { cssColours, DARK_FIGURE, THEMES } from "../../reports/view/palette.ts";
import { formatDuration } from "../plan/estimate.ts";
import type { StatusFile } from "../run/live_status.ts";
import type { Interim } from "./interim.ts";

const { light, dark } = THEMES;
const STYLE = `
:root { color-scheme: light dark; --ink: ${light.ink}; --quiet: ${light.quiet}; --line: ${light.line}; --paper: ${light.paper}; ${
  cssColours(light)
} }
* { box-sizing: border-box; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { margin-top: 2rem; font-size: 1.15rem; }
${LABELLED_TABLE_STYLE}progress { width: 100%; height: 1.2rem; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
small, figcaption { color: var(--quiet); }
.interim { padding: .1rem .5rem; border: 1px dashed var(--quiet); border-radius: .3rem; font-size: .85rem; }
@media (prefers-color-scheme: dark) {
  :root { --ink: ${dark.ink}; --quiet: ${dark.quiet}; --line: ${dark.line}; --paper: ${dark.paper}; ${
  cssColours(dark)
} }
${
  Object.entries(DARK_FIGURE).map(([from, to]) =>
    `  figure svg [fill="${from}"] { fill: ${to}; } figure svg [stroke="${from}"] { stroke: ${to}; }`
  ).join("\n")
}
}
`;

/** Fetches the page again and puts its contents in place, so that nobody loses the place that they read. */
const SCRIPT = `
const main = document.querySelector("main");
async function again() {
  try {
    const text = await (await fetch("/", { cache: "no-store" })).text();
    const next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    if (next.innerHTML !== main.innerHTML) main.innerHTML = next.innerHTML;
    setTimeout(again, 2000);
  } catch {
    document.querySelector("#ended").hidden = false;
  }
}
setTimeout(again, 2000);
`;

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do: its own style and script, and asking where it came from. */
export const POLICY =
  `default-src 'none'; style-src ${digest(STYLE)}; script-src ${digest(SCRIPT)}; connect-src 'self'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a page is made of. */
export interface Shown {
  /** Folder of the run. */
  readonly out: string;
  readonly status: StatusFile | undefined;
  readonly interim: Interim | undefined;
  /** Why nothing could be found out; "" where it could. */
  readonly trouble: string;
  /** Drawings of the curves, data set by data set. */
  readonly curves: readonly Html[];
}

/** The document. */
export function livePage({ out, status, interim, trouble, curves }: Shown): string {
  const title = interim?.input.title ?? status?.sweep ?? "A run";
  const document = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} – bridgebench, computing</title>
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <p id="ended" role="status"
          hidden>Nothing answers any more: the run has ended or was stopped. What it left is in its folder.</p>
        <main>
          <h1>${title}</h1>
          <p><small>${out}</small></p>
          ${progress(status)}
          ${trouble === "" ? undefined : html`<p role="alert">${trouble}</p>`}
          ${verdicts(interim)}
          ${curves.length === 0 ? undefined : html`<h2>Learning so far</h2>${curves}`}
        </main>
        <script>${new Html(SCRIPT)}</script>
      </body>
    </html>
  `;
  return document.text.trim() + "\n";
}

function progress(status: StatusFile | undefined): Html {
  if (status === undefined) return html`<p>The run has not begun to compute.</p>`;
  const { state, stage, stages, cells, etaS, computing, workers, backend } = status;
  const last = stages.at(-1);
  const left = etaS === null ? "" : `, about ${formatDuration(etaS)} left of this stage`;
  return html`
    <p>${state}${stage === null ? "" : `: ${stage}`}${left}; ${workers} ${workers === 1
      ? "worker"
      : "workers"} on ${backend}</p>
    ${last === undefined ? undefined : html`
      <progress max="${last.total}" value="${last.done}" aria-label="Units of this stage"></progress>
      <p>${last.done} of ${last.total} units of ${last.stage}${last.failed === 0
        ? ""
        : `, ${last.failed} failed`}${cells === null ? "" : `; ${cells.done} of ${cells.total} cells`}</p>
    `}
    ${computing.length === 0 ? undefined : labelledTable(
      ["computing", "phase", "iteration", "loss"],
      computing.map(({ dataset, algorithm, seed, phase, iteration, iterations, loss }) => [
        `${dataset}, ${algorithm}, seed ${seed}`,
        phase,
        `${iteration} of ${iterations}`,
        loss === null ? "–" : loss.toPrecision(3),
      ]),
    )}
  `;
}

/** Rows of verdicts; an exploring grid may have thousands. */
const MAX_ROWS = 60;

/** Comparisons that answer the question, or that explore where none does, as far as both sides have seeds. */
function verdicts(interim: Interim | undefined): Html | undefined {
  if (interim === undefined) return undefined;
  const { input } = interim;
  const answering = familyFor(input, "answer");
  const all = answering.length > 0 ? answering : familyFor(input, "exploration");
  const begun = all.filter(({ verdict }) => verdict.nSeeds > 0);
  if (begun.length === 0) {
    return html`
      <h2>Verdicts</h2>
      <p>No comparison has a seed of both sides yet.</p>
    `;
  }
  const rows = begun.slice(0, MAX_ROWS).map((pair) => {
    const { key, verdict } = pair;
    const titles = titlesOf(input, key);
    const dataset = input.datasets.find(({ name }) => name === key.dataset)?.title ?? key.dataset;
    const numbers = key.metric === "mse"
      ? `MSE ${differenceText(key.metric, verdict.diff)}`
      : `${differenceText(key.metric, verdict.diff)} points`;
    return [
      `${dataset}: ${titles.a} against ${titles.b}, ${placeText(input, pair)}`,
      numbers,
      levelText(key.metric, verdict),
      html`<span class="interim">interim</span> ${
        verdict.verdict === "none" ? `none: ${verdict.reason}` : verdictWords(verdict, titles)
      }`,
      nText(verdict),
    ];
  });
  return html`
    <h2>Interim verdicts</h2>
    <p>On the seeds that are there. Whoever stops at a verdict that they like is wrong more often than its level says: those of the report count.</p>
    ${labelledTable(
      ["comparison", "difference", "interval", { heading: "verdict", kind: "words" }, "n"],
      rows,
    )}
    ${begun.length > MAX_ROWS ? html`<p>${begun.length - MAX_ROWS} more will be in the report.</p>` : undefined}
  `;
}

/** The validation curves of all data sets, drawn. */
export async function drawCurves({ input }: Interim): Promise<Html[]> {
  const drawn = input.datasets.map(async (dataset): Promise<Html[]> => {
    const drawing = validationCurves.draw(input, dataset);
    if (drawing === undefined) return [];
    const { svg } = await renderSvg(drawing.spec);
    return [html`<figure>${new Html(svg)}<figcaption>${drawing.title}. ${drawing.caption}</figcaption></figure>`];
  });
  return (await Promise.all(drawn)).flat();
}
