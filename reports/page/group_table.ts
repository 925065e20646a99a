/** Which groups of classes or tasks decide the answer's differences on a data set. */
import { titlesOf } from "../view/compared.ts";
import { placeText } from "../view/comparison_words.ts";
import { extremes, type GroupDifference, groupDifferences, type GroupIndex } from "../view/groups.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { shown } from "../view/select.ts";
import { format, table } from "./tables.ts";

/** Groups at either end that are shown of each level. */
const EACH = 3;
/** Pairs of cells that are shown of a data set. */
const MOST_PAIRS = 8;

/** A row per comparison of the families that answer and group; nothing where the run has no groups. */
export function groupTable(input: ReportInput, index: GroupIndex, { name, title, metric }: DataSetDescription): Html {
  const answering = new Set(input.families.filter(({ purpose }) => purpose === "answer").map((family) => family.name));
  const pairs = input.verdicts.filter(({ key }) => key.dataset === name && answering.has(key.family));
  const shownPairs = pairs.slice(0, MOST_PAIRS);
  const rows = shownPairs.flatMap((pair) => {
    const { a, b } = titlesOf(input, pair.key);
    return extremes(groupDifferences(index, pair), EACH).map((own) => [
      `${a} against ${b}`,
      placeText(input, pair),
      own.level,
      own.group,
      own.count,
      scoreText(metric, own.a.mean),
      scoreText(metric, own.b.mean),
      differenceOf(metric, own.difference),
    ]);
  });
  if (rows.length === 0) return html``;
  const more = pairs.length > MOST_PAIRS ? ` The first ${MOST_PAIRS} of ${pairs.length} pairs of cells.` : "";
  return html`
    <h3>${title}: which groups decide</h3>
    ${table(
      [
        ["comparison", "name"],
        ["where", "line"],
        ["level"],
        ["group"],
        [metric === "accuracy" ? "queries" : "episodes", "number"],
        ["first", "number"],
        ["second", "number"],
        [metric === "accuracy" ? "difference" : "ratio", "number"],
      ],
      rows,
      `Exploratory: the ${EACH} groups of each level where the first side is highest against the second, and the ${EACH} where it is lowest, of those with at least half of what a group has on average. ${
        metric === "accuracy"
          ? "Accuracy in % on the queries of the group’s classes, and difference in percentage points"
          : "Geometric mean of the MSE on the group’s tasks, and ratio of the two"
      }: mean over seeds with the 95 % t interval over seeds of this one row, for these test episodes and not corrected for the choice among all groups.${more} All groups are in groups.csv.`,
    )}
  `;
}

function scoreText(metric: DataSetDescription["metric"], value: number): string {
  return metric === "accuracy" ? value.toFixed(1) : format(shown(metric, value));
}

function differenceOf(metric: DataSetDescription["metric"], { mean, low, high }: GroupDifference["difference"]): Html {
  const text = (value: number) =>
    metric === "mse"
      ? format(Math.exp(value))
      : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)}`;
  const bounds = low === null || high === null ? undefined : html`<small>${text(low)} to ${text(high)}</small>`;
  return html`<span data-sort="${String(mean)}">${text(mean)}${bounds}</span>`;
}
