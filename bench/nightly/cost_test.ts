import { deepStrictEqual as equal } from "node:assert/strict";
import { compareSpeed } from "./cost.ts";
import { type Entry, type TrainingSummary } from "./entry.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** A night of trainings of one algorithm each, with these speeds. */
function night(speeds: Readonly<Record<string, readonly number[]>>): Entry {
  const trainings = Object.entries(speeds).flatMap(([algorithm, all]) =>
    all.map((iterationsPerS, shots) => ({ dataset: "sinusoid", algorithm, shots, iterationsPerS }) as TrainingSummary)
  );
  return { workers: 2, trainings } as Partial<Entry> as Entry;
}

/** What is told of an algorithm's speed: its subject, and whether it is a regression. */
function told(base: Entry, now: Entry): [string, boolean][] {
  const found: [string, boolean][] = [];
  compareSpeed(base, now, THRESHOLDS, (worse, { subject }) => found.push([subject, worse]));
  return found;
}

Deno.test("a slow training on its own is told and is no regression; the median of several is one", () => {
  const base = night({ a: [10, 10, 10, 10], b: [10] });
  equal(told(base, night({ a: [10, 10, 10, 10], b: [1] })), [["sinusoid, b", false]]);
  equal(told(base, night({ a: [1, 10, 10, 10], b: [10] })), []);
  equal(told(base, night({ a: [1, 1, 1, 10], b: [10] })), [["all trainings", true], ["sinusoid, a", true]]);
  equal(told(night({ b: [10] }), night({ b: [1] })), [["all trainings", false], ["sinusoid, b", false]]);
});
