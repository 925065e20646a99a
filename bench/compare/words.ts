/** What a comparison of two runs found, in words: for the terminal and the page. */
import { differenceText, intervalText } from "../../reports/view/comparison_words.ts";
import { settingText, varyingAmong } from "../../reports/rows/setting.ts";
import type { ComparedCells } from "./cells.ts";
import type { Difference } from "./differences.ts";
import type { DifferenceRow } from "./row.ts";

/** What each verdict is called here. */
export const WORDS: Readonly<Record<DifferenceRow["verdict"], string>> = {
  "a-better": "A better",
  "b-better": "B better",
  equivalent: "equivalent",
  "large-not-established": "large, not established",
  undecided: "undecided",
  none: "not tested",
};

/** In the order in which a reader wants them. */
export const ORDER: readonly DifferenceRow["verdict"][] = [
  "a-better",
  "b-better",
  "large-not-established",
  "undecided",
  "equivalent",
  "none",
];

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** What a row is about: "sinusoid, maml, d = 0, 5 shots, gradient, 10 steps". */
export function placeWords(row: DifferenceRow, all: readonly DifferenceRow[]): string {
  const { dataset, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart } = row;
  const settings = varyingAmong(all.filter((other) => other.dataset === dataset));
  return [
    ...[dataset, algorithm],
    ...(sharingDepth === null ? [] : [`d = ${sharingDepth}`]),
    ...[plural(shots, "shot"), innerSteps === null ? adapter : `${plural(innerSteps, "step")} of ${adapter}`],
    ...(adaptDepth === null || adaptDepth === sharingDepth ? [] : [`adapted beyond ${adaptDepth}`]),
    ...(taskStart === null || taskStart === "mean" ? [] : [`${taskStart} start`]),
    ...settings.map((field) => settingText(field, row)),
  ].join(", ");
}

/** "MSE ×0.87 (×0.80 to ×0.94)", or points of accuracy. */
export function numbers({ metric, diff, lo, hi }: DifferenceRow): string {
  if (diff === null) return "–";
  const text = metric === "mse" ? `MSE ${differenceText(metric, diff)}` : `${differenceText(metric, diff)} points`;
  return lo === null ? text : `${text} (${intervalText(metric, lo, hi)})`;
}

/** Rows that are not the same, what was decided first. */
export function changed({ rows }: ComparedCells): DifferenceRow[] {
  const rank = ({ verdict }: DifferenceRow) => ORDER.indexOf(verdict);
  return rows.filter(({ identical }) => identical === "no").sort((a, b) =>
    rank(a) - rank(b) || (a.pAdjusted ?? 2) - (b.pAdjusted ?? 2)
  );
}

/** "12 A better, 3 undecided" */
export function countWords(rows: readonly DifferenceRow[]): string {
  const counts = Map.groupBy(rows, ({ verdict }) => verdict);
  return ORDER.flatMap((verdict) => {
    const group = counts.get(verdict);
    return group === undefined ? [] : [`${group.length} ${WORDS[verdict]}`];
  }).join(", ");
}

/** How many cells are in both, and what became of them. */
export function cellWords(compared: ComparedCells): string[] {
  const { rows, onlyA, onlyB, incomparable } = compared;
  const others = changed(compared);
  const only = [[onlyA, "A"], [onlyB, "B"]].flatMap(([n, run]) => n === 0 ? [] : [`${n} only in ${run}`]);
  const untested = [...new Set(others.filter(({ verdict }) => verdict === "none").map(({ needs }) => needs))];
  return [
    `${plural(rows.length, "cell")} in both${only.map((text) => `, ${text}`).join("")}: ` +
    `${rows.length - others.length} the same to the last bit, ${others.length} not`,
    ...[...incomparable].map(([name, reason]) => `${name} is not compared: ${reason}`),
    ...(others.length === 0 ? [] : [`Of those that are not the same: ${countWords(others)}`]),
    ...untested.map((reason) => `Not tested: ${reason}`),
  ];
}

/** What the runs were made with, part by part: "sweep: 2 differences", or "the same". */
export function madeWith(found: readonly Difference[]): string[] {
  return ["sweep", "code", "data", "backend", "versions"].map((about) => {
    const own = found.filter((difference) => difference.about === about);
    return `${about}: ${own.length === 0 ? "the same" : plural(own.length, "difference")}`;
  });
}
