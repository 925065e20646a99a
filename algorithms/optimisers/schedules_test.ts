import { deepStrictEqual as equal, ok } from "node:assert/strict";
// Made by algorithms/testing/golden/optimisers.py, which says how.
import golden from "../testing/golden/optimisers.json" with { type: "json" };
import { assertAlmost } from "../testing/tensor.ts";
import { type ScheduleName, schedules } from "./schedules.ts";

/** The shares of β of a whole training, with the schedule's options at their defaults where they are not given. */
function factors(name: ScheduleName, iterations: number, options: Record<string, unknown> = {}): number[] {
  const { factor, options: schema } = schedules[name];
  const parsed = schema.parse({ name, ...options });
  return Array.from({ length: iterations }, (_, i) => factor({ iteration: i + 1, iterations, qualities: [] }, parsed));
}

/** The share of β after some qualities. */
function afterPoints(qualities: readonly number[], options: Record<string, unknown> = {}): number {
  const { factor, options: schema } = schedules.plateau;
  return factor({ iteration: 1, iterations: 1, qualities }, schema.parse({ name: "plateau", ...options }));
}

Deno.test("the constant schedule is 1 throughout", () => {
  equal(factors("constant", 4), [1, 1, 1, 1]);
});

Deno.test("the cosine schedule is PyTorch's CosineAnnealingLR with as many steps as there are iterations", () => {
  assertAlmost("factors", factors("cosine", 10, { final: 0.1 }), golden.schedules.cosine, 1e-15);
});

Deno.test("the cosine schedule begins with 1, falls throughout, passes the middle half-way and ends a step before its final share", () => {
  const all = factors("cosine", 100);
  equal([all[0], all[50]], [1, 0.5]);
  ok(all.every((value, i) => i === 0 || value < all[i - 1]));
  assertAlmost("last", [all[99]], [(1 + Math.cos(0.99 * Math.PI)) / 2], 1e-15);
  equal(factors("cosine", 1), [1]);
  equal(factors("cosine", 3, { final: 1 }), [1, 1, 1]);
});

Deno.test("the step schedule is PyTorch's StepLR", () => {
  assertAlmost("factors", factors("step", 12, { factor: 0.1, steps: 3 }), golden.schedules.step, 1e-15);
});

Deno.test("the step schedule divides a training of any length into equal parts, as far as it goes", () => {
  equal(factors("step", 7, { factor: 0.5, steps: 3 }), [1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
  equal(factors("step", 2, { factor: 0.5, steps: 4 }), [1, 0.25]);
  equal(factors("step", 1, { factor: 0.5, steps: 4 }), [1]);
  equal(factors("step", 3, { factor: 0.5, steps: 1 }), [1, 1, 1]);
  // The last part never brings another drop, whatever the rounding.
  for (let iterations = 1; iterations <= 200; iterations++) {
    for (const steps of [2, 3, 7, 10]) {
      ok(factors("step", iterations, { factor: 0.5, steps })[iterations - 1] >= 0.5 ** (steps - 1));
    }
  }
});

Deno.test("the plateau schedule is PyTorch's ReduceLROnPlateau without a threshold", () => {
  const { qualities, schedules: { plateau: expected } } = golden;
  const actual = expected.map((_, passed) => afterPoints(qualities.slice(0, passed), { factor: 0.3, patience: 2 }));
  assertAlmost("factors", actual, expected, 1e-15);
});

Deno.test("the plateau schedule counts an equal quality as no improvement, and one that is not a number too", () => {
  const options = { factor: 0.5, patience: 1 };
  equal(afterPoints([], options), 1);
  equal(afterPoints([1, 1], options), 1);
  equal(afterPoints([1, 1, 1], options), 0.5);
  equal(afterPoints([1, NaN, NaN], options), 0.5);
  equal(afterPoints([1, 2, 3, 4, 5], options), 1);
  // After a drop, waiting starts anew.
  equal(afterPoints([1, 1, 1, 1], options), 0.5);
  equal(afterPoints([1, 1, 1, 1, 1], options), 0.25);
});

Deno.test("only schedules that need the end of a training go by its number of iterations", () => {
  for (const [name, { factor, needsEnd, options }] of Object.entries(schedules)) {
    const parsed = options.parse({ name });
    const at = (iterations: number) => factor({ iteration: 7, iterations, qualities: [2, 1, 1, 1] }, parsed);
    equal(at(9) !== at(900), needsEnd, name);
  }
});

Deno.test("only schedules that need validation points look at them", () => {
  for (const [name, { factor, needsValidation, options }] of Object.entries(schedules)) {
    const parsed = options.parse({ name });
    const at = (qualities: readonly number[]) => factor({ iteration: 7, iterations: 9, qualities }, parsed);
    equal(at([]) !== at([3, 2, 1, 0, 0, 0, 0]), needsValidation, name);
  }
});
