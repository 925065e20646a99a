import { deepStrictEqual as equal, match } from "node:assert/strict";
import { planSweep } from "../plan/plan.ts";
import { sweeps } from "../sweeps/registry.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { CATALOG } from "./catalog.ts";
import { describePower } from "./describe_power.ts";

Deno.test("a plan says of every primary comparison what it can find, with its seeds, episodes, margin and family", () => {
  const { quick } = sweeps;
  const of = (sweep: typeof quick) => describePower(sweep, planSweep(sweep, CATALOG, PLAIN_ADDRESSES), CATALOG);
  const [heading, ...lines] = of(quick);
  match(
    heading,
    /^Power of the family "primary" at the usual noise, of the typical episode alone \(with 5 seeds, intervals at 99\.\d+ %; and with 40 seeds, intervals at 99\.\d+ %\):$/,
  );
  equal(lines.length, 8);
  match(
    lines[0],
    /^ {2}mtl-maml-native, sinusoid, 5 shots: .* to establish a difference of a factor 1\.\d+, .* % to show equivalence$/,
  );
  match(
    lines[5],
    /^ {2}mtl-maml-native, omniglot, 5 shots: \d+ % and (\d+|over 99) % to establish a difference of 2 points, (\d+|under 1) % and (\d+|under 1) % to show/,
  );
  const datasets = quick.datasets.map((entry) => ({ ...entry, episodes: 4000, margin: 1.25 }));
  const longer = of({ ...quick, rounds: null, datasets, seeds: Array.from({ length: 40 }, (_, seed) => seed) });
  match(longer[1], /: 9\d % to establish a difference of a factor 1\.56, under 1 % to show equivalence$/);
  equal(of({ ...quick, comparisons: [] }), []);
  match(of({ ...quick, rounds: null, seeds: [0, 1] })[1], /none, as a verdict needs 3 seeds/);
});
