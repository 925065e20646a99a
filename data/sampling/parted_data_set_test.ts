import assert from "node:assert/strict";
import fc from "fast-check";
import type { Collection } from "../contract/collection.ts";
import type { EpisodeBatch } from "../contract/dataset.ts";
import { partedDataSet } from "./parted_data_set.ts";

const CLASSES = 9;
const [ODD, EVEN] = [1, 2];

/** Inputs that say their class, example and part; classes have different numbers of examples, and more of one part than of the other. */
function part(own: number): Collection {
  return {
    name: "parted",
    inputShape: [3],
    digest: "4".repeat(64),
    classes: Array.from(
      { length: CLASSES },
      (_, c) => ({ name: `class ${c}`, group: `group ${c % 2}`, examples: 12 + c * own }),
    ),
    splits: { train: [0, 2, 4, 6], validation: [1, 3], test: [5, 7, 8] },
    write(classId, example, out, at) {
      out.set([classId, example, own], at);
    },
  };
}
const PARTS = { all: part(3), support: part(ODD), query: part(EVEN) };
const data = partedDataSet(PARTS, 2);

/** What an input says. */
const rows = (x: Float32Array) => Array.from({ length: x.length / 3 }, (_, i) => [...x.subarray(3 * i, 3 * i + 3)]);

/** Support and query examples are of their own parts and of the class that their label says, none twice. */
function holds(batch: EpisodeBatch, split: readonly number[], shots: number, queries: number, ways = 2): void {
  assert.deepEqual([batch.nSupport, batch.nQuery], [ways * shots, ways * queries]);
  for (
    const [x, y, own, count] of [
      [batch.supportX, batch.supportY, ODD, shots],
      [batch.queryX, batch.queryY, EVEN, queries],
    ] as const
  ) {
    const said = rows(x);
    assert.equal(said.length, batch.tasks * ways * count);
    said.forEach(([classId, , from], i) => {
      assert.equal(from, own);
      const task = Math.floor(i / (ways * count));
      const label = y.subarray(i * ways, (i + 1) * ways).indexOf(1);
      assert.equal(classId, split[batch.classes![task * ways + label]]);
    });
    for (let task = 0; task < batch.tasks; task++) {
      const own = said.slice(task * ways * count, (task + 1) * ways * count).map(String);
      assert.equal(new Set(own).size, own.length);
    }
  }
}

Deno.test("support and query examples are of different parts and the same classes, in training, pools and episodes alike", () => {
  const counts = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(counts, counts, counts, fc.nat(), (tasks, shots, queries, key) => {
      holds(data.trainBatch(tasks, shots, queries, [key]), PARTS.all.splits.train, shots, queries);
      holds(data.trainBatch(tasks, shots, queries, [key], 3), PARTS.all.splits.train, shots, queries, 3);
      holds(data.episodes("test", key % 1000, tasks, shots, queries), PARTS.all.splits.test, shots, queries);
      const ids = Array.from({ length: tasks }, (_, t) => (key + t) % 5);
      const pool = data.pool(5, key);
      const episodes = pool.episodes(ids, shots, queries, [key]);
      holds(episodes, PARTS.all.splits.train, shots, queries);
      assert.deepEqual([...episodes.classes!], ids.flatMap((id) => [...pool.classes!.subarray(2 * id, 2 * id + 2)]));
    }),
    { numRuns: 60 },
  );
});

Deno.test("joint training sees all examples, and tasks of a batch differ", () => {
  assert(rows(data.pool(3, 0).batch([0, 1, 2], 5, ["x"]).x).every(([, , own]) => own === 3));
  assert(rows(data.classBatch!(20, ["x"]).x).every(([, , own]) => own === 3));
  const { classes, supportX } = data.trainBatch(30, 2, 1, ["x"]);
  assert(new Set(Array.from({ length: 30 }, (_, t) => String(classes!.subarray(2 * t, 2 * t + 2)))).size > 5);
  assert(new Set(rows(supportX).map(String)).size > 30);
});

Deno.test("support sets are nested in their number and queries do not depend on it, as for every collection", () => {
  const [small, large] = [2, 3].map((shots) => data.episodes("test", 4, 1, shots, 5));
  assert.deepEqual(small.queryX, large.queryX);
  for (const label of [0, 1]) {
    assert.deepEqual(
      small.supportX.subarray(6 * label, 6 * label + 6),
      large.supportX.subarray(9 * label, 9 * label + 6),
    );
  }
});

Deno.test("hierarchical tasks keep to one group, and what a part has too little of is refused by name", () => {
  const grouped = partedDataSet(PARTS, 2, { hierarchical: true });
  const { classes } = grouped.episodes("test", 0, 20, 1, 1);
  for (let t = 0; t < 20; t++) {
    const [a, b] = classes!.subarray(2 * t, 2 * t + 2);
    assert.equal(PARTS.all.splits.test[a] % 2, PARTS.all.splits.test[b] % 2);
  }
  assert.throws(() => data.episodes("test", 0, 1, 1, 40), { name: "DataError", message: /40 queries.*"class 5"/ });
  assert.throws(() => partedDataSet(PARTS, 7), { name: "DataError", message: /7-way/ });
});
