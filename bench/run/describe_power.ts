/** What a plan's primary comparisons can find, in words: for `--dry-run`. */
import type { Metric } from "../../common/vocabulary.ts";
import { FAMILY_ALPHA } from "../../reports/claims/comparison.ts";
import { marginOfDifference } from "../../reports/statistics/paired_scores.ts";
import { type Design, type Power, powerOf } from "../../reports/statistics/power.ts";
import { lookLevels } from "../../reports/statistics/spending.ts";
import type { Catalog } from "../plan/catalog.ts";
import { pairingsOf } from "../plan/pairings.ts";
import type { Plan } from "../plan/plan.ts";
import type { Sweep } from "../sweeps/schema.ts";

/**
 * Standard deviations that are assumed before anything is trained. Log ratios of MSEs: as found on sinusoids, where seeds of multi-task learning against MAML have 0.35 to 0.73. Accuracy, in percentage points: 9 per episode and
 * side with a correlation of 0.7 between the sides, 0.7 per seed and side, as published results imply for about 15 queries per class.
 */
export const ASSUMED: Readonly<Record<Metric, Pick<Design, "seedSd" | "episodeSd">>> = {
  mse: { episodeSd: 1.8, seedSd: 0.6 },
  accuracy: { episodeSd: 9 * Math.sqrt(2 * (1 - 0.7)), seedSd: 0.7 * Math.SQRT2 },
};

/** A line per pair of cells of the first family that answers and has any: how probable it is that it finds what it is for; [] where there is none. */
export function describePower(sweep: Sweep, plan: Pick<Plan, "cells">, catalog: Catalog): string[] {
  const pairings = pairingsOf(sweep, plan, catalog);
  const pairsOf = (name: string) =>
    pairings.filter(({ comparison }) => comparison.family === name).flatMap(({ comparison, pairs }) =>
      pairs.map((pair) => ({ id: comparison.id, ...pair }))
    );
  const family = sweep.families.find(({ name, purpose }) => purpose === "answer" && pairsOf(name).length > 0);
  if (family === undefined) return [];
  const primary = pairsOf(family.name);
  const whole = (family.alpha ?? FAMILY_ALPHA) / primary.length;
  // What is open after all rounds has spent a part of its error rate on the looks before.
  const looks = sweep.rounds === null
    ? [{ seeds: sweep.seeds.length, error: whole }]
    : lookLevels(whole, sweep.rounds).map((error, look) => ({ seeds: sweep.rounds?.[look] ?? 0, error }));
  const told = looks.length === 1 ? looks : [looks[0], looks[looks.length - 1]];
  const lines = primary.flatMap(({ id, a: { dataset, place }, b }) => {
    const entry = sweep.datasets.find(({ name }) => name === dataset);
    if (entry === undefined) return [];
    const { metric } = catalog.dataSets[dataset];
    const { episodes, norms, trainingTasks } = entry;
    const variants = [
      ...(norms.length > 1 && place.norm === b.place.norm ? [`norm ${place.norm}`] : []),
      ...(trainingTasks.length > 1 ? [`${place.trainingTasks ?? "fresh"} training tasks`] : []),
    ];
    const where = [`  ${id}`, dataset, `${place.shots} ${place.shots === 1 ? "shot" : "shots"}`, ...variants].join(
      ", ",
    );
    if (told[told.length - 1].seeds < 3 || episodes < 2) {
      return [`${where}: none, as a verdict needs 3 seeds and 2 test episodes`];
    }
    const margin = marginOfDifference(metric, entry.margin);
    const twice = metric === "mse"
      ? `a factor ${Number(Math.exp(2 * margin).toPrecision(3))}`
      : `${Number((2 * margin).toPrecision(3))} points`;
    const powers = told.map(({ seeds, error }) =>
      seeds < 3 ? undefined : powerOf({ seeds, episodes, margin, error, ...ASSUMED[metric] })
    );
    const each = (of: (power: Power) => number) =>
      powers.map((power) => power === undefined ? "none" : percent(of(power))).join(" and ");
    return [
      `${where}: ${each(({ difference }) => difference)} to establish a difference of ${twice}, ${
        each(({ equivalence }) => equivalence)
      } to show equivalence`,
    ];
  });
  const level = (error: number) => `${Number((100 * (1 - error)).toFixed(2))} %`;
  const of = told.map(({ seeds, error }) => `${seeds} seeds, intervals at ${level(error)}`).join("; and with ");
  return [
    `Power of the family "${family.name}" at the usual noise, of the typical episode alone (with ${of}):`,
    ...lines,
  ];
}

/** "76 %"; never a certainty. */
function percent(share: number): string {
  if (share > 0.99) return "over 99 %";
  return share < 0.01 ? "under 1 %" : `${Math.round(100 * share)} %`;
}
