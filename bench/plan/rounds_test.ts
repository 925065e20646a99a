import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { CATALOG } from "../run/catalog.ts";
import { quick } from "../sweeps/quick.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planSweep } from "./plan.ts";
import { Places, planOfPlaces, seedsUpTo, sweepOfRound } from "./rounds.ts";
import { validateSweep } from "./validate.ts";

Deno.test("later seeds follow the largest of the sweep's own", () => {
  equal(seedsUpTo([7, 3], 2), [7, 3]);
  equal(seedsUpTo([7, 3], 5), [7, 3, 8, 9, 10]);
  const sweep = fakeSweep({}, { seeds: [0, 1], rounds: [2, 4] });
  equal([sweepOfRound(sweep, 0).seeds, sweepOfRound(sweep, 1).seeds], [[0, 1], [0, 1, 2, 3]]);
});

Deno.test("a plan of rounds has the first round's seeds everywhere and more only where a place was extended, under the same addresses", () => {
  const sweep = fakeSweep({}, { seeds: [0, 1] });
  const seeds = [0, 1, 2, 3];
  const whole = planSweep({ ...sweep, seeds }, FAKES, PLAIN_ADDRESSES);
  const first = planSweep(sweep, FAKES, PLAIN_ADDRESSES);
  const same = planOfPlaces(whole, seeds, 2, new Places());
  equal(new Set(same.cells), new Set(first.cells));
  equal(new Set(same.units), new Set(first.units));
  const places = new Places();
  const chosen = first.cells[0];
  places.extend(chosen.dataset, chosen, 3);
  places.extend(chosen.dataset, chosen, 2);
  const more = planOfPlaces(whole, seeds, 2, places);
  const added = more.cells.filter(({ seed }) => seed > 1);
  equal(added.map((cell) => ({ ...cell, seed: 0, unit: "", evaluation: "" })), [{
    ...chosen,
    seed: 0,
    unit: "",
    evaluation: "",
  }]);
  equal(added.map(({ seed }) => seed), [2]);
  equal(more.units.filter(({ spec }) => spec.seed > 1).flatMap(({ evaluations }) => evaluations.map(({ id }) => id)), [
    added[0].evaluation,
  ]);
});

Deno.test("rounds begin with the sweep's own seeds and grow", () => {
  const check = (rounds: number[]) => validateSweep({ ...quick, seeds: [0, 1], rounds }, CATALOG);
  check([2, 4, 8]);
  throws(() => check([3, 4]), /the first round is that of the sweep's own 2 seeds, got 3/);
  throws(() => check([2, 4, 4]), /expected ascending numbers of seeds, got 2, 4, 4/);
});
