/** What the page and its figures say about verdicts, in words. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import type { Answer } from "../../common/vocabulary.ts";
import type { Verdict } from "../statistics/judge.ts";
import { metricsWords } from "../statistics/readings.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import type { SettingField } from "../rows/setting.ts";
import { PLACE_FIELDS } from "../rows/place.ts";
import { adaptedText } from "./adaptation.ts";
import { fieldText, type Titles, titlesOf, TOLD } from "./compared.ts";
import { answerWords } from "./answers.ts";
import { flagWords } from "./flag_words.ts";
import type { ReportInput } from "./input.ts";
import { varying } from "./settings.ts";
import { plural } from "./select.ts";

/** Of each verdict, how many there are. */
export type Counts = Readonly<Record<Answer, number>>;

export function countAnswers(judged: readonly JudgedPair[]): Counts {
  const counts = {
    ...{ equivalent: 0, "a-better": 0, "b-better": 0 },
    ...{ "large-not-established": 0, undecided: 0, none: 0 },
  };
  for (const { verdict } of judged) counts[verdict.verdict]++;
  return counts;
}

/** How a sentence about the family of a verdict begins: "at matched settings". */
export function familyWords({ families }: Pick<ReportInput, "families">, { key }: Pick<JudgedPair, "key">): string {
  return families.find(({ name }) => name === key.family)?.words ?? key.family;
}

/** What is said of one verdict: the answer, and where the two metrics of a regression do not say the same, what each says. */
export function verdictWords({ verdict, typical, tail }: Verdict, titles: Titles): string {
  const metrics = metricsWords(typical, tail, titles);
  const answer = answerWords(verdict, titles);
  return metrics === "" ? answer : `${answer}: ${metrics}`;
}

/** A difference as its readers know it: "+1.2" percentage points, or a ratio of MSEs: "×0.87". */
export function differenceText(metric: Metric, value: number | null): string {
  if (value === null) return "–";
  if (metric === "mse") return `×${ratioText(Math.exp(value))}`;
  const text = Math.abs(value).toFixed(2);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** "+0.1 to +2.3", "–" where there is no interval. */
export function intervalText(metric: Metric, low: number | null, high: number | null): string {
  return low === null || high === null ? "–" : `${differenceText(metric, low)} to ${differenceText(metric, high)}`;
}

/** The interval that a verdict is read from with its level: "×0.8 to ×1.3 (99 %)". */
export function levelText(metric: Metric, { lo, hi, level }: Pick<Verdict, "lo" | "hi" | "level">): string {
  return level === null ? "–" : `${intervalText(metric, lo, hi)} (${percentText(level)})`;
}

/** Of a regression, the ratio of mean MSEs with its interval: "×0.9, ×0.7 to ×1.2"; "–" elsewhere. */
export function tailText({ diffMean, loMean, hiMean }: Pick<Verdict, "diffMean" | "loMean" | "hiMean">): string {
  return diffMean === null ? "–" : `${differenceText("mse", diffMean)}, ${intervalText("mse", loMean, hiMean)}`;
}

/** "95 %", "99.67 %" */
export function percentText(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** "±1 points", "within a factor 1.1" */
export function marginText(metric: Metric, margin: number): string {
  return metric === "mse" ? `factor ${ratioText(Math.exp(margin))}` : `±${Number(margin.toPrecision(3))} points`;
}

export function nText({ nSeeds, nEpisodes }: Verdict): string {
  return `${plural(nSeeds, "seed")} × ${plural(nEpisodes, "episode")}`;
}

/** "0.031", "0.002", "< 0.001" */
export function pText(p: number | null): string {
  return p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** Whether another draw of the bootstrap could change the verdict. */
export function atBoundary({ flags }: Verdict): boolean {
  return flags.includes("boundary");
}

/**
 * "5 shots, 10 steps, d = 2": where a comparison stands, both sides where they differ; settings of training where the data set has several. A field that joins
 * the key of the cells is told too.
 */
export function placeText(
  input: Pick<ReportInput, "adapters" | "datasets">,
  { key: { dataset, a, b } }: Pick<JudgedPair, "key">,
): string {
  const both = (text: (place: typeof a) => string) => text(a) === text(b) ? text(a) : `${text(a)} vs ${text(b)}`;
  const frozen = ({ adaptDepth, sharingDepth }: typeof a) =>
    adaptDepth === null || adaptDepth === sharingDepth ? "" : ` (adapted beyond ${adaptDepth})`;
  const depth = (place: typeof a) => `${place.sharingDepth ?? "none"}${frozen(place)}`;
  const start = ({ taskStart }: typeof a) => taskStart === null || taskStart === "mean" ? "" : `, ${taskStart} start`;
  const starts = a.taskStart !== null && b.taskStart !== null ? both(start) : start(a) + start(b);
  const description = input.datasets.find(({ name }) => name === dataset);
  const settings: readonly SettingField[] = description === undefined ? [] : varying(description);
  const others = PLACE_FIELDS.filter((field) =>
    field === "norm" || field === "trainingTasks"
      ? settings.includes(field) || a[field] !== b[field]
      : !TOLD.includes(field)
  );
  return [
    both((place) => fieldText(input, "shots", place)),
    both((place) => adaptedText(input, place)),
    `d = ${both(depth)}`,
    ...others.map((field) => both((place) => fieldText(input, field, place))),
  ].join(", ") + starts;
}

/** What a hover shows of a comparison; the keys are the labels. */
export function hoverFields(input: ReportInput, judged: JudgedPair): Record<string, string> {
  const { key: { metric, family }, verdict } = judged;
  const titles = titlesOf(input, judged.key);
  const needs = verdict.needs?.words ?? verdict.reason;
  return {
    comparison: `${titles.a} vs ${titles.b}, ${family}: ${placeText(input, judged)}`,
    verdict: verdictWords(verdict, titles),
    difference: metric === "mse"
      ? `MSE ${differenceText(metric, verdict.diff)}`
      : `${differenceText(metric, verdict.diff)} points`,
    interval: levelText(metric, verdict),
    "mean MSE": tailText(verdict),
    margin: marginText(metric, verdict.margin),
    "p (adjusted)": pText(verdict.pAdjusted),
    n: nText(verdict),
    needs: needs === "" ? "–" : needs,
    beware: verdict.flags.length === 0 ? "–" : flagWords(input, judged).join("; "),
  };
}

/** Tooltip channel for `hoverFields`. */
export const HOVER = [
  "comparison",
  "verdict",
  "difference",
  "interval",
  "mean MSE",
  "margin",
  "p (adjusted)",
  "n",
  "needs",
  "beware",
]
  .map((field) => ({ field, type: "nominal" as const }));

function ratioText(ratio: number): string {
  if (ratio >= 1e4 || ratio < 1e-3) return ratio.toExponential(1);
  return ratio.toFixed(Math.max(0, 2 - Math.floor(Math.log10(ratio))));
}
