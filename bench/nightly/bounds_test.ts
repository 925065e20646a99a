import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { planSweep } from "../plan/plan.ts";
import { CATALOG } from "../run/catalog.ts";
import { sweeps } from "../sweeps/registry.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { type Bound, GATES } from "../sweeps/gates.ts";
import { checkBounds } from "./bounds.ts";
import type { CellSummary } from "./entry.ts";
import type { Finding } from "./finding.ts";

const CELL: CellSummary = {
  ...{ dataset: "curves", norm: "none", algorithm: "maml", adapter: "gradient", shots: 5, innerSteps: 10 },
  ...{ sharingDepth: 0, adaptDepth: 0, taskStart: null, trainingTasks: 100, metric: "mse", seeds: 3, divergedSeeds: 0 },
  ...{ mean: 0.3, meanLog: Math.log(0.02), sd: 0.2, episodeSd: 1, episodes: 10, divergedEpisodes: 0 },
};
const bound = (what: Bound["what"], most: number): Bound => ({
  ...{ of: { algorithm: "maml", shots: 5 }, what, most, source: "a test" },
});

function found(cells: readonly CellSummary[], ...bounds: Bound[]): Finding[] {
  const told: Finding[] = [];
  checkBounds({ identity: { sweep: "mine" }, cells }, (worse, finding) => {
    ok(worse);
    told.push(finding);
  }, { mine: bounds });
  return told;
}

Deno.test("what is beyond its bound is a regression, whatever the night before was like; what is on it is not", () => {
  equal(found([CELL], bound("mean", 0.3), bound("geometric", 0.0201), bound("spread", 0.2)), []);
  const [mean, geometric, spread] = found([CELL], bound("mean", 0.29), bound("geometric", 0.01), bound("spread", 0.1));
  equal([mean.after, geometric.after, spread.after], ["0.300", "0.0200", "0.200"]);
  match(mean.subject, /curves, maml, 5 shots, .*, mean$/);
  match(mean.before, /at most 0\.29 \(a test\)/);
});

Deno.test("a bound without a cell, or with one whose value is unknown, is beyond it", () => {
  match(found([{ ...CELL, shots: 10 }], bound("mean", 1))[0].after, /no such cell/);
  equal(found([{ ...CELL, mean: null }], bound("mean", 1))[0].after, "Infinity");
});

Deno.test("every built-in bound is about one cell per seed of its sweep", () => {
  for (const [name, bounds] of Object.entries(GATES)) {
    const sweep = sweeps[name as keyof typeof sweeps];
    const { cells } = planSweep(sweep, CATALOG, PLAIN_ADDRESSES);
    for (const { of } of bounds) {
      const own = cells.filter((cell) =>
        Object.entries(of).every(([field, value]) => cell[field as keyof typeof cell] === value)
      );
      equal([of, own.length], [of, sweep.seeds.length]);
    }
  }
});
