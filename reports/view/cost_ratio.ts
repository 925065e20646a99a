/** What training side a of a comparison costs relative to training side b. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import type { Place } from "../rows/place.ts";
import type { CellRow, CostToTargetRow } from "../rows/rows.ts";
import type { ReportInput } from "./input.ts";
import { distinct, list } from "./select.ts";
import { headline, rowsBehind, titlesOf } from "./compared.ts";

/** Ratios of one training of each side, a to b: geometric means over seeds; null where something is not known. */
export interface CostRatio {
  readonly operations: number | null;
  readonly gradients: number | null;
  /** As observed on the machine of the run. */
  readonly seconds: number | null;
}

/** The cost ratio of one comparison. */
export function costRatio(input: ReportInput, { key }: Pick<JudgedPair, "key">): CostRatio {
  const seconds = new Map(input.timings.map(({ trainingUnit, trainS }) => [trainingUnit, trainS]));
  const sides = rowsBehind(input, key);
  const seeds = [...sides.a.keys()].filter((seed) => sides.b.has(seed));
  const ratio = (cost: (row: CellRow) => number | null | undefined) => {
    const logs = seeds.flatMap((seed) => {
      const [a, b] = [sides.a, sides.b].map((rows) => cost(rows.get(seed) as CellRow) ?? 0);
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

/** What either side's trainings took to reach the score that the other's ended with. */
export interface Reach {
  /** Side a to the score of b, relative to what b took to get there. */
  readonly a: CostToTargetRow;
  /** Side b to the score of a, relative to what a took. */
  readonly b: CostToTargetRow;
}

/** How dearly each side of a comparison reaches the score that the other ends with; undefined where that is not known. */
export function reachOf(
  { costToTarget, datasets }: Pick<ReportInput, "costToTarget" | "datasets">,
  { key: { dataset, a, b } }: Pick<JudgedPair, "key">,
): Reach | undefined {
  const trainingTasks = datasets.find(({ name }) => name === dataset)?.trainingTasks ?? [];
  // Algorithms that cannot have ever new tasks have a number of their own for them.
  const matches = (own: number | null, asked: number | null) =>
    own === asked || (asked === null && !trainingTasks.includes(own));
  const find = (runner: Place, owner: Place) =>
    costToTarget.find((row) =>
      row.dataset === dataset && row.goal === "final" &&
      row.norm === runner.norm && row.algorithm === runner.algorithm && row.sharingDepth === runner.sharingDepth &&
      row.goalNorm === owner.norm && row.goalOf === owner.algorithm && row.goalDepth === owner.sharingDepth &&
      matches(row.trainingTasks, runner.trainingTasks) && matches(row.goalTrainingTasks, owner.trainingTasks)
    );
  const [there, back] = [find(a, b), find(b, a)];
  return there === undefined || back === undefined ? undefined : { a: there, b: back };
}

/** How dearly each side of the answer reaches the score that the other ends with, in a sentence; "" where that is not known. */
export function costToTargetSentence(input: ReportInput): string {
  const parts = input.datasets.flatMap(({ name, title }) => {
    const [first] = headline(input, name);
    const reach = first === undefined ? undefined : reachOf(input, first);
    if (first === undefined || reach === undefined) return [];
    const { a, b } = titlesOf(input, first.key);
    return [`${title}: ${a} to ${b}'s ${reachedText(reach.a)}, ${b} to ${a}'s ${reachedText(reach.b)}`];
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
