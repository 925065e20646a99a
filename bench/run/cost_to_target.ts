/** What it costs to reach a score: operations of training until validation episodes first show it. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { gradientsPerIteration } from "../plan/cost.ts";
import type { CostToTargetRow } from "../../reports/rows/rows.ts";
import { meanOf } from "../../reports/statistics/moments.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { flopsToTarget } from "../units/validation.ts";
import type { Group, Watched, WatchedDataSet } from "./watched_trainings.ts";

/**
 * Rows of cost_to_target.csv. Goals are, per data set, the final score of each side of the comparisons that give the answer, seed by seed, and a ladder of
 * round scores.
 *
 * A curve has few points: a cost is that of the first point at or beyond the score, so the true one is up to a tenth of a training (at ten points) less.
 */
export function costToTarget(
  sweep: Pick<Sweep, "datasets">,
  watched: readonly WatchedDataSet[],
  catalog: Catalog,
): CostToTargetRow[] {
  const models = new Map(sweep.datasets.map(({ name, model, hidden }) => [name, { model, hidden }]));
  return watched.flatMap(({ dataset, groups, answering }) => {
    const { model, hidden } = models.get(dataset) as { model: string; hidden: readonly number[] };
    const metric = catalog.dataSets[dataset].metric;
    const context = { dataset, metric, catalog, layers: catalog.layerCount(model, hidden) };
    const finals = answering.flatMap(([a, b]) => [
      finalRow(context, b, a, b),
      finalRow(context, b, b, b),
      finalRow(context, a, b, a),
    ]);
    const ladder = ladderOf(groups, metric).flatMap((score) => groups.map((group) => ladderRow(context, score, group)));
    return [...finals, ...ladder].filter(({ nSeeds }) => nSeeds > 0);
  });
}

interface Context {
  readonly dataset: string;
  readonly metric: Metric;
  readonly catalog: Catalog;
  readonly layers: number;
}

/** What one seed's training took; undefined where it did not get there. */
interface Cost {
  readonly flops: number;
  readonly gradients: number;
}

function costOf({ metric, catalog, layers }: Context, { unit, curve }: Watched, score: number): Cost | undefined {
  const flops = flopsToTarget(metric === "mse" ? "regression" : "classification", curve, score);
  if (flops === undefined) return undefined;
  const iteration = curve.find((point) => point.flops === flops)?.iteration ?? 0;
  const { spec } = unit;
  return { flops, gradients: iteration * gradientsPerIteration(catalog.algorithms[spec.algorithm], spec, layers) };
}

/** A row about the score that `owner` ends with, seed by seed. `partner` is the other side: only seeds of both count. */
function finalRow(context: Context, owner: Group, runner: Group, partner: Group): CostToTargetRow {
  const seeds = [...owner.bySeed.keys()].filter((seed) => runner.bySeed.has(seed) && partner.bySeed.has(seed));
  const runs = seeds.map((seed) => {
    const [own, other] = [owner.bySeed.get(seed) as Watched, runner.bySeed.get(seed) as Watched];
    const score = own.curve[own.curve.length - 1].score;
    return { score, cost: costOf(context, other, score), own: costOf(context, own, score) };
  });
  const ratios = owner === runner
    ? []
    : runs.map(({ cost, own }) => cost === undefined || own === undefined ? Infinity : cost.flops / own.flops);
  return {
    ...place(context, runner),
    ...{
      goal: "final",
      goalOf: owner.algorithm,
      goalNorm: owner.norm,
      goalTrainingTasks: owner.trainingTasks,
      goalDepth: owner.sharingDepth,
    },
    score: meanScore(runs.map(({ score }) => score), context.metric),
    ...summary(runs.map(({ cost }) => cost)),
    ratioMedian: quantile(ratios, 0.5),
    ratioLeast: quantile(ratios, 0),
    ratioMost: quantile(ratios, 1),
  };
}

function ladderRow(context: Context, score: number, runner: Group): CostToTargetRow {
  const costs = [...runner.bySeed.values()].map((watched) => costOf(context, watched, score));
  return {
    ...place(context, runner),
    ...{ goal: "ladder", goalOf: "", goalNorm: null, goalTrainingTasks: null, goalDepth: null, score },
    ...summary(costs),
    ...{ ratioMedian: null, ratioLeast: null, ratioMost: null },
  };
}

function place(
  { dataset, metric }: Context,
  { norm, trainingTasks, algorithm, sharingDepth, shots, innerSteps }: Group,
) {
  return { dataset, norm, metric, algorithm, sharingDepth, shots, innerSteps, trainingTasks };
}

function summary(costs: readonly (Cost | undefined)[]) {
  const gflop = costs.map((cost) => cost === undefined ? Infinity : cost.flops / 1e9);
  return {
    nSeeds: costs.length,
    nReached: costs.filter((cost) => cost !== undefined).length,
    gflopMedian: quantile(gflop, 0.5),
    gflopLeast: quantile(gflop, 0),
    gflopMost: quantile(gflop, 1),
    gradientsMedian: quantile(costs.map((cost) => cost?.gradients ?? Infinity), 0.5),
  };
}

/** Seeds that did not get there are later than all that did: what falls on one of them is not known, null. */
function quantile(values: readonly number[], share: 0 | 0.5 | 1): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const value = (sorted[Math.floor(at)] + sorted[Math.ceil(at)]) / 2;
  return Number.isFinite(value) ? value : null;
}

function meanScore(scores: readonly number[], metric: Metric): number {
  if (scores.length === 0) return 0;
  return metric === "mse" ? Math.exp(meanOf(scores.map((score) => Math.log(Math.max(score, 1e-30))))) : meanOf(scores);
}

const LADDERS: Readonly<Record<Metric, readonly number[]>> = {
  // Parsed from decimal text, so that 0.2 is 0.2.
  mse: [2, 1, 0, -1, -2, -3, -4].flatMap((power) => [5, 2, 1].map((mantissa) => Number(`${mantissa}e${power}`))),
  accuracy: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99],
};
/** Rungs shown of a ladder: the hardest ones. */
const RUNGS = 4;

/** Round scores that some training reaches and not every one has at its first point, the hardest last. */
function ladderOf(groups: readonly Group[], metric: Metric): number[] {
  const curves = groups.flatMap(({ bySeed }) => [...bySeed.values()].map(({ curve }) => curve));
  const reaches = (score: number, goal: number) => metric === "mse" ? score <= goal : score >= goal;
  return LADDERS[metric].filter((goal) =>
    curves.some((curve) => curve.some(({ score }) => reaches(score, goal))) &&
    !curves.every(([first]) => reaches(first.score, goal))
  ).slice(-RUNGS);
}
