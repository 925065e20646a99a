/** How far probabilities can be believed. */
import { adaptedText } from "../view/adaptation.ts";
import { type Html, html } from "../view/html.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { primaryRows, scorePoints } from "../view/select.ts";
import { settingHeadings, settingValues, varying } from "../view/settings.ts";
import { tInterval } from "../statistics/interval.ts";
import type { CellRow } from "../rows/rows.ts";
import { table } from "./tables.ts";

/** A row per point of a classification whose adapter gives probabilities; nothing elsewhere. */
export function calibrationTable(input: ReportInput, dataset: DataSetDescription): Html {
  const own = primaryRows(input.cells, dataset.name).filter(({ ece }) => ece !== null);
  if (own.length === 0) return html``;
  const settings = varying(dataset);
  const rows = scorePoints(own).map((point) => [
    titleOf(input.algorithms, point.algorithm),
    ...settingValues(settings, point),
    adaptedText(input, point),
    point.sharingDepth ?? "–",
    point.shots,
    point.interval.mean.toFixed(1),
    over(point.rows, ({ nll }) => nll, 1, 3),
    over(point.rows, ({ ece }) => ece, 100, 1),
  ]);
  return html`
    <h3>${dataset.title}: calibration</h3>
    ${table(
      [
        ["algorithm"],
        ...settingHeadings(settings).map((heading) => [heading] as const),
        ["adapted by"],
        ["sharing depth", "number"],
        ["shots", "number"],
        ["accuracy %", "number"],
        ["NLL", "number"],
        ["ECE %", "number"],
      ],
      rows,
      "Negative log-likelihood of the true class, and expected calibration error in 15 bins of equal width (Guo et al. 2017), over all queries of the test episodes: mean over seeds and, from two seeds on, its 95 % t interval. Guessing among N classes has ln N and 0. Adapters whose outputs are no logits have none. Also in cells.csv; the bins are in calibration.csv.",
    )}
  `;
}

function over(rows: readonly CellRow[], value: (row: CellRow) => number | null, scale: number, digits: number): string {
  const interval = tInterval(rows.flatMap((row) => value(row) ?? []).map((own) => scale * own));
  if (interval === undefined) return "–";
  const { mean, high } = interval;
  return `${mean.toFixed(digits)}${high === null ? "" : ` ± ${(high - mean).toFixed(digits)}`}`;
}
