import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Place } from "../rows/place.ts";
import type { GroupRow } from "../rows/rows.ts";
import { extremes, groupDifferences, groupIndex } from "./groups.ts";

const PLACE: Place = {
  ...{ norm: "layer", algorithm: "a", adapter: "gradient", shots: 1, innerSteps: 5, sharingDepth: 0 },
  ...{ adaptDepth: 0, taskStart: null, trainingTasks: null },
};
const OTHER: Place = { ...PLACE, algorithm: "b" };
const PAIR = {
  key: { ...{ dataset: "letters", metric: "accuracy", comparison: "c", family: "f" } as const, a: PLACE, b: OTHER },
};

function row(place: Place, seed: number, group: string, mean: number | null, change: Partial<GroupRow> = {}): GroupRow {
  return {
    ...{ ...place, dataset: "letters", seed, level: "alphabet", group, metric: "accuracy", count: 10, mean },
    ...{ meanLog: null, trainingUnit: "u", ...change },
  };
}

Deno.test("a group's difference is that of the seeds which both sides have, in percentage points, with its t interval", () => {
  const index = groupIndex([
    ...[row(PLACE, 0, "Greek", 0.9), row(PLACE, 1, "Greek", 0.7), row(PLACE, 2, "Greek", 0.1)],
    ...[row(OTHER, 0, "Greek", 0.5), row(OTHER, 1, "Greek", 0.5), row(OTHER, 3, "Greek", 0.2)],
  ]);
  const [{ a, b, difference, count }, ...rest] = groupDifferences(index, PAIR);
  equal([rest.length, count, difference.n], [0, 10, 2]);
  ok(Math.abs(a.mean - 80) < 1e-9 && Math.abs(b.mean - 50) < 1e-9 && Math.abs(difference.mean - 30) < 1e-9);
  // t(0.975; 1) = 12.706, sd of 40 and 20 over sqrt(2) = 10.
  ok(Math.abs((difference.high ?? NaN) - 157.06) < 0.01);
});

Deno.test("groups come level by level, where the first side is highest first, and only its ends are kept of a long level", () => {
  const scores = { Greek: 0.2, Hebrew: 0.9, Latin: 0.5, Tifinagh: 0.7 };
  const rows = Object.entries(scores).flatMap((
    [group, mean],
  ) => [row(PLACE, 0, group, mean), row(OTHER, 0, group, 0.5)]);
  const index = groupIndex([
    ...rows,
    row(PLACE, 0, "x", 1, { level: "class" }),
    row(OTHER, 0, "x", 0, { level: "class" }),
  ]);
  const found = groupDifferences(index, PAIR);
  equal(found.map(({ group }) => group), ["Hebrew", "Tifinagh", "Latin", "Greek", "x"]);
  equal(extremes(found, 1).map(({ group }) => group), ["Hebrew", "Greek", "x"]);
  equal(extremes(found, 2), found);
  // Chance moves small groups most: one with less than half of the average is at no end.
  const small = found.map((own) => own.group === "Hebrew" ? { ...own, count: 1 } : own);
  equal(extremes(small, 1).map(({ group }) => group), ["Tifinagh", "Greek", "x"]);
  equal(groupDifferences(groupIndex([...index.values()].flat().reverse()), PAIR), found);
});

Deno.test("MSE is compared by its logarithm, and what one side lacks is left out", () => {
  const mse = { metric: "mse", level: "country" } as const;
  const index = groupIndex([
    row(PLACE, 0, "NO", 2, { ...mse, meanLog: Math.log(2) }),
    row(OTHER, 0, "NO", 1, { ...mse, meanLog: 0 }),
    row(PLACE, 0, "IS", 2, { ...mse, meanLog: 0 }),
  ]);
  const found = groupDifferences(index, PAIR);
  equal(found.map(({ group, difference: { mean, low } }) => [group, mean, low]), [["NO", Math.log(2), null]]);
  equal(groupDifferences(new Map(), PAIR), []);
});
