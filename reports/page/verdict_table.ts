/** Every comparison with its numbers. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { badge } from "./answer.ts";
import { titlesOf } from "../view/compared.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { table } from "./tables.ts";
import { ANSWERS } from "../view/answers.ts";
import {
  differenceText,
  hoverFields,
  levelText,
  marginText,
  nText,
  placeText,
  pText,
  tailText,
} from "../view/comparison_words.ts";

/** More rows would make the page too large to open at once. */
const MAX_VERDICTS = 1_000;

/** Comparisons that go into the page, in their order: all, or of a large run those of the first families as far as there is room. */
export function verdictsShown(
  { families, verdicts }: Pick<ReportInput, "families" | "verdicts">,
): readonly JudgedPair[] {
  if (verdicts.length <= MAX_VERDICTS) return verdicts;
  const ordered = families.flatMap(({ name }) => verdicts.filter(({ key }) => key.family === name));
  const kept = new Set(ordered.slice(0, MAX_VERDICTS));
  return verdicts.filter((judged) => kept.has(judged));
}

/** A row per comparison, in the order of verdicts.csv. */
export function verdictTable(input: ReportInput): Html {
  if (input.verdicts.length === 0) return html`<p class="quiet">This run compares nothing.</p>`;
  const chosen = verdictsShown(input);
  const rows = chosen.map((judged) => {
    const { key: { dataset, metric, comparison, family }, verdict } = judged;
    const { a, b } = titlesOf(input, judged.key);
    const { needs, beware } = hoverFields(input, judged);
    return [
      input.datasets.find(({ name }) => name === dataset)?.title ?? dataset,
      html`${a} against ${b}<small>${comparison}</small>`,
      family,
      placeText(input, judged),
      by(ANSWERS.indexOf(verdict.verdict), badge(judged, input)),
      by(verdict.diff, differenceText(metric, verdict.diff)),
      by(verdict.lo, levelText(metric, verdict)),
      by(verdict.diffMean, tailText(verdict)),
      by(verdict.margin, marginText(metric, verdict.margin)),
      by(verdict.pAdjusted, pText(verdict.pAdjusted)),
      by(verdict.effectSize, verdict.effectSize === null ? "–" : verdict.effectSize.toFixed(2)),
      by(verdict.nSeeds, nText(verdict)),
      html`<small>${needs}</small>`,
      html`<small>${beware}</small>`,
    ];
  });
  return table(
    [
      ["data set"],
      ["comparison", "name"],
      ["family"],
      ["where", "name"],
      ["verdict"],
      ["difference", "number"],
      ["interval", "number"],
      ["mean MSE", "number"],
      ["margin", "number"],
      ["p (adjusted)", "number"],
      ["effect size", "number"],
      ["n", "number"],
      ["needs", "wide"],
      ["beware", "wide"],
    ],
    rows,
    (chosen.length === input.verdicts.length
      ? ""
      : `Of ${input.verdicts.length} comparisons, ${chosen.length} are here, those of the first families first; all are in verdicts.csv. `) +
      "Difference: percentage points of accuracy, the first side minus the second, or the ratio of MSEs of the typical episode, the first to the second; mean MSE: the ratio of means, which the worst episodes rule. The intervals are those that the verdicts are read from, each at the level beside it. p (adjusted) is the smallest error rate of the family at which the comparison would be decided. All numbers, unrounded, are in verdicts.csv; in print a long table is without its last columns, which are there as well.",
  );
}

/** Content with the number that it sorts by; unknown ones come last either way. */
function by(value: number | null, content: string | Html): Html {
  return html`<span data-sort="${value === null ? "" : String(value)}">${content}</span>`;
}
