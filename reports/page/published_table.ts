/** Published numbers beside ours: on the page, and as a table for a paper. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { PublishedRow } from "../rows/rows.ts";
import { type Html, html } from "../view/html.ts";
import { type ReportInput, titleOf } from "../view/input.ts";
import { plural } from "../view/select.ts";
import { duration, format, table } from "./tables.ts";

/** What tables of published numbers say below, beside what a row says. */
export const READING =
  "Published: with half of the published interval, where one is given. Ours: mean over seeds with the half-width of its 95 % t interval. Reached: ours is no worse than the " +
  "published number or its interval; open: it is worse, but its own interval reaches as far.";

/** A score in the unit that is read: percent, or MSE. */
function scoreText(metric: Metric | null, score: number, half: number | null): string {
  const text = (value: number) => metric === "accuracy" ? (100 * value).toFixed(1) : format(value);
  return half === null ? text(score) : `${text(score)} ± ${text(half)}`;
}

/** What was published. */
export function publishedText({ metric, published, publishedError }: PublishedRow): string {
  return scoreText(metric, published, publishedError);
}

/** What came out here. */
export function oursText({ metric, mean, hi95 }: PublishedRow): string {
  return mean === null ? "–" : scoreText(metric, mean, hi95 === null ? null : hi95 - mean);
}

/** Where it is scored: "5-shot, 1 step". */
export function placeText({ shots, innerSteps }: PublishedRow): string {
  return `${shots}-shot${innerSteps === null ? "" : `, ${plural(innerSteps, "step")}`}`;
}

/** "12,000 of 60,000" */
export function iterationsText({ iterations, publishedIterations }: PublishedRow): string {
  const text = (value: number | null) => value === null ? "?" : value.toLocaleString("en");
  if (iterations === publishedIterations) return text(iterations);
  return `${iterations === null ? "–" : text(iterations)} of ${text(publishedIterations)}`;
}

/** The section of the page; nothing where the sweep names no published numbers. */
export function publishedSection({ published = [], datasets, algorithms }: ReportInput): Html {
  if (published.length === 0) return html``;
  const rows = published.map((row) => [
    html`${row.outcome}`,
    html`${titleOf(algorithms, row.algorithm)}<small>${
      datasets.find(({ name }) => name === row.dataset)?.title ?? row.dataset
    }, ${placeText(row)}</small>`,
    publishedText(row),
    oursText(row),
    `${row.seeds}`,
    iterationsText(row),
    row.trainS === null ? "–" : duration(row.trainS),
    html`${row.source}<small>${row.differs}</small>`,
  ]);
  return html`
    <h2 id="published">Published numbers</h2>
    ${table(
      [
        ["outcome"],
        ["method", "name"],
        ["published", "number"],
        ["ours", "number"],
        ["seeds", "number"],
        ["iterations", "number"],
        ["training", "number"],
        ["source, and what differs", "wide"],
      ],
      rows,
      `${READING} Accuracy in %, or mean MSE. Also in published.csv.`,
    )}
  `;
}
