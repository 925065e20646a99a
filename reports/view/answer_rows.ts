/** What the first screen and the README's picture are made of: a row per data set and number of shots of the comparison that answers the question. */
import type { Answer, Reading } from "../../common/vocabulary.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import type { CostToTargetRow } from "../rows/rows.ts";
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { readOff } from "../statistics/readings.ts";
import { commonTitles, headline, type Titles, titlesOf } from "./compared.ts";
import { differenceText, intervalText } from "./comparison_words.ts";
import { costRatio, reachOf, timesText } from "./cost_ratio.ts";
import type { ReportInput } from "./input.ts";
import { plural } from "./select.ts";
import { settingLabel } from "./settings.ts";

/** One way to average, with the interval that the verdict is read from. */
export interface Measure {
  /** "typical task", "average" */
  readonly name: string;
  /** In the unit of the difference; towards side a is smaller here, whatever the metric. */
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** "0.12×", "+1.2 points" */
  readonly text: string;
  /** "0.06× to 0.22×"; "" where there is none. */
  readonly interval: string;
  /** What the interval says on its own. */
  readonly reading: Reading | "none";
}

/** One comparison of the answer. */
export interface AnswerRow {
  readonly pair: JudgedPair;
  /** Title of the data set. */
  readonly dataset: string;
  /** "5 shots", with settings of training where the data set has several. */
  readonly where: string;
  readonly metric: Metric;
  readonly titles: Titles;
  readonly answer: Answer;
  /** The verdict in plain words. */
  readonly chip: string;
  /** What the two ways to average say where it is not the same; "" elsewhere. */
  readonly note: string;
  /** The typical episode first, then, for squared errors, the mean; [] without scores. */
  readonly measures: readonly Measure[];
  /** In the unit of the difference. */
  readonly margin: number;
  /** "0.13×": operations of training side a relative to side b; "" where they are not known. */
  readonly cost: string;
  /** "0.04×", "not reached": what side a takes to reach the score that b ends with, relative to b; "" where it is not known. */
  readonly reach: string;
  /** The same of side b to reach what a ends with, relative to a. */
  readonly reachBack: string;
}

/** A row per comparison that the answer rests on, data set by data set. */
export function answerRows(input: ReportInput): AnswerRow[] {
  return input.datasets.flatMap((dataset) =>
    headline(input, dataset.name).map((pair): AnswerRow => {
      const { key: { a, metric }, verdict } = pair;
      const titles = titlesOf(input, pair.key);
      const setting = settingLabel(dataset, a);
      const reach = reachOf(input, pair);
      return {
        ...{ pair, dataset: dataset.title, metric, titles, answer: verdict.verdict, margin: verdict.margin },
        where: [plural(a.shots, "shot"), ...(setting === "" ? [] : [setting])].join(", "),
        chip: chipText(verdict.verdict, titles),
        note: noteText(pair, titles),
        measures: measuresOf(pair),
        cost: timesText([costRatio(input, pair).operations]),
        reach: reach === undefined ? "" : reachWord(reach.a),
        reachBack: reach === undefined ? "" : reachWord(reach.b),
      };
    })
  );
}

/** What the sides of all rows are called together. */
export function rowTitles(input: ReportInput, rows: readonly AnswerRow[]): Titles {
  return commonTitles(input, rows.map(({ pair }) => pair));
}

/** A title within a sentence: "Multi-task learning" begins small, "MAML" and "Reptile" do not. */
export function inSentence(title: string): string {
  return /^[A-Z][a-z]+[ -]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** A verdict on its own, for somebody who has never seen one. */
export function chipText(answer: Answer, { a, b }: Titles): string {
  return {
    equivalent: "Equally good",
    "a-better": `${a} better`,
    "b-better": `${b} better`,
    "large-not-established": "Large gap, not certain",
    undecided: "Undecided",
    none: "Too few seeds to say",
  }[answer];
}

function noteText({ verdict: { typical, tail, verdict } }: JudgedPair, { a, b }: Titles): string {
  if (typical === null || tail === null || typical === tail || verdict === "equivalent") return "";
  const words = (reading: Reading) =>
    ({
      equivalent: "equal",
      "a-better": `${inSentence(a)} better`,
      "b-better": `${inSentence(b)} better`,
      undecided: "open",
    })[
      reading
    ];
  return `typical task: ${words(typical)}; average: ${words(tail)}`;
}

function measuresOf({ key: { metric }, verdict }: JudgedPair): Measure[] {
  const { diff, lo, hi, diffMean, loMean, hiMean, margin } = verdict;
  // Smaller errors and higher accuracies are both drawn towards side a.
  const sign = metric === "mse" ? 1 : -1;
  const measure = (name: string, value: number, low: number | null, high: number | null): Measure => {
    const known = low !== null && high !== null;
    const ends = known ? [sign * low, sign * high].toSorted((x, y) => x - y) : [null, null];
    return {
      ...{ name, value: sign * value, low: ends[0], high: ends[1], text: valueText(metric, value) },
      interval: known ? intervalWords(metric, low, high) : "",
      reading: known ? readOff({ lo: low, hi: high }, margin, metric) : "none",
    };
  };
  return [
    ...(diff === null ? [] : [measure(metric === "mse" ? "typical task" : "average", diff, lo, hi)]),
    ...(diffMean === null ? [] : [measure("average", diffMean, loMean, hiMean)]),
  ];
}

/** "0.12×", "+1.20 points" */
function valueText(metric: Metric, value: number): string {
  const text = differenceText(metric, value);
  return metric === "mse" ? `${text.slice(1)}×` : `${text} points`;
}

function intervalWords(metric: Metric, low: number, high: number): string {
  if (metric === "accuracy") return intervalText(metric, low, high);
  return [low, high].map((end) => valueText(metric, end)).join(" to ");
}

function reachWord({ ratioMedian }: CostToTargetRow): string {
  return ratioMedian === null ? "not reached" : timesText([ratioMedian]);
}
