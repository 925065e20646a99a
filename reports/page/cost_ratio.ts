/** What training multi-task learning costs relative to the meta-learner that it is compared with. */
import type { Place } from "../statistics/pairs.ts";
import type { JudgedPair } from "../statistics/verdicts_csv.ts";
import type { CellRow, CostToTargetRow } from "../rows/rows.ts";
import { titleOf } from "../view/input.ts";
import type { ReportInput } from "../view/input.ts";
import { distinct, list } from "../view/select.ts";
import { headline } from "../view/comparison_words.ts";

/** Ratios of one training of each side, MTL to the other: geometric means over seeds; null where something is not known. */
export interface CostRatio {
  readonly operations: number | null;
  readonly gradients: number | null;
  /** As observed on the machine of the run. */
  readonly seconds: number | null;
}

/** The cost ratio of one comparison. */
export function costRatio({ cells, timings }: ReportInput, { key }: Pick<JudgedPair, "key">): CostRatio {
  const seconds = new Map(timings.map(({ trainingUnit, trainS }) => [trainingUnit, trainS]));
  const rowsOf = (place: Place) =>
    new Map(cells.filter((row) => isOf(row, key.dataset, key.shots, place)).map((row) => [row.seed, row]));
  const [mtl, meta] = [rowsOf(key.mtl), rowsOf(key.meta)];
  const seeds = [...mtl.keys()].filter((seed) => meta.has(seed));
  const ratio = (cost: (row: CellRow) => number | null | undefined) => {
    const logs = seeds.flatMap((seed) => {
      const [a, b] = [mtl, meta].map((rows) => cost(rows.get(seed) as CellRow) ?? 0);
      return a > 0 && b > 0 ? [Math.log(a / b)] : [];
    });
    return logs.length === 0 ? null : Math.exp(logs.reduce((total, value) => total + value, 0) / logs.length);
  };
  return {
    operations: ratio(({ trainGflop }) => trainGflop),
    gradients: ratio(({ trainGradients }) => trainGradients),
    seconds: ratio(({ trainingUnit }) => seconds.get(trainingUnit)),
  };
}

function isOf(row: CellRow, dataset: string, shots: number, place: Place): boolean {
  return row.dataset === dataset && row.shots === shots &&
    (Object.keys(place) as (keyof Place)[]).every((key) => row[key] === place[key]);
}

/** "0.12×", "0.12 to 0.3×"; "" where nothing is known. */
export function timesText(ratios: readonly (number | null)[]): string {
  const texts = distinct(ratios.filter((ratio) => ratio !== null)).map((ratio) =>
    ratio >= 1000 ? String(Math.round(ratio)) : String(Number(ratio.toPrecision(2)))
  );
  if (texts.length === 0) return "";
  return texts[0] === texts[texts.length - 1] ? `${texts[0]}×` : `${texts[0]} to ${texts[texts.length - 1]}×`;
}

/** "0.12× the operations, 0.5× the gradient evaluations and 0.2× the seconds" */
export function ratioText({ operations, gradients, seconds }: CostRatio): string {
  return list([
    ...(operations === null ? [] : [`${timesText([operations])} the operations`]),
    ...(gradients === null ? [] : [`${timesText([gradients])} the gradient evaluations`]),
    ...(seconds === null ? [] : [`${timesText([seconds])} the seconds`]),
  ]);
}

/** What the native comparisons cost, in a sentence for the first screen; "" where no cost is known. */
export function costSentence(input: ReportInput): string {
  const known = input.datasets.flatMap(({ name, title }) => {
    const pairs = headline(input, name);
    const ratios = pairs.map((pair) => costRatio(input, pair));
    const operations = timesText(ratios.map((ratio) => ratio.operations));
    const seconds = timesText(ratios.map((ratio) => ratio.seconds));
    return operations === "" ? [] : [{ title, pairs, operations, seconds }];
  });
  if (known.length === 0) return "";
  const { mtl, meta } = known[0].pairs[0].key;
  const metas = new Set(known.flatMap(({ pairs }) => pairs.map(({ key }) => key.meta.algorithm)));
  const other = metas.size === 1 ? titleOf(input.algorithms, meta.algorithm) : "the meta-learner";
  const observed = known.every(({ seconds }) => seconds !== "")
    ? ` (observed seconds: ${list(known.map(({ seconds }) => seconds))})`
    : "";
  return `A training of ${titleOf(input.algorithms, mtl.algorithm)} takes ${
    list(known.map(({ title, operations }, i) =>
      `${operations}${i === 0 ? ` the counted operations of one of ${other}` : ""} on ${title}`
    ))
  }${observed}.`;
}

/** How dearly each side of the native comparison reaches the score that the other ends with, in a sentence; "" where that is not known. */
export function costToTargetSentence(input: ReportInput): string {
  const parts = input.datasets.flatMap(({ name, title }) => {
    const [first] = headline(input, name);
    if (first === undefined) return [];
    const { mtl, meta } = first.key;
    const find = (algorithm: string, goalOf: string) =>
      input.costToTarget.find((row) =>
        row.dataset === name && row.goal === "final" && row.algorithm === algorithm && row.goalOf === goalOf
      );
    const [there, back] = [find(mtl.algorithm, meta.algorithm), find(meta.algorithm, mtl.algorithm)];
    if (there === undefined || back === undefined) return [];
    const [a, b] = [mtl, meta].map(({ algorithm }) => titleOf(input.algorithms, algorithm));
    return [`${title}: ${a} to ${b}'s ${reachedText(there)}, ${b} to ${a}'s ${reachedText(back)}`];
  });
  return parts.length === 0
    ? ""
    : `Operations to reach the validation score that the other's training ends with, relative to the other's: ${
      parts.join("; ")
    }.`;
}

/** "0.08× (3 of 3 seeds)", "not reached (0 of 3 seeds)" */
export function reachedText({ ratioMedian, nReached, nSeeds }: CostToTargetRow): string {
  const seeds = `${nReached} of ${nSeeds} ${nSeeds === 1 ? "seed" : "seeds"}`;
  return ratioMedian === null ? `not reached (${seeds})` : `${timesText([ratioMedian])} (${seeds})`;
}
