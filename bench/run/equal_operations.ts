/** Both sides of the answer at equal operations of training and as they ended, from validation curves. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { Budget } from "../../common/vocabulary.ts";
import type { EqualOperationsRow } from "../../reports/rows/rows.ts";
import { tInterval } from "../../reports/statistics/interval.ts";
import { meanOf } from "../../reports/statistics/moments.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { ValidationPoint } from "../store/types.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { endedEarly } from "./ended_early.ts";
import type { Group, Watched, WatchedDataSet } from "./watched_trainings.ts";

/** Rows of equal_operations.csv: per pair of trainings that the answer compares, one at equal operations and one as both ended. */
export function equalOperations(
  sweep: Pick<Sweep, "datasets">,
  watched: readonly WatchedDataSet[],
  catalog: Catalog,
): EqualOperationsRow[] {
  const tolerances = new Map(sweep.datasets.map(({ name, validation }) => [name, validation?.tolerance ?? Infinity]));
  return watched.flatMap(({ dataset, answering }) => {
    const context = {
      dataset,
      metric: catalog.dataSets[dataset].metric,
      tolerance: tolerances.get(dataset) ?? Infinity,
    };
    return answering.flatMap(([a, b]) => [row(context, "equal-operations", a, b), row(context, "end", a, b)])
      .filter((found) => found !== undefined);
  });
}

interface Context {
  readonly dataset: string;
  readonly metric: Metric;
  readonly tolerance: number;
}

/** A side's training of one seed up to some point: what it took, and what it scores there on a scale on which differences mean something. */
interface Reached {
  readonly flops: number;
  readonly quality: number;
}

function row({ dataset, metric, tolerance }: Context, budget: Budget, a: Group, b: Group) {
  const seeds = [...a.bySeed.keys()].filter((seed) => b.bySeed.has(seed)).sort((one, other) => one - other);
  const pairs = seeds.flatMap((seed) => {
    const [ofA, ofB] = [a.bySeed.get(seed) as Watched, b.bySeed.get(seed) as Watched];
    const limit = budget === "end" ? Infinity : Math.min(lastOf(ofA.curve).flops, lastOf(ofB.curve).flops);
    const [atA, atB] = [reachedAt(ofA.curve, limit, metric), reachedAt(ofB.curve, limit, metric)];
    return atA === undefined || atB === undefined ? [] : [{ ofA, ofB, atA, atB }];
  });
  if (pairs.length === 0) return undefined;
  // Accuracies differ in percentage points, as in verdicts.csv.
  const unit = metric === "mse" ? 1 : 100;
  const differences = pairs.map(({ atA, atB }) => unit * (atA.quality - atB.quality));
  const interval = tInterval(differences);
  const mean = (value: (pair: typeof pairs[number]) => number) => meanOf(pairs.map(value));
  const score = (quality: number) => metric === "mse" ? Math.exp(quality) : quality;
  const unfinished = (side: "ofA" | "ofB") =>
    budget === "end"
      ? pairs.filter(({ [side]: { unit: { spec }, training } }) => endedEarly(spec, training, tolerance)).length
      : null;
  return {
    dataset,
    metric,
    ...{ aNorm: a.norm, aAlgorithm: a.algorithm, aSharingDepth: a.sharingDepth, aTrainingTasks: a.trainingTasks },
    ...{ bNorm: b.norm, bAlgorithm: b.algorithm, bSharingDepth: b.sharingDepth, bTrainingTasks: b.trainingTasks },
    budget,
    nSeeds: pairs.length,
    aGflop: mean(({ atA }) => atA.flops / 1e9),
    bGflop: mean(({ atB }) => atB.flops / 1e9),
    aScore: score(mean(({ atA }) => atA.quality)),
    bScore: score(mean(({ atB }) => atB.quality)),
    diff: meanOf(differences),
    lo95: interval?.low ?? null,
    hi95: interval?.high ?? null,
    aUndertrained: unfinished("ofA"),
    bUndertrained: unfinished("ofB"),
  } satisfies EqualOperationsRow;
}

function lastOf(curve: readonly ValidationPoint[]): ValidationPoint {
  return curve[curve.length - 1];
}

/**
 * Where a curve is once some operations are spent: on the straight line between the two points around them, in the logarithm of the MSE or in accuracy;
 * undefined before the first point, of which nothing is known.
 */
function reachedAt(curve: readonly ValidationPoint[], flops: number, metric: Metric): Reached | undefined {
  const qualityOf = ({ score }: ValidationPoint) => metric === "mse" ? Math.log(Math.max(score, 1e-30)) : score;
  const next = curve.findIndex((point) => point.flops > flops);
  if (next === 0) return undefined;
  const before = next === -1 ? lastOf(curve) : curve[next - 1];
  if (next === -1 || before.flops === flops) return { flops: before.flops, quality: qualityOf(before) };
  const after = curve[next];
  const share = (flops - before.flops) / (after.flops - before.flops);
  return { flops, quality: (1 - share) * qualityOf(before) + share * qualityOf(after) };
}
