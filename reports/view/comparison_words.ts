/** What the page and its figures say about verdicts: which ones they are about, and numbers in words. */
import type { JudgedPair } from "../statistics/verdicts_csv.ts";
import type { Answer, Verdict } from "../statistics/judge.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import { titleOf } from "./input.ts";
import type { ReportInput } from "./input.ts";
import { VERDICTS } from "./palette.ts";
import { plural, stepsLabel } from "./select.ts";

/** Verdicts in the order they are counted and explained. */
export const ANSWERS = Object.keys(VERDICTS) as readonly Answer[];

/** Of each verdict, how many there are. */
export type Counts = Readonly<Record<Answer, number>>;

export function countAnswers(judged: readonly JudgedPair[]): Counts {
  const counts = { equivalent: 0, "mtl-better": 0, "meta-better": 0, inconclusive: 0, none: 0 };
  for (const { verdict } of judged) counts[verdict.verdict]++;
  return counts;
}

/** The meta-learners that something is compared with, in the sweep's order. */
export function comparedMetas({ algorithms, verdicts }: ReportInput, dataset?: string): string[] {
  const found = new Set(
    verdicts.filter(({ key }) => dataset === undefined || key.dataset === dataset).map(({ key }) => key.meta.algorithm),
  );
  const known = algorithms.map(({ name }) => name).filter((name) => found.has(name));
  return [...known, ...[...found].filter((name) => !known.includes(name))];
}

/** The native comparisons of a data set with its first meta-learner, by shots: what the answer rests on. */
export function headline(input: ReportInput, dataset: string): JudgedPair[] {
  const [first] = comparedMetas(input, dataset);
  return input.verdicts.filter(({ key }) =>
    key.dataset === dataset && key.comparison === "native" && key.meta.algorithm === first
  ).toSorted((a, b) => a.key.shots - b.key.shots);
}

/** Matched comparisons of a data set with one meta-learner; of each cell's variants (task start, adaptation depth) the first. */
export function matchedPairs({ verdicts }: ReportInput, dataset: string, meta: string): JudgedPair[] {
  const own = verdicts.filter(({ key }) =>
    key.dataset === dataset && key.comparison === "matched" && key.meta.algorithm === meta
  );
  const seen = new Set<string>();
  return own.filter(({ key: { shots, mtl } }) => {
    const cell = JSON.stringify([shots, mtl.adapter, mtl.innerSteps, mtl.sharingDepth]);
    return seen.has(cell) ? false : seen.add(cell);
  });
}

/** "equivalent", "MTL better", "MAML better", ... */
export function answerWords(answer: Answer, mtl: string, meta: string): string {
  return {
    equivalent: "equivalent",
    "mtl-better": `${mtl} better`,
    "meta-better": `${meta} better`,
    inconclusive: "inconclusive",
    none: "no verdict",
  }[answer];
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

/** "5 shots, 10 steps, d = 2": where a comparison stands, both sides where they differ. */
export function placeText({ key: { shots, mtl, meta } }: JudgedPair): string {
  const steps = (place: typeof mtl) => {
    const label = stepsLabel(place);
    return place.innerSteps === null ? label : plural(label, "step");
  };
  const both = (a: string, b: string) => a === b ? a : `${a} vs ${b}`;
  const depth = (place: typeof mtl) => String(place.sharingDepth ?? "none");
  const frozen = (place: typeof mtl) =>
    place.adaptDepth === null || place.adaptDepth === place.sharingDepth ? "" : ` (adapted beyond ${place.adaptDepth})`;
  const start = mtl.taskStart === null || mtl.taskStart === "mean" ? "" : `, ${mtl.taskStart} start`;
  return `${plural(shots, "shot")}, ${both(steps(mtl), steps(meta))}, d = ${
    both(depth(mtl) + frozen(mtl), depth(meta) + frozen(meta))
  }${start}`;
}

/** What a hover shows of a comparison; the keys are the labels. */
export function hoverFields(input: ReportInput, judged: JudgedPair): Record<string, string> {
  const { key: { metric, mtl, meta }, verdict } = judged;
  const [a, b] = [mtl, meta].map(({ algorithm }) => titleOf(input.algorithms, algorithm));
  const needs = verdict.needs?.words ?? verdict.reason;
  return {
    comparison: `${a} vs ${b}, ${judged.key.comparison}: ${placeText(judged)}`,
    verdict: answerWords(verdict.verdict, a, b),
    difference: metric === "mse"
      ? `MSE ${differenceText(metric, verdict.diff)}`
      : `${differenceText(metric, verdict.diff)} points`,
    "95 %": intervalText(metric, verdict.lo95, verdict.hi95),
    "90 %": intervalText(metric, verdict.lo90, verdict.hi90),
    margin: marginText(metric, verdict.margin),
    "p (Holm)": pText(verdict.pHolm),
    n: nText(verdict),
    needs: needs === "" ? "–" : needs,
    flags: verdict.flags.length === 0 ? "–" : verdict.flags.join("; "),
  };
}

/** Tooltip channel for `hoverFields`. */
export const HOVER = [
  "comparison",
  "verdict",
  "difference",
  "95 %",
  "90 %",
  "margin",
  "p (Holm)",
  "n",
  "needs",
  "flags",
]
  .map((field) => ({ field, type: "nominal" as const }));

function ratioText(ratio: number): string {
  if (ratio >= 1e4 || ratio < 1e-3) return ratio.toExponential(1);
  return ratio.toFixed(Math.max(0, 2 - Math.floor(Math.log10(ratio))));
}
