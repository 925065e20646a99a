/** Which algorithm is drawn how: the same in every figure of a report, and in every report of the same table of algorithms. */
import { familyFor } from "./compared.ts";
import type { AlgorithmDescription, ReportInput } from "./input.ts";
import { type Style, styleAt } from "./palette.ts";

/** What tells which algorithm is drawn how. */
export interface Series extends Partial<Pick<ReportInput, "families" | "verdicts">> {
  readonly algorithms: readonly Pick<AlgorithmDescription, "name" | "rank">[];
}

/** Places from here on are those of algorithms that the report has no description of. */
const UNKNOWN = 1000;

function rankOf({ algorithms }: Series, name: string): number {
  return algorithms.find((algorithm) => algorithm.name === name)?.rank ?? UNKNOWN;
}

/** Names in the order they are drawn and listed: as in the table of algorithms, those without a place by name. */
export function algorithmOrder(series: Series, names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => rankOf(series, a) - rankOf(series, b) || (a < b ? -1 : 1));
}

/** How an algorithm is drawn. */
export interface SeriesStyle extends Style {
  /** What the answer is about stands out. */
  readonly prominent: boolean;
}

/** Styles of the given algorithms, by their places in the table of algorithms. */
export function stylesOf(series: Series, names: readonly string[]): SeriesStyle[] {
  const { families = [], verdicts = [] } = series;
  const [first] = familyFor({ families, verdicts }, "answer");
  const unknown = names.filter((name) => rankOf(series, name) === UNKNOWN);
  // After all that have a place, which need not be the first ones of the table.
  const free = Math.max(0, ...series.algorithms.map(({ rank }) => rank + 1));
  return names.map((name) => {
    const rank = rankOf(series, name);
    const place = rank === UNKNOWN ? free + unknown.indexOf(name) : rank;
    const prominent = first !== undefined && [first.key.a.algorithm, first.key.b.algorithm].includes(name);
    return { ...styleAt(place), prominent };
  });
}
