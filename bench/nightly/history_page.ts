/** The nights as a page: the answer night by night, baselines marked, what got worse with the commit it came with. One file that works offline. */
import { STYLE } from "../../reports/page/style.ts";
import { Html, html } from "../../reports/view/html.ts";
import { commitLabel, type Entry, type VerdictSummary } from "./entry.ts";
import type { Baseline } from "./history.ts";
import { headline, type Outcome } from "./summary.ts";
import { describeVerdict } from "./verdict_changes.ts";

/** Nights shown, the latest first. */
const NIGHTS = 120;

/** One night with what it was compared with. */
export interface Told {
  readonly entry: Entry;
  readonly outcome: Outcome;
}

/** Words of verdicts, and the class of the page's tiles that has their colour. */
const WORDS: Readonly<Record<string, string>> = {
  equivalent: "equivalent",
  "a-better": "first better",
  "b-better": "second better",
  "large-not-established": "large, not established",
  undecided: "undecided",
  none: "no verdict",
};

/**
 * The page.
 *
 * @param nights the oldest first
 * @param chart of the nights, SVG; undefined without a complete one
 */
export function historyPage(
  nights: readonly Told[],
  baselines: readonly Baseline[],
  chart: string | undefined,
): string {
  const shown = nights.slice(-NIGHTS).toReversed();
  const accepted = new Map(baselines.map((baseline) => [baseline.entry.run, baseline.accepted.slice(0, 10)]));
  const latest = shown.find(({ entry: { verdicts } }) => (verdicts ?? []).length > 0)?.entry;
  const regressed = shown.filter(({ outcome }) =>
    outcome.kind === "compared" && outcome.comparison.regressions.length > 0
  );
  const { sweep } = nights[nights.length - 1].entry.identity;
  return `<!doctype html>\n${
    html`
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Nights of ${sweep}</title>
          <style>${new Html(`${STYLE}\n${OWN}`)}</style>
        </head>
        <body>
          <main class="page">
      <p class="eyebrow">bridgebench, night by night</p>
      <h1>Nights of ${sweep}</h1>
      <p>${shown.length} of ${nights.length} nights, the latest first. Accepted baselines are marked.</p>
      ${latest === undefined ? undefined : answers(latest, shown)}
      <h2>What got worse</h2>
      ${regressed.length === 0
        ? html`<p>Nothing, in any night shown that could be compared.</p>`
        : regressed.map(({ entry, outcome }) => regressions(entry, outcome))}
      <h2>All nights</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="All nights"><table>
      <thead><tr><th>night</th><th>commit</th><th>what came of it</th><th>baseline</th><th>machine</th></tr></thead>
      <tbody>${shown.map(({ entry, outcome }) =>
        html`
          <tr>
            <td>${entry.run}</td>
            <td><code>${commitLabel(entry)}</code></td>
            <td>${headline(entry, outcome)}</td>
            <td>${accepted.has(entry.run) ? html`accepted ${accepted.get(entry.run)}` : ""}</td>
            <td>${entry.identity.machine.cpu ?? "unknown processor"}, ${entry.identity.backend}</td>
          </tr>
        `
      )}</tbody>
      </table></div>
      ${chart === undefined ? undefined : html`
        <h2>Scores, speed and operations</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Chart of the nights">${new Html(chart)}</div>
      `}
          </main>
        </body>
      </html>
    `.text
  }\n`;
}

/** The comparisons of the first family of the latest night, each with what every night shown said. */
function answers(latest: Entry, shown: readonly Told[]): Html {
  const [first] = latest.verdicts ?? [];
  const own = (latest.verdicts ?? []).filter(({ key }) => key.family === first.key.family);
  const said = (entry: Entry, subject: string) =>
    (entry.verdicts ?? []).find((other) => describeVerdict(other) === subject)?.verdict;
  return html`
    <h2>The answer, night by night</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="The answer, night by night">
      <table>
        <thead>
          <tr><th>comparison</th>${shown.map(({ entry }) => html`<th>${entry.run}</th>`)}</tr>
        </thead>
        <tbody>${own.map((verdict: VerdictSummary) => {
          const subject = describeVerdict(verdict);
          return html`<tr><th scope="row">${shortly(verdict)}</th>${
            shown.map(({ entry }) => {
              const answer = said(entry, subject) ?? "none";
              const known = Object.hasOwn(WORDS, answer) ? answer : "none";
              return html`<td><span class="badge v-${known}">${WORDS[known]}</span></td>`;
            })
          }</tr>`;
        })}</tbody>
      </table>
    </div>
  `;
}

/** A comparison in few words: "sinusoid, 5 shots: mtl against maml". */
function shortly({ key }: VerdictSummary): string {
  const norm = key.a_norm === undefined || key.a_norm === "none" || key.a_norm === "" ? "" : `, norm ${key.a_norm}`;
  const shots = key.a_shots === "1" ? "1 shot" : `${key.a_shots} shots`;
  return `${key.dataset}, ${shots}${norm}: ${key.a_algorithm} against ${key.b_algorithm}`;
}

function regressions(entry: Entry, outcome: Outcome): Html {
  if (outcome.kind !== "compared") return new Html("");
  const { comparison: { regressions: found }, baseline } = outcome;
  return html`<h3>${entry.run}, commit <code>${commitLabel(entry)}</code></h3>
<p>Against ${baseline.entry.run} (<code>${commitLabel(baseline.entry)}</code>).</p>
<ul>${
    found.slice(0, 20).map(({ kind, subject, before, after, by }) =>
      html`<li>${kind}: ${subject}: ${before}, now ${after}${by === "" ? "" : ` (${by})`}</li>`
    )
  }</ul>
${found.length > 20 ? html`<p>and ${found.length - 20} more</p>` : undefined}`;
}

const OWN = `
.scroll { overflow-x: auto; max-width: 100%; }
.scroll table { border-collapse: collapse; font-size: .9rem; }
.scroll th, .scroll td { padding: .3rem .7rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.scroll td, .scroll thead th { white-space: nowrap; }
`;
