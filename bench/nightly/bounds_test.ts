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
  restartedSeeds: 0,
  ...{ mean: 0.3, meanLog: Math.log(0.02), sd: 0.2, episodeSd: 1, episodes: 10, divergedEpisodes: 0 },
};
const bound = (what: Exclude<Bound["what"], "accuracy">, most: number): Bound => ({
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
  equal(found([{ ...CELL, mean: null }], bound("mean", 1))[0].after, "not known");
  // A night from before restarts were counted.
  equal(found([{ ...CELL, restartedSeeds: undefined }], bound("restarted", 0))[0].after, "not known");
});

Deno.test("a seed that restarted is beyond a bound of none, and an accuracy is held from below", () => {
  equal(found([{ ...CELL, restartedSeeds: 0 }], bound("restarted", 0)), []);
  equal(found([{ ...CELL, restartedSeeds: 1 }], bound("restarted", 0))[0].after, "1.00");
  const accuracy = (least: number): Bound => ({ of: { shots: 5 }, what: "accuracy", least, source: "a test" });
  const cell: CellSummary = { ...CELL, metric: "accuracy", mean: 0.8, meanLog: null };
  equal(found([cell], accuracy(0.8)), []);
  const [low] = found([cell], accuracy(0.81));
  equal([low.before, low.after], ["at least 0.81 (a test)", "0.800"]);
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
