/** What needs no training, beside the scores of a data set. */
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { distinct, plural } from "../view/select.ts";
import { format, table } from "./tables.ts";

/** A row per reference, floors first, and a column per number of shots; nothing where the run has none. */
export function referenceTable({ references }: ReportInput, { name, title, metric }: DataSetDescription): Html {
  const own = references.filter(({ dataset }) => dataset === name);
  if (own.length === 0) return html``;
  const shots = distinct(own.map((row) => row.shots));
  const groups = [...Map.groupBy(own, ({ reference }) => reference).values()];
  const ordered = [
    ...groups.filter(([{ role }]) => role === "floor"),
    ...groups.filter(([{ role }]) => role !== "floor"),
  ];
  const rows = ordered.map((group) => [
    group[0].reference,
    group[0].title,
    group[0].role,
    ...shots.map((k) => scoreOf(group.find((row) => row.shots === k), metric)),
  ]);
  return html`
    <h3>${title}: what needs no training</h3>
    ${table(
      [["reference"], ["predicts", "wide"], ["role"], ...shots.map((k) => [plural(k, "shot"), "number"] as const)],
      rows,
      metric === "accuracy"
        ? "Accuracy in %: mean over the same test episodes. Also in references.csv."
        : "MSE: geometric mean over the same test episodes and, below, the plain mean. Also in references.csv.",
    )}
  `;
}

function scoreOf(row: ReportInput["references"][number] | undefined, metric: DataSetDescription["metric"]) {
  if (row === undefined || row.mean === null) return "–";
  if (metric === "accuracy") return (100 * row.mean).toFixed(1);
  return html`${row.meanLog === null ? "–" : format(Math.exp(row.meanLog))}<small>mean ${format(row.mean)}</small>`;
}
