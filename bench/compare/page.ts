/** A page about two runs side by side: one file that works offline, without scripts. */
import { createHash } from "node:crypto";
import { Html, html } from "../../reports/view/html.ts";
import { LABELLED_TABLE_STYLE, labelledTable } from "../../reports/view/labelled_table.ts";
import { cssColours, THEMES } from "../../reports/view/palette.ts";
import { signed } from "../../reports/view/signed.ts";
import type { Manifest } from "../run/manifest.ts";
import type { ComparedCells } from "./cells.ts";
import type { Difference } from "./differences.ts";
import type { DifferenceRow } from "./row.ts";
import { cellWords, changed, madeWith, numbers, placeWords, WORDS } from "./words.ts";

/** What the page is about. */
export interface Compared {
  /** What the runs are called: the last parts of their paths. */
  readonly names: { readonly a: string; readonly b: string };
  readonly manifests: { readonly a: Manifest; readonly b: Manifest };
  readonly differences: readonly Difference[];
  readonly cells: ComparedCells;
}

/** Rows of the table; the others are in the CSV file. */
const MAX_ROWS = 500;

const { light, dark } = THEMES;
const STYLE = `
:root { color-scheme: light dark; --ink: ${light.ink}; --quiet: ${light.quiet}; --line: ${light.line}; --paper: ${light.paper}; ${
  cssColours(light)
} }
@media (prefers-color-scheme: dark) { :root { --ink: ${dark.ink}; --quiet: ${dark.quiet}; --line: ${dark.line}; --paper: ${dark.paper}; ${
  cssColours(dark)
} } }
* { box-sizing: border-box; }
body { max-width: 76rem; margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2rem; font-size: 1.2rem; }
small { color: var(--quiet); }
.chip { padding: 0 .4rem; border-radius: .3rem; white-space: nowrap; }
${
  Object.keys(light.verdicts).map((name) => `.v-${name} { background: var(--v-${name}); color: var(--v-${name}-ink); }`)
    .join("\n")
}
${LABELLED_TABLE_STYLE}`;

/** The document. The same results give the same bytes. */
export function comparisonPage({ names, manifests, differences, cells }: Compared): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
  const rows = changed(cells);
  const document = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${names.a} and ${names.b} – bridgebench</title>
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>${names.a} and ${names.b}</h1>
          ${(["a", "b"] as const).map((run) => runWords(run, names[run], manifests[run]))}
          <h2>Scores</h2>
          <ul>${cellWords(cells).map((line) => html`<li>${line}</li>`)}</ul>
          <p><small>Differences are A - B on the same seeds and test episodes. Verdicts are those of reports, corrected for the number of cells as a report's matched grid is (few of the claims that are made are false); n is seeds × episodes. All cells are in differences.csv.</small></p>
          ${rows.length === 0 ? undefined : cellTable(rows, cells.rows)}
          ${rows.length > MAX_ROWS ? html`<p>${rows.length - MAX_ROWS} more are in differences.csv.</p>` : undefined}
          <h2>What they were made with</h2>
          <ul>${madeWith(differences).map((line) => html`<li>${line}</li>`)}</ul>
          ${differences.length === 0 ? undefined : differenceTable(differences)}
        </main>
      </body>
    </html>
  `;
  return document.text.trim() + "\n";
}

function runWords(run: "a" | "b", name: string, { sweep, created, git, backend }: Manifest): Html {
  const commit = git === null ? "no checkout" : `commit ${git.commit.slice(0, 12)}${git.dirty ? " with changes" : ""}`;
  return html`<p><b>${run.toUpperCase()}</b> ${name}: “${sweep.title}”, ${created}, ${commit}, ${backend.name}</p>`;
}

function cellTable(rows: readonly DifferenceRow[], all: readonly DifferenceRow[]): Html {
  return labelledTable(
    [
      "cell",
      { heading: "A", kind: "number" },
      { heading: "B", kind: "number" },
      "A - B",
      { heading: "verdict", kind: "words" },
      { heading: "n", kind: "number" },
      { heading: "beware", kind: "words" },
    ],
    rows.slice(0, MAX_ROWS).map((row) => [
      placeWords(row, all),
      mean(row, row.aMean),
      mean(row, row.bMean),
      numbers(row),
      html`<span class="chip v-${row.verdict}">${WORDS[row.verdict]}</span> <small>${row.needs}</small>`,
      `${row.nSeeds} × ${row.nEpisodes}`,
      html`<small>${row.flags}</small>`,
    ]),
  );
}

function mean({ metric }: DifferenceRow, value: number | null): string {
  if (value === null) return "–";
  return metric === "mse" ? value.toPrecision(3) : `${signed(value, 1).replace("+", "")} %`;
}

function differenceTable(differences: readonly Difference[]): Html {
  return labelledTable(
    ["what", "A", "B"],
    differences.map(({ about, place, a, b }) => [place === "" ? about : `${about}: ${place}`, a, b]),
  );
}
