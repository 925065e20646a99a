import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { canonicalJson } from "../../common/digest.ts";
import { catalogOf } from "../run/catalog.ts";
import { parseSweep } from "../sweeps/read.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { smoke } from "../sweeps/smoke.ts";
import { testOnOf } from "../store/tested_on.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planSweep } from "./plan.ts";
import { planTuning } from "./tuning.ts";
import { validateSweep } from "./validate.ts";

function sweepWith(more: Record<string, unknown>): Sweep {
  return parseSweep({ ...smoke, datasets: [{ ...smoke.datasets[0], ...more }] }, "test");
}

const plan = (sweep: Sweep) => planSweep(sweep, catalogOf(sweep), PLAIN_ADDRESSES);

Deno.test("what a state is tested on changes no training: the same units, with evaluations beside their own", () => {
  const [own, crossed] = [plan(sweepWith({})), plan(sweepWith({ testOn: ["tides", "sinusoid-frequency"] }))];
  equal(crossed.units.map(({ id }) => id), own.units.map(({ id }) => id));
  equal(crossed.units.map(({ spec }) => canonicalJson(spec)), own.units.map(({ spec }) => canonicalJson(spec)));
  crossed.units.forEach(({ evaluations }, index) => {
    const home = evaluations.filter(({ spec }) => testOnOf(spec) === undefined);
    equal(home, own.units[index].evaluations);
    equal(evaluations.length, 3 * home.length);
  });
  equal(crossed.cells.length, 3 * own.cells.length);
  for (const { dataset, evaluation } of crossed.cells) {
    const specs = crossed.units.flatMap(({ evaluations }) => evaluations).filter(({ id }) => id === evaluation);
    equal(specs.length, 1);
    equal(testOnOf(specs[0].spec) ?? "sinusoid", dataset);
  }
});

Deno.test("tuning is done once for what is trained, and what it chose serves every data set that is tested on", () => {
  const tuning = { outerLrs: [1e-3, 4e-3], innerLrs: [0.01], iterations: null, seed: 0 };
  const [own, crossed] = [sweepWith({ tuning }), sweepWith({ tuning, testOn: ["tides"] })];
  const trials = (sweep: Sweep) => planTuning(sweep, catalogOf(sweep), PLAIN_ADDRESSES);
  equal(trials(crossed), trials(own));
  const asked = new Set<string>();
  planSweep(crossed, catalogOf(crossed), PLAIN_ADDRESSES, new Map(), (dataset) => {
    asked.add(dataset);
    return undefined;
  });
  equal([...asked], ["sinusoid"]);
});

Deno.test("a target with too few examples or classes is refused with what it has", () => {
  const [entry] = smoke.datasets;
  const languages = (more: Record<string, unknown>) =>
    parseSweep({
      ...smoke,
      algorithms: ["maml"],
      datasets: [{ ...entry, ...LANGUAGES, ...more }],
      predictions: [],
    }, "test");
  const check = (sweep: Sweep) => validateSweep(sweep, catalogOf(sweep));
  check(languages({ testOn: ["languages-80"] }));
  throws(
    () => check(languages({ testOn: ["languages-80"], testQueries: 35 })),
    /Cannot test what is trained on "languages" on "languages-80" with 5 shots \+ 35 queries per class: its scarcest class has 39/,
  );
  ok(languages({ testOn: ["languages-80"] }).datasets.length === 2);
  check(languages({ ways: 47, testOn: ["languages-80"] }));
  throws(
    () => check(languages({ ways: 48, testOn: ["languages-80"] })),
    /Cannot test what is trained on "languages" on "languages-80" with 48 ways: its splits have 47 classes at least/,
  );
});

Deno.test("a variant of other ways is no target: it would be tested at the ways of what is trained on", () => {
  const [entry] = smoke.datasets;
  const sweepOf = (testOn: string, ways: number) =>
    parseSweep({
      ...smoke,
      algorithms: ["maml"],
      datasets: [
        { ...entry, ...LANGUAGES, ways, testOn: [testOn] },
        { ...entry, ...LANGUAGES, name: "languages-80", ways: [3, 5] },
      ],
      predictions: [],
    }, "test");
  const check = (sweep: Sweep) => validateSweep(sweep, catalogOf(sweep));
  check(sweepOf("languages-80-3-way", 3));
  throws(
    () => check(sweepOf("languages-80-3-way", 5)),
    /Cannot test what is trained on "languages" with 5 ways on "languages-80-3-way", whose tasks have 3: name "languages-80", which/,
  );
});

Deno.test("a batch of all training classes that a few of them have not the examples for is refused in the plan", () => {
  const sweep = parseSweep({
    ...smoke,
    algorithms: ["mtl-all-rows"],
    datasets: [{ ...smoke.datasets[0], ...LANGUAGES, trainingClasses: [5, 220] }],
    predictions: [],
    comparisons: [],
  }, "test");
  const { metaBatch, queries } = smoke.datasets[0].hyper;
  const few = {
    ...sweep,
    datasets: sweep.datasets.map((entry) => ({ ...entry, hyper: { ...entry.hyper, metaBatch: 60 } })),
  };
  validateSweep(sweep, catalogOf(sweep));
  ok(metaBatch * queries * 5 <= 5 * 144 && 60 * queries * 5 > 5 * 144);
  throws(
    () => validateSweep(few, catalogOf(few)),
    /Cannot train mtl-all-rows on 5 classes of "languages": a batch has \d+ different examples .* the classes 720 at least; lower/,
  );
});

/** What makes the settings of sinusoids ones of languages. */
const LANGUAGES = {
  ...{ name: "languages", ways: 5, margin: 1, shots: [1, 5], testQueries: 10, validation: null, tuning: null },
  adapters: ["gradient"],
};
