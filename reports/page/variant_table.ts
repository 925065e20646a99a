/** Of cells that differ in the layers frozen at test time or in the start of task-specific layers only: all of them, side by side. */
import type { CellRow } from "../rows/rows.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { tInterval } from "../statistics/interval.ts";
import { adaptationAxis } from "../view/adaptation.ts";
import { settingHeadings, settingKey, settingValues, varying } from "../view/settings.ts";
import { comparable, shown } from "../view/select.ts";
import { format, table } from "./tables.ts";

/** A row per algorithm, setting, sharing depth, shots and variant, a column per way to adapt; undefined where nothing has variants. */
export function variantTable(input: ReportInput, dataset: DataSetDescription): Html | undefined {
  const { name, title, metric } = dataset;
  const own = input.cells.filter((row) => row.dataset === name && comparable(row) !== null);
  const place = (row: CellRow) =>
    JSON.stringify([settingKey(row), row.algorithm, row.adapter, row.shots, row.sharingDepth]);
  const variant = ({ adaptDepth, taskStart }: CellRow) => JSON.stringify([adaptDepth, taskStart]);
  const families = [...Map.groupBy(own, place).values()].filter((rows) => new Set(rows.map(variant)).size > 1);
  if (families.length === 0) return undefined;
  const adaptations = adaptationAxis(input, families.flat());
  const settings = varying(dataset);
  const rows = families.flatMap((family) =>
    [...Map.groupBy(family, variant).values()].map((group) => {
      const [first] = group;
      const { algorithm, shots, sharingDepth, adaptDepth, taskStart } = first;
      return [
        titleOf(input.algorithms, algorithm),
        ...settingValues(settings, first),
        shots,
        sharingDepth ?? "–",
        adaptDepth ?? "–",
        taskStart ?? "–",
        ...adaptations.labels.map((label) =>
          scoreCell(group.filter((row) => adaptations.labelOf(row) === label), metric)
        ),
      ];
    })
  );
  return html`
    <h3>${title}: what is adapted, and from where</h3>
    ${table(
      [
        ["algorithm"],
        ...settingHeadings(settings).map((heading) => [heading] as const),
        ["shots", "number"],
        ["sharing depth", "number"],
        ["frozen layers", "number"],
        ["start"],
        ...adaptations.labels.map((label) => [adaptations.headingOf(label), "number"] as const),
      ],
      rows,
      "The same trainings, adapted with other numbers of leading layers frozen at test time, or other starts of their task-specific layers. The figures show the first of each. Mean over seeds and, from two seeds on, its 95 % t interval.",
    )}
  `;
}

function scoreCell(rows: readonly CellRow[], metric: DataSetDescription["metric"]): string | Html {
  const interval = tInterval(rows.map((row) => comparable(row) ?? 0));
  if (interval === undefined) return "";
  const { mean, low, high } = interval;
  if (metric === "accuracy") return `${mean.toFixed(1)}${high === null ? "" : ` ± ${(high - mean).toFixed(1)}`}`;
  const bounds = low === null || high === null
    ? undefined
    : html`<small>${format(Math.exp(low))} to ${format(Math.exp(high))}</small>`;
  return html`${format(shown(metric, mean))}${bounds}`;
}
