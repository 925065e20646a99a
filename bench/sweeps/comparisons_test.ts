import { algorithmsOn } from "./algorithms_on.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { styleAt } from "../../reports/view/palette.ts";
import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { UsageError } from "../../common/errors.ts";
import { namesIn } from "../../reports/claims/selection.ts";
import { pairingsOf } from "../plan/pairings.ts";
import { planSweep } from "../plan/plan.ts";
import { validateSweep } from "../plan/validate.ts";
import { CATALOG, catalogOf } from "../run/catalog.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { sweeps } from "./registry.ts";
import { parseSweep } from "./read.ts";
import { smoke } from "./smoke.ts";
import type { Sweep } from "./schema.ts";

/** A sweep as a user's file has it. */
const given = (change: Record<string, unknown>): Sweep => {
  const sweep = parseSweep(JSON.parse(JSON.stringify({ ...smoke, ...change })), "file");
  validateSweep(sweep, CATALOG);
  return sweep;
};

const ANIL_MAML = {
  ...{ id: "anil-maml", question: "Does ANIL match MAML?", family: "native" },
  a: { algorithm: "anil", adapter: "native", sharingDepth: "native", innerSteps: "most" },
  b: { algorithm: "maml", adapter: "native", sharingDepth: "native", innerSteps: "most" },
};

Deno.test("a sweep that says nothing of comparisons has the built-in ones", () => {
  const { comparisons, families } = given({ comparisons: undefined, families: undefined });
  equal([comparisons, families], [[...COMPARISONS], [...COMPARISON_FAMILIES]]);
});

for (
  const profile of ["smoke", "quick", "identity", "theory", "tenfold", "real", "nightly", "omniglot", "paper"] as const
) {
  Deno.test(`every comparison of the ${profile} sweep whose algorithms it trains has cells in its plan`, () => {
    const sweep = sweeps[profile];
    const catalog = catalogOf(sweep);
    const plan = planSweep(sweep, catalog, PLAIN_ADDRESSES);
    const trained = sweep.comparisons.filter(({ a, b }) =>
      namesIn([a, b]).algorithms.every((name) => sweep.algorithms.includes(name))
    );
    for (const { comparison, pairs, reason } of pairingsOf(sweep, plan, catalog, trained)) {
      equal([comparison.id, reason], [comparison.id, ""]);
      const { algorithms } = namesIn([comparison.a, comparison.b]);
      const kinds = sweep.datasets.filter((entry) => {
        const { name } = entry;
        const own = algorithmsOn(entry, sweep);
        return algorithms.every((algorithm) =>
          own.includes(algorithm) && catalog.algorithms[algorithm].supports.includes(catalog.dataSets[name].kind)
        ) && (catalog.adapters[String(comparison.a.adapter)]?.supports.includes(catalog.dataSets[name].kind) ?? true);
      });
      // As its authors use it, each algorithm has one cell per number of shots and way to normalise; a comparison may name the latter.
      const places = kinds.reduce((total, { shots, norms }) => {
        return total + shots.length * (comparison.a.norm === undefined ? norms.length : 1);
      }, 0);
      if (comparison.family !== "matched") equal([comparison.id, pairs.length], [comparison.id, places]);
    }
  });
}

Deno.test("ANIL against MAML is four lines of a sweep file", () => {
  const sweep = given({ algorithms: ["maml", "anil"], comparisons: [ANIL_MAML] });
  const plan = planSweep(sweep, CATALOG, PLAIN_ADDRESSES);
  const [{ pairs }] = pairingsOf(sweep, plan, CATALOG);
  equal(
    pairs.map(({ a, b }) =>
      [a.place, b.place].map((place) =>
        `${place.algorithm} d=${place.sharingDepth} K=${place.shots} S=${place.innerSteps}`
      )
    ),
    [
      ["anil d=2 K=5 S=5", "maml d=0 K=5 S=5"],
      ["anil d=2 K=10 S=5", "maml d=0 K=10 S=5"],
    ],
  );
});

const WRONG: readonly (readonly [string, Record<string, unknown>[], RegExp])[] = [
  [
    "an unknown algorithm",
    [{ ...ANIL_MAML, a: { algorithm: "anill" } }],
    /unknown algorithm "anill"\. Did you mean "anil"\?/,
  ],
  [
    "an unknown data set",
    [{ ...ANIL_MAML, a: { dataset: "sinusoit" } }],
    /unknown data set "sinusoit"\. Did you mean "sinusoid"\?/,
  ],
  [
    "an unknown family",
    [{ ...ANIL_MAML, family: "natve" }],
    /unknown family of comparisons "natve"\. Did you mean "native"\?/,
  ],
  [
    "an unknown adapter",
    [{ ...ANIL_MAML, a: { adapter: "gradent" } }],
    /Comparison "anil-maml": unknown adapter "gradent"\. Did you mean "gradient"\?/,
  ],
  [
    "an unknown field",
    [{ ...ANIL_MAML, b: { depth: 2 } }],
    /unknown key comparisons\[0\]\.b\.depth; known keys: dataset, norm, algorithm/,
  ],
  [
    "a misspelt field",
    [{ ...ANIL_MAML, b: { inerSteps: 2 } }],
    /unknown key comparisons\[0\]\.b\.inerSteps; did you mean "innerSteps"\?/,
  ],
  [
    "a word that makes no sense",
    [{ ...ANIL_MAML, a: { innerSteps: "native" } }],
    /expected a whole number >= 0 or one of "most"/,
  ],
  ["an id twice", [ANIL_MAML, ANIL_MAML], /comparisons name "anil-maml" twice/],
  [
    "sides on two data sets",
    [{ ...ANIL_MAML, a: { dataset: "sinusoid" }, b: { dataset: "omniglot" } }],
    /comparisons\[0\]\.b\.dataset: expected the data set of a/,
  ],
];

for (const [what, comparisons, message] of WRONG) {
  Deno.test(`a comparison with ${what} is refused, with the way out`, () => {
    throws(() => given({ comparisons }), (error: Error) => {
      match(error.message, message);
      return error instanceof UsageError;
    });
  });
}

Deno.test("a gate is an earlier family whose intervals hold at once; another one is refused with the way out", () => {
  const [primary, native, matched] = COMPARISON_FAMILIES;
  const families = (...list: readonly unknown[]) => () => given({ families: list, comparisons: [] });
  families(primary, native, matched)();
  throws(
    families(native, primary, matched),
    /"native" cannot have the gate "primary": a gate is an earlier family .*there is none/,
  );
  throws(families(primary, { ...native, gate: "native" }, matched), /cannot have the gate "native": .* \(primary\)/);
  throws(families(primary, matched, { ...native, gate: "matched" }), /cannot have the gate "matched"/);
  throws(families({ ...primary, alpha: 0 }), /alpha/);
});

Deno.test("the primary question is a handful, the families that answer share 5 %, and no cell without adaptation is matched", () => {
  for (const profile of ["quick", "nightly", "paper"] as const) {
    const sweep = sweeps[profile];
    const pairings = pairingsOf(sweep, planSweep(sweep, CATALOG, PLAIN_ADDRESSES), CATALOG);
    const of = (family: string) => pairings.filter(({ comparison }) => comparison.family === family);
    const primary = of("primary").reduce((total, { pairs }) => total + pairs.length, 0);
    match(String(primary), /^([3-9]|10)$/);
    const steps = new Set(of("matched").flatMap(({ pairs }) => pairs.map(({ a }) => a.place.innerSteps)));
    equal(steps.has(0), false);
    equal(steps.size > 1, true);
  }
  const answering = COMPARISON_FAMILIES.filter(({ purpose }) => purpose === "answer");
  equal(answering.reduce((total, { alpha }) => total + (alpha ?? NaN), 0), 0.05);
});

Deno.test("the sides of the primary question are drawn as the sides of its verdict are, blue and orange, wherever they stand in the table", () => {
  const table = Object.keys(algorithms);
  const [{ a, b }] = COMPARISONS.filter(({ family }) => family === "primary");
  const colours = [a, b].map(({ algorithm }) => styleAt(table.indexOf(String(algorithm))).colour);
  equal(colours, ["#0072b2", "#d55e00"]);
});
