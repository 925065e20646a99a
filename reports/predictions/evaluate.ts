/** From a run's rows and scores to what became of its predictions. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { Cell } from "../statistics/cells.ts";
import { select } from "../statistics/pairing.ts";
import { marginOfDifference, pairedDifferences } from "../statistics/paired_scores.ts";
import { placeKey } from "../rows/place.ts";
import type { PredictionRow } from "../rows/rows.ts";
import { allOf, better, type Claim, larger, notBetter, withinMargin } from "./claims.ts";
import type {
  ComparisonPrediction,
  FloorPrediction,
  LargerEffectPrediction,
  Prediction,
} from "../claims/prediction.ts";
import {
  cellsFor,
  type Evidence,
  flagsOfCells,
  paired,
  pairsFor,
  type Tested,
  toldOf,
  tooFew,
  unequal,
  type Untested,
} from "./evidence.ts";
import { orders } from "./orders.ts";
import { trends } from "./trends.ts";
import { bootstrap, type Matrix, meanOf, negated, sizeOf } from "./resampled.ts";
import { claimText, openText, placeText } from "./words.ts";

/**
 * Tests a prediction. All comparisons that it is about must show it for it to hold; it fails where one refutes it, corrected for their number.
 *
 * @param evidence undefined where the run has nothing of its data set
 */
export function evaluatePrediction(prediction: Prediction, evidence: Evidence | undefined): PredictionRow {
  if (evidence === undefined) {
    return row(prediction, null, "not tested", `the run has no data set ${prediction.dataset}`);
  }
  const found = claimsOf(prediction, evidence);
  const tested = found.filter((one): one is Tested => "claim" in one);
  const untested = found.filter((one): one is Untested => "reason" in one);
  const { metric } = evidence;
  if (tested.length === 0) {
    const reasons = [...new Set(untested.map(({ reason }) => reason))];
    const reason = reasons.length > 0 ? reasons.join("; ") : "the run has no cells that it is about";
    return row(prediction, metric, "not tested", reason);
  }
  const all = allOf(tested.map(({ claim }) => claim));
  const { where, claim, seeds, episodes } = tested[all.decisive];
  const outcome = all.outcome === "held" && untested.length > 0 ? "undecided" : all.outcome;
  const order = [tested[all.decisive], ...tested.filter((_, i) => i !== all.decisive)];
  const missing = untested.map((one) => `${one.where}: ${one.reason}`);
  const reason = outcome === "held"
    ? []
    : outcome === "undecided" && all.outcome === "held"
    ? missing
    : [openText(prediction, outcome, where, claim, metric), ...missing];
  return {
    ...row(prediction, metric, outcome, reason.join("; ")),
    found: order.map((one) => claimText(prediction, one, metric)).join("; "),
    comparisons: tested.length,
    nSeeds: seeds,
    nEpisodes: episodes,
    diff: claim.estimate,
    lo95: claim.lo95,
    hi95: claim.hi95,
    margin: claim.margin,
    pHeld: all.pHeld,
    pFailed: all.pFailed,
    flags: [...new Set(tested.flatMap(({ flags }) => flags))].join("; "),
  };
}

function row(
  { id, dataset, kind, statement, source }: Prediction,
  metric: Metric | null,
  outcome: PredictionRow["outcome"],
  reason: string,
): PredictionRow {
  const unknown = { diff: null, lo95: null, hi95: null, margin: null, pHeld: null, pFailed: null };
  return {
    ...{ id, dataset, kind, statement, source, outcome, reason, found: "", metric },
    ...{ comparisons: 0, nSeeds: null, nEpisodes: null, ...unknown, flags: "" },
  };
}

function claimsOf(prediction: Prediction, evidence: Evidence): (Tested | Untested)[] {
  switch (prediction.kind) {
    case "comparison":
      return comparisons(prediction, evidence);
    case "at-floor":
      return floors(prediction, evidence);
    case "gap-grows":
      return gaps(prediction, evidence);
    case "steps-over-algorithm":
      return mainEffects(prediction, evidence);
    case "order-kept":
      return orders(prediction, evidence);
    case "distance-trend":
      return trends(prediction, evidence);
  }
}

function comparisons(prediction: ComparisonPrediction, evidence: Evidence) {
  const { dataset, expect } = prediction;
  const told = toldOf(prediction, evidence);
  const margin = marginOfDifference(evidence.metric, evidence.entry.margin);
  return pairsFor(prediction, prediction, evidence).map((pair): Tested | Untested => {
    const where = placeText(told, pair.a, pair.b);
    const scores = paired(pair.a, pair.b, evidence);
    const reason = tooFew(scores);
    if (reason !== undefined) return { where, reason };
    const difference = bootstrap(pairedDifferences(scores).matrix, dataset);
    // Of errors less is better, of accuracies more.
    const advantage = evidence.metric === "accuracy" ? difference : negated(difference);
    const claim = expect === "equivalent"
      ? withinMargin(difference, margin)
      : mirrored((expect === "a-better" ? better : notBetter)(advantage, margin), evidence.metric);
    return { where, claim, ...sizeOf(difference), flags: scores.flags };
  });
}

function floors(prediction: FloorPrediction, evidence: Evidence) {
  const { dataset } = prediction;
  const { meanTarget } = evidence.dataSet;
  const { entry, limits } = evidence;
  const told = toldOf(prediction, evidence);
  return select(cellsFor(prediction, evidence), prediction.a, evidence.nativeOf).map((cell): Tested | Untested => {
    const where = placeText(told, cell);
    if (meanTarget === undefined || limits === null) {
      return { where, reason: `the best predictor without adaptation is not known for ${dataset}` };
    }
    const scores = paired(cell, cell, evidence);
    const reason = tooFew(scores);
    if (reason !== undefined) return { where, reason };
    const batch = evidence.dataSet.episodes("test", 0, entry.episodes, cell.place.shots, entry.testQueries);
    const size = batch.queryY.length / batch.tasks;
    const floor = Array.from({ length: batch.tasks }, (_, task) => {
      let total = 0;
      for (let i = task * size; i < (task + 1) * size; i++) {
        total += (batch.queryY[i] - meanTarget(batch.queryX[i])) ** 2;
      }
      return total / size;
    });
    const mean = floor.reduce((total, value) => total + value, 0) / floor.length;
    const excess = scores.a.map((own) =>
      own.map((score, e) => (Math.min(score ?? limits[e], limits[e]) - floor[e]) / mean)
    );
    const difference = bootstrap(excess, dataset);
    const claim = withinMargin(difference, entry.margin - 1, 1 - 1 / entry.margin);
    return { where, claim, ...sizeOf(difference), flags: scores.flags };
  });
}

/** The four cells of a two-by-two layout. */
interface Layout {
  readonly where: string;
  /** a and b, each at the first and the second number of steps. */
  readonly a: readonly [Cell, Cell];
  readonly b: readonly [Cell, Cell];
}

function layouts(prediction: LargerEffectPrediction, evidence: Evidence): Layout[] {
  const { a, b, innerSteps } = prediction;
  const [first, second] = innerSteps.map((steps) =>
    pairsFor(prediction, { a: { ...a, innerSteps: steps }, b: { ...b, innerSteps: steps } }, evidence)
  );
  const told = { ...toldOf(prediction, evidence), innerSteps };
  const place = (cell: Cell) => placeKey(cell.place, ["innerSteps"]);
  return first.flatMap((from) => {
    const to = second.find((other) => place(other.a) === place(from.a) && place(other.b) === place(from.b));
    return to === undefined ? [] : [{ where: placeText(told, from.a, from.b), a: [from.a, to.a], b: [from.b, to.b] }];
  });
}

function gaps(prediction: LargerEffectPrediction, evidence: Evidence) {
  return layouts(prediction, evidence).map((layout): Tested | Untested => {
    const [from, to] = [0, 1].map((i) => paired(layout.a[i], layout.b[i], evidence));
    const reason = tooFew(from) ?? tooFew(to) ?? unequal([from, to]);
    if (reason !== undefined) return { where: layout.where, reason };
    const [y, x] = [from, to].map((scores) => pairedDifferences(scores).matrix);
    return contrast(layout.where, [x], [y], prediction.dataset, flagsOfCells([...layout.a, ...layout.b], evidence));
  });
}

function mainEffects(prediction: LargerEffectPrediction, evidence: Evidence): (Tested | Untested)[] {
  const all = layouts(prediction, evidence);
  if (all.length === 0) return [];
  const where = all.length === 1 ? all[0].where : `mean of ${all.length} cells`;
  const scores = all.map(({ a, b }) => ({
    algorithm: [paired(a[0], b[0], evidence), paired(a[1], b[1], evidence)],
    steps: [paired(a[1], a[0], evidence), paired(b[1], b[0], evidence)],
  }));
  const every = scores.flatMap(({ algorithm, steps }) => [...algorithm, ...steps]);
  const reason = every.map(tooFew).find((found) => found !== undefined) ?? unequal(every);
  if (reason !== undefined) return [{ where, reason }];
  const differences = (pick: "algorithm" | "steps") =>
    scores.flatMap((cell) => cell[pick].map((pair) => pairedDifferences(pair).matrix));
  const flags = flagsOfCells(all.flatMap(({ a, b }) => [...a, ...b]), evidence);
  return [contrast(where, differences("steps"), differences("algorithm"), prediction.dataset, flags)];
}

/** |mean of X| against |mean of Y|. */
function contrast(
  where: string,
  xs: readonly Matrix[],
  ys: readonly Matrix[],
  dataset: string,
  flags: readonly string[],
): Tested {
  const [x, y] = [meanOf(xs), meanOf(ys)];
  const combined = (sign: 1 | -1) =>
    bootstrap(x.map((own, s) => own.map((value, e) => value + sign * y[s][e])), dataset);
  const minus = combined(-1);
  return { where, claim: larger(minus, combined(1)), ...sizeOf(minus), flags };
}

/** From an advantage back to a difference a - b. */
function mirrored(claim: Claim, metric: Metric): Claim {
  return metric === "accuracy" ? claim : { ...claim, estimate: -claim.estimate, lo95: -claim.hi95, hi95: -claim.lo95 };
}
