import assert from "node:assert/strict";
import type { Reference } from "../contract/reference.ts";
import { dataSets } from "../registry.ts";
import { glyphsDataSet } from "../testing/glyphs.ts";
import { nearestMean, referencesOf } from "./floors.ts";

Deno.test("regression has zero and the mean curve for floors, which are what they are called at every point", async () => {
  const data = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
  const references = referencesOf(data);
  assert.deepEqual(references.map(({ name, role }) => [name, role]), [["zero", "floor"], ["mean", "floor"]]);
  const { supportX, supportY, queryX, queryY } = data.episodes("test", 0, 1, 5, 1);
  const [zero, mean] = references.map((reference) => reference.predict({ supportX, supportY, queryX }));
  assert(Array.from(zero).every((own) => own === 0));
  // Finn's family: -(2/π) E[A] cos x
  Array.from(mean).forEach((own, i) => assert(Math.abs(own + 2 / Math.PI * 2.55 * Math.cos(queryX[i])) < 1e-6));
  assert.equal(mean.length, queryY.length);
  const other = references[1].predict({ supportX, supportY, queryX: queryX.map((x) => x + 1) });
  assert.notDeepEqual(other, mean, "it does not remember other points");
});

Deno.test("a data set without a known mean has no mean curve, and what one declares comes last", async () => {
  const { meanTarget: _, ...blind } = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
  const own: Reference = { name: "oracle", title: "all", role: "ceiling", predict: ({ queryX }) => queryX };
  const names = (references: readonly Reference[]) => references.map(({ name }) => name);
  assert.deepEqual(names(referencesOf(blind)), ["zero"]);
  assert.deepEqual(names(referencesOf({ ...blind, references: [own] })), ["zero", "oracle"]);
});

Deno.test("the nearest class mean is that of the class's own support examples, however many and in whatever order", () => {
  const supportX = Float32Array.of(0, 0, 10, 10, 2, 0, 0, 4);
  const supportY = Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0);
  const logits = nearestMean(2, 2).predict({ supportX, supportY, queryX: Float32Array.of(1, 1, 9, 8) });
  // The mean of class 0 is (2/3, 4/3), of class 1 (10, 10).
  const expected = [-(1 / 9 + 1 / 9), -162, -((25 / 3) ** 2 + (20 / 3) ** 2), -5];
  Array.from(logits).forEach((own, i) => assert(Math.abs(own - expected[i]) < 1e-9, `${own}`));
});

Deno.test("classification has the nearest class mean of its inputs for a floor", () => {
  const data = glyphsDataSet(3);
  const [reference, ...others] = referencesOf(data);
  assert.deepEqual([reference.name, reference.role, others.length], ["nearest-mean", "floor", 0]);
  const { supportX, supportY } = data.episodes("test", 0, 1, 1, 1);
  const logits = reference.predict({ supportX, supportY, queryX: supportX });
  for (let c = 0; c < 3; c++) assert.equal(logits[4 * c], Math.max(...Array.from(logits).slice(3 * c, 3 * c + 3)));
});
