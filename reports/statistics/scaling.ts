/** From rows to power laws: which cells differ in nothing but the number of training tasks or classes, and how their errors fall with it. */
import type { CellRow, ScalingRow } from "../rows/rows.ts";
import { SCALING_AXES } from "../rows/scaling_row.ts";
import { MIN_SIZES, powerLaw } from "./power_law.ts";

/** What N counts. */
export type ScalingAxis = typeof SCALING_AXES[number];

/** Scores of one place at one size, with their seeds. */
export interface ScalingPoint {
  /** N */
  readonly size: number;
  /** Of the seeds that have a score at every size: ln MSE, or the share of wrong answers. */
  readonly errors: readonly number[];
}

/** A place whose error is looked at over sizes. */
export interface ScalingCurve {
  readonly axis: ScalingAxis;
  /** One of its rows, for all that they have in common. */
  readonly row: CellRow;
  /** Ascending. */
  readonly points: readonly ScalingPoint[];
}

const SIZE = { "training-tasks": "trainingTasks", "training-classes": "trainingClasses" } as const;

/** The error of a row as a number that is averaged over seeds; undefined where it has none. */
function errorOf({ status, metric, mean, meanLog }: CellRow): number | undefined {
  const error = metric === "mse" ? meanLog : mean === null ? null : 1 - mean;
  return status === "ok" && error !== null && Number.isFinite(error) ? error : undefined;
}

/** The places of a run that have scores of the same seeds at three sizes or more. */
export function scalingCurves(cells: readonly CellRow[]): ScalingCurve[] {
  return SCALING_AXES.flatMap((axis) => {
    const sizeOf = (row: CellRow) => row[SIZE[axis]];
    const sized = cells.filter((row) => sizeOf(row) !== null);
    return [...Map.groupBy(sized, (row) => placeOf(row, axis)).values()].flatMap((rows): ScalingCurve[] => {
      const scored = rows.filter((row) => errorOf(row) !== undefined);
      const sizes = [...new Set(scored.map(sizeOf))].filter((size) => size !== null).sort((a, b) => a - b);
      const units = Map.groupBy(scored, ({ seed }) => seed);
      // What is trained on nothing, or on all classes at once, is the same training at every size.
      const same = [...units.values()].every((own) => new Set(own.map(({ trainingUnit }) => trainingUnit)).size === 1);
      if (sizes.length < MIN_SIZES || same) return [];
      const bySize = new Map(sizes.map((size) => [size, new Map<number, number>()]));
      for (const row of scored) bySize.get(sizeOf(row) ?? 0)?.set(row.seed, errorOf(row) ?? NaN);
      const seeds = [...new Set(scored.map(({ seed }) => seed))]
        .filter((seed) => sizes.every((size) => bySize.get(size)?.has(seed))).sort((a, b) => a - b);
      if (seeds.length === 0) return [];
      const points = sizes.map((size) => ({ size, errors: seeds.map((seed) => bySize.get(size)?.get(seed) ?? NaN) }));
      return [{ axis, row: rows[0], points }];
    });
  });
}

/** All that must be equal along a curve. */
function placeOf(row: CellRow, axis: ScalingAxis): string {
  const { trainedOn, testedOn, norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart } = row;
  const other = axis === "training-tasks" ? row.trainingClasses : row.trainingTasks;
  const place = [norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart];
  return JSON.stringify([trainedOn, testedOn, ...place, other]);
}

/** Rows of scaling.csv, in the order of the run's cells. */
export function scalingRows(cells: readonly CellRow[]): ScalingRow[] {
  return scalingCurves(cells).map(scalingRowOf);
}

/** The power law of one curve. */
export function scalingRowOf({ axis, row, points }: ScalingCurve): ScalingRow {
  const { trainedOn, testedOn, norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart } = row;
  const sizes = points.map(({ size }) => size);
  const law = powerLaw(sizes, points.map(({ errors }) => errors), row.metric === "mse", [placeOf(row, axis)]);
  return {
    ...{ trainedOn, testedOn, axis },
    ...{ norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart },
    trainingTasks: axis === "training-tasks" ? null : row.trainingTasks,
    trainingClasses: axis === "training-classes" ? null : row.trainingClasses,
    metric: row.metric,
    sizes: sizes.length,
    smallest: sizes[0],
    largest: sizes[sizes.length - 1],
    seeds: points[0].errors.length,
    exponent: law?.exponent ?? null,
    exponentLo: law?.low ?? null,
    exponentHi: law?.high ?? null,
    coefficient: law?.coefficient ?? null,
    r2: law?.r2 ?? null,
  };
}
