/** Sweeps in rounds of seeds: how many seeds every round has, and the part of a plan that the rounds so far come to. */
import { type Place, placeKey } from "../../reports/rows/place.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { Plan, PlannedCell } from "./plan.ts";

/** The first `count` seeds of a sweep: its own, and then the whole numbers that follow the largest. */
export function seedsUpTo(seeds: readonly number[], count: number): number[] {
  const largest = Math.max(...seeds);
  return Array.from({ length: count }, (_, i) => i < seeds.length ? seeds[i] : largest + 1 + i - seeds.length);
}

/** The sweep with the seeds of one of its rounds, the first being 0; all that it has where it has no rounds. */
export function sweepOfRound(sweep: Sweep, round: number): Sweep {
  return sweep.rounds === null ? sweep : { ...sweep, seeds: seedsUpTo(sweep.seeds, sweep.rounds[round]) };
}

/** How many seeds each place of a data set has, beyond those of the first round. */
export class Places {
  readonly #counts = new Map<string, number>();

  /** Gives a place as many seeds, where it has fewer. */
  extend(dataset: string, place: Place, seeds: number): void {
    const key = keyOf(dataset, place);
    this.#counts.set(key, Math.max(seeds, this.#counts.get(key) ?? 0));
  }

  seeds(dataset: string, place: Place): number {
    return this.#counts.get(keyOf(dataset, place)) ?? 0;
  }
}

const keyOf = (dataset: string, place: Place) => `${dataset} ${placeKey(place)}`;

/**
 * The part of a plan in which every place has its own number of seeds.
 *
 * @param plan of all seeds
 * @param seeds of the plan, in their order
 * @param first seeds that every place has
 */
export function planOfPlaces(plan: Plan, seeds: readonly number[], first: number, places: Places): Plan {
  const rank = new Map(seeds.map((seed, index) => [seed, index]));
  return restricted(plan, (cell) => {
    return (rank.get(cell.seed) ?? 0) < Math.max(first, places.seeds(cell.dataset, cell));
  });
}

/** The cells that are kept, with the units and evaluations that serve them. */
function restricted(plan: Plan, keeps: (cell: PlannedCell) => boolean): Plan {
  const cells = plan.cells.filter(keeps);
  const [units, evaluations] = [new Set(cells.map(({ unit }) => unit)), new Set(cells.map((cell) => cell.evaluation))];
  return {
    cells,
    units: plan.units.filter(({ id }) => units.has(id)).map((unit) => ({
      ...unit,
      evaluations: unit.evaluations.filter(({ id }) => evaluations.has(id)),
    })),
  };
}
