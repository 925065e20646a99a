import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { placeOf } from "../rows/place.ts";
import { synthetic } from "../testing/synthetic.ts";
import { type CellDifference, meanDifference } from "./averages.ts";

const [{ key }] = synthetic({ algorithms: ["mtl", "maml"] }).verdicts;

Deno.test("the mean difference averages over cells within a seed first, and only over cells that every seed has", () => {
  const pair = (seed: number, shots: number, difference: number): CellDifference => (
    { seed, difference, place: { ...placeOf(key.a), shots } }
  );
  const found = meanDifference([pair(0, 1, 2), pair(0, 5, 4), pair(1, 1, 6), pair(1, 5, 8), pair(0, 10, 100)]);
  deepStrictEqual([found?.interval.n, found?.interval.mean, found?.cells, found?.incomplete], [2, 5, 2, 1]);
  strictEqual(meanDifference([]), undefined);
});
