/** How far the predictions of two methods are apart, from what evaluations kept. */
import type { Catalog } from "../plan/catalog.ts";
import { nativeUses } from "../plan/native_use.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import { groupCells, type Placed } from "../../reports/statistics/cells.ts";
import { pairUp } from "../../reports/statistics/pairing.ts";
import { rootMeanSquareDifference } from "../../reports/statistics/prediction_distance.ts";
import type { CellRow, DistanceRow } from "../../reports/rows/rows.ts";
import type { KeptPredictions } from "../store/kept_predictions.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import { keptPredictionsOf } from "../sweeps/sourced.ts";

type Evaluations = ReadonlyMap<string, Pick<MeasuredEvaluation, "predictions">>;
type Kept = KeptPredictions["episodes"];

/** What was kept of one seed of a cell, and the step size of its adaptation, which validation may have chosen for every seed. */
interface KeptSeed {
  readonly episodes: Kept;
  readonly strength: number | null;
}

/** A cell over its seeds, with what was kept of it. */
interface KeptCell extends Placed {
  readonly bySeed: ReadonlyMap<number, KeptSeed>;
}

/** A row per pair of cells and seed; [] where nothing is kept. */
export function distanceRows(
  { sweep, catalog }: { readonly sweep: Sweep; readonly catalog: Catalog },
  { cells }: Plan,
  rows: readonly CellRow[],
  evaluations: Evaluations,
): DistanceRow[] {
  const keeping = sweep.datasets.filter((entry) => keptPredictionsOf(entry) > 0);
  if (keeping.length === 0) return [];
  const known = new Set(keeping.map(({ name }) => name));
  const members = cells.flatMap((cell, index) => {
    const kept = known.has(cell.dataset) ? keptOf(cell, evaluations) : undefined;
    return kept === undefined ? [] : [{ cell, row: rows[index], kept }];
  });
  const placed = groupCells(members, ({ cell }) => cell, ({ cell }) => cell.unit).map((
    { members, ...own },
  ): KeptCell => ({
    ...own,
    bySeed: new Map(members.map(({ cell, row, kept }) => [
      cell.seed,
      { episodes: kept, strength: row.adaptStrength },
    ])),
  }));
  const nativeOf = nativeUses(sweep, catalog);
  const seen = new Set<string>();
  return sweep.comparisons.flatMap((comparison) =>
    pairUp(placed, comparison, nativeOf).filter(({ a, b }) => {
      const key = JSON.stringify([a.dataset, a.place, b.place]);
      const comparable = a.place.innerSteps === b.place.innerSteps && a.place.adapter === b.place.adapter;
      return comparable && !seen.has(key) && seen.add(key);
    })
  ).flatMap(({ a, b }) => rowsOf(a, b, layersOf(keeping, a.dataset, catalog)));
}

function keptOf({ evaluation, innerSteps }: PlannedCell, evaluations: Evaluations): Kept | undefined {
  return evaluations.get(evaluation)?.predictions?.find((own) => own.innerSteps === innerSteps)?.episodes;
}

function layersOf(entries: readonly DataSetSweep[], dataset: string, { layerCount }: Catalog): number {
  const entry = entries.find(({ name }) => name === dataset);
  if (entry === undefined) throw new Error(`internal: no data set ${dataset}`);
  return layerCount(entry.model, entry.hidden);
}

function rowsOf(a: KeptCell, b: KeptCell, layers: number): DistanceRow[] {
  const seeds = [...a.bySeed.keys()].filter((seed) => b.bySeed.has(seed)).sort((x, y) => x - y);
  return seeds.flatMap((seed, index): DistanceRow[] => {
    const [own, other] = [a, b].map(({ bySeed }) => bySeed.get(seed) ?? { episodes: [], strength: null });
    const next = a.bySeed.get(seeds[(index + 1) % seeds.length])?.episodes ?? [];
    const distance = rootMeanSquareDifference(own.episodes, other.episodes);
    if (distance === undefined) return [];
    const { norm, adapter, shots, innerSteps, trainingTasks } = a.place;
    return [{
      ...{ dataset: a.dataset, norm, adapter, shots, innerSteps, trainingTasks, layers, seed, distance },
      algorithmA: a.place.algorithm,
      algorithmB: b.place.algorithm,
      depthA: a.place.sharingDepth,
      depthB: b.place.sharingDepth,
      rate: own.strength === other.strength ? own.strength : null,
      betweenSeeds: seeds.length < 2 ? null : rootMeanSquareDifference(own.episodes, next) ?? null,
      episodes: own.episodes.length,
    }];
  });
}
