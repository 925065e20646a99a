/** How differently tasks move the weights of each algorithm on a data set. */
import type { DiversityRow } from "../rows/rows.ts";
import { tInterval } from "../statistics/interval.ts";
import { meanOf } from "../statistics/moments.ts";
import { type Html, html } from "../view/html.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { nativeAmong } from "../view/native_points.ts";
import { primaryRows, range } from "../view/select.ts";
import { settingHeadings, settingKey, settingValues, varying } from "../view/settings.ts";
import { table } from "./tables.ts";

/** A row per algorithm, setting and number of shots, at native depth after the most inner steps; undefined where nothing was measured. */
export function diversityTable(input: ReportInput, dataset: DataSetDescription): Html | undefined {
  const measured = primaryRows(input.diversity, dataset.name).filter(({ effectiveRank }) => effectiveRank !== null);
  const used = nativeAmong(input, dataset, measured);
  if (used.length === 0) return undefined;
  const settings = varying(dataset);
  const groups = Map.groupBy(used, (row) => JSON.stringify([settingKey(row), row.algorithm, row.shots]));
  const rows = [...groups.values()].map((group) => {
    const [{ algorithm, shots, innerSteps, sharingDepth, weights }] = group;
    return [
      titleOf(input.algorithms, algorithm),
      ...settingValues(settings, group[0]),
      shots,
      innerSteps ?? "–",
      sharingDepth ?? "–",
      weights,
      rankText(group),
      meanOf(group.map(({ largestShare }) => largestShare ?? 0)).toFixed(2),
    ];
  });
  return html`
    <h3>${dataset.title}: how differently tasks move the weights</h3>
    ${table(
      [
        ["algorithm"],
        ...settingHeadings(settings).map((heading) => [heading] as const),
        ["shots", "number"],
        ["inner steps", "number"],
        ["sharing depth", "number"],
        ["adapted weights", "number"],
        ["effective rank", "number"],
        ["share of the first direction", "number"],
      ],
      rows,
      `Of (adapted − initial) weights, a row for each of ${
        range(used.map(({ episodes }) => episodes))
      } test episodes: the exponential of the entropy of the squared singular values, 1 where all tasks move the weights along one line, k where along k directions alike. Mean over seeds and, from two seeds on, its 95 % t interval. All of it is in diversity.csv.`,
    )}
  `;
}

/** "3.2 ± 0.4" */
function rankText(group: readonly DiversityRow[]): string {
  const interval = tInterval(group.map(({ effectiveRank }) => effectiveRank ?? NaN));
  if (interval === undefined) return "";
  const { mean, high } = interval;
  return `${mean.toFixed(2)}${high === null ? "" : ` ± ${(high - mean).toFixed(2)}`}`;
}
