/** Settings that only one algorithm has are tuned with the same number of trials as everybody's step sizes. */
import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok, throws } from "node:assert";
import { algorithms } from "../../algorithms/registry.ts";
import { UsageError } from "../../common/errors.ts";
import type { TuningSweep } from "../sweeps/schema.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { Catalog } from "./catalog.ts";
import { planTuning, withOwnSettings } from "./tuning.ts";
import { validateSweep } from "./validate.ts";

const RATES = [1e-3, 2e-3, 4e-3].flatMap((outerLr) => [0.01, 0.03].map((innerLr) => ({ outerLr, innerLr })));

/** Candidates of own settings of algorithms that have some worth trying. */
const CANDIDATES = {
  "meta-curvature": { frozen: [false, true] },
  "metaoptnet-svm": { penalty: [0.01, 0.1, 1], scale: [1, 10] },
  "maml-plus-plus": { multiStep: [false, true] },
  imaml: { lambda: [0.5, 2, 8], cgSteps: [1, 5] },
  cavia: { contexts: [5, 50] },
} as const;

/** A sweep of one algorithm beside MAML's like, with this tuning of its own settings. */
function tuned(name: keyof typeof CANDIDATES, own: TuningSweep["own"]) {
  const catalog: Catalog = {
    ...FAKES,
    algorithms: {
      meta: FAKES.algorithms.meta,
      [name]: { ...FAKES.algorithms.meta, name, title: name, hyper: algorithms[name].hyper },
    },
  };
  const tuning = { outerLrs: [1e-3, 2e-3, 4e-3], innerLrs: [0.01, 0.03], own, iterations: 30, seed: 7 };
  const sweep = fakeSweep({ sharingDepths: [0], overrides: {}, tuning }, { algorithms: ["meta", name] });
  return { sweep, catalog };
}

for (const name of Object.keys(CANDIDATES) as (keyof typeof CANDIDATES)[]) {
  Deno.test(`${name}: its own settings are tried with as many trials as another algorithm has step sizes, and reach its trainings`, () => {
    const own = Object.fromEntries(Object.entries(CANDIDATES[name]).map(([key, values]) => [key, [...values]]));
    const { sweep, catalog } = tuned(name, { [name]: own });
    validateSweep(sweep, catalog);
    const trials = planTuning(sweep, catalog, PLAIN_ADDRESSES);
    const of = (wanted: string) => trials.filter(({ algorithm }) => algorithm === wanted);
    equal([of("meta").length, of(name).length], [6, 6]);
    equal(new Set(of(name).map(({ unit }) => unit.id)).size, 6);
    const [key, values] = Object.entries(own)[0];
    const seen = new Set(of(name).map(({ unit }) => unit.spec.hyper.own[key]));
    ok(seen.size > 1 && [...seen].every((value) => (values as readonly unknown[]).includes(value)), `${[...seen]}`);
    ok(of("meta").every(({ unit }) => Object.keys(unit.spec.hyper.own).length === 0));
  });
}

Deno.test("of a grid that is larger than the budget as many are drawn by name, and of a smaller one nothing is left out", () => {
  const candidates = { lambda: [0.5, 2, 8] };
  const drawn = withOwnSettings(RATES, candidates, ["curves", "none", "imaml", "0"]);
  equal(drawn.length, RATES.length);
  equal(drawn, withOwnSettings(RATES, candidates, ["curves", "none", "imaml", "0"]));
  differ(drawn, withOwnSettings(RATES, candidates, ["curves", "none", "imaml", "1"]));
  equal(new Set(drawn.map((one) => JSON.stringify(one))).size, RATES.length);
  ok(drawn.every(({ outerLr, innerLr }) => RATES.some((rate) => rate.outerLr === outerLr && rate.innerLr === innerLr)));
  equal(withOwnSettings(RATES, { lambda: [2, 2] }, ["x"]), RATES.map((rate) => ({ ...rate, own: { lambda: 2 } })));
  equal(withOwnSettings(RATES, {}, ["x"]), RATES);
});

Deno.test("candidates of a setting that an algorithm does not have, or cannot take, are refused before anything is trained", () => {
  const refused = (own: TuningSweep["own"], message: RegExp) => {
    const { sweep, catalog } = tuned("metaoptnet-svm", own);
    throws(() => validateSweep(sweep, catalog), (error) => error instanceof UsageError && message.test(error.message));
  };
  refused({ "metaoptnet-svm": { penalties: [1] } }, /penalties/);
  refused({ "metaoptnet-svm": { penalty: [0.1, 5] } }, /penalty/);
  refused({ "metaoptnet-svm": { penalty: [0] } }, /penalty/);
});
