import assert from "node:assert/strict";
import fc from "fast-check";
import type { Collection } from "../contract/collection.ts";
import type { EpisodeBatch, Split } from "../contract/dataset.ts";
import { ledger, type LedgerRow, ledgerRows, ledgers } from "../testing/ledger.ts";
import { collectionDataSet } from "./collection_data_set.ts";

const [WAYS, EXAMPLES] = [6, 12];
const sizes = fc.record({
  ways: fc.integer({ min: 2, max: WAYS }),
  shots: fc.integer({ min: 1, max: EXAMPLES / 2 - 1 }),
  queries: fc.integer({ min: 1, max: EXAMPLES / 2 }),
  seed: fc.nat(),
});
const collections = ledgers(WAYS, EXAMPLES);

/** Label of each row, from one-hot targets; checks that they are one-hot. */
function labels(y: Float32Array, ways: number): number[] {
  return Array.from({ length: y.length / ways }, (_, row) => {
    const target = [...y.subarray(row * ways, (row + 1) * ways)];
    assert.deepEqual(target.toSorted((a, b) => a - b), [...Array(ways - 1).fill(0), 1]);
    return target.indexOf(1);
  });
}

/** Support and query rows by task and label. */
function read(batch: EpisodeBatch, ways: number): { support: LedgerRow[]; query: LedgerRow[] }[][] {
  const part = (x: Float32Array, y: Float32Array, perTask: number) => {
    const [rows, of] = [ledgerRows(x), labels(y, ways)];
    assert.deepEqual([rows.length, of.length], [batch.tasks * perTask, batch.tasks * perTask]);
    return (task: number, label: number) => {
      const own = rows.map((_, row) => row).filter((row) => Math.floor(row / perTask) === task && of[row] === label);
      assert(own.every((row, i) => row === own[0] + i), "ordered class by class");
      return own.map((row) => rows[row]);
    };
  };
  const [support, query] = [
    part(batch.supportX, batch.supportY, batch.nSupport),
    part(batch.queryX, batch.queryY, batch.nQuery),
  ];
  return Array.from(
    { length: batch.tasks },
    (_, t) => Array.from({ length: ways }, (_, n) => ({ support: support(t, n), query: query(t, n) })),
  );
}

/** Checks the laws of a balanced batch of tasks of a split. */
function checkBatch(
  collection: Collection,
  split: Split,
  batch: EpisodeBatch,
  size: { tasks: number; ways: number; shots: number; queries: number },
): void {
  const { tasks, ways, shots, queries } = size;
  assert.deepEqual([batch.tasks, batch.nSupport, batch.nQuery], [tasks, ways * shots, ways * queries]);
  assert.equal(batch.classes?.length, tasks * ways);
  read(batch, ways).forEach((task, t) => {
    task.forEach(({ support, query }, n) => {
      assert.deepEqual([support.length, query.length], [shots, queries]);
      const classId = collection.splits[split][batch.classes![t * ways + n]];
      const both = [...support, ...query];
      assert(both.every((row) => row.classId === classId), "every example is of the class that the batch names");
      assert.equal(new Set(both.map(({ example }) => example)).size, shots + queries, "no example twice");
      assert(both.every(({ example }) => example >= 0 && example < collection.classes[classId].examples));
    });
    assert.equal(new Set(task.map(({ support }) => support[0].classId)).size, ways);
  });
}

Deno.test("a task has N classes, K shots and Q queries of each, disjoint, and says which classes they are", () => {
  fc.assert(
    fc.property(collections, sizes, (collection, { ways, shots, queries, seed }) => {
      const data = collectionDataSet(collection, ways);
      const size = { tasks: 3, ways, shots, queries };
      checkBatch(collection, "train", data.trainBatch(3, shots, queries, [seed]), size);
      for (const split of ["validation", "test"] as const) {
        checkBatch(collection, split, data.episodes(split, seed % 1000, 3, shots, queries), size);
      }
      const pool = data.pool(5, seed);
      const batch = pool.episodes([4, 0, 4], shots, queries, [seed]);
      checkBatch(collection, "train", batch, size);
      const classesOf = (id: number) => [...pool.classes!.subarray(id * ways, (id + 1) * ways)];
      assert.deepEqual([...batch.classes!], [4, 0, 4].flatMap(classesOf));
    }),
    { numRuns: 40 },
  );
});

Deno.test("training ways may differ from the ways that are scored", () => {
  fc.assert(
    fc.property(collections, sizes, fc.integer({ min: 2, max: WAYS }), (collection, size, trainWays) => {
      const { ways, shots, queries, seed } = size;
      const data = collectionDataSet(collection, ways);
      const wide = { tasks: 2, ways: trainWays, shots, queries };
      checkBatch(collection, "train", data.trainBatch(2, shots, queries, [seed], trainWays), wide);
      checkBatch(collection, "train", data.pool(3, seed, trainWays).episodes([2, 1], shots, queries, []), wide);
      assert.equal(data.outputs, ways);
      assert.deepEqual(
        data.trainBatch(2, shots, queries, [seed], trainWays),
        collectionDataSet(collection, trainWays).trainBatch(2, shots, queries, [seed]),
      );
    }),
    { numRuns: 20 },
  );
});

Deno.test("an episode depends on its split and number alone: supports are nested in K and queries do not depend on it", () => {
  const styles = fc.record({
    hierarchical: fc.boolean(),
    imbalance: fc.option(fc.double({ min: 0, max: 3, noNaN: true }), { nil: undefined }),
  });
  fc.assert(
    fc.property(ledgers(3 * WAYS, EXAMPLES), sizes, fc.nat(500), styles, (collection, size, number, style) => {
      const { shots, queries } = size;
      const data = collectionDataSet(collection, 2, style);
      const [few] = read(data.episodes("test", number, 1, shots, queries), 2);
      const later = read(data.episodes("test", number - Math.min(number, 2), 3, shots + 1, queries), 2);
      later[Math.min(number, 2)].forEach(({ support, query }, n) => {
        assert.deepEqual(query, few[n].query);
        assert.deepEqual(support.slice(0, few[n].support.length), few[n].support);
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("hierarchical tasks take all their classes from one group, and every group that is large enough has its turn", () => {
  const split = ["a", "b", "a", "b", "c", "a", "b"].map((group) => ({ examples: 4, group }));
  const collection = ledger({ train: split, validation: split, test: split });
  const data = collectionDataSet(collection, 3, { hierarchical: true });
  const groupsOf = (batch: EpisodeBatch, own: Split) => {
    const groups = [...batch.classes!].map((position) => data.classesOf!(own)[position].group!);
    return Array.from({ length: batch.tasks }, (_, t) => {
      const task = groups.slice(3 * t, 3 * t + 3);
      assert.equal(new Set(task).size, 1);
      return task[0];
    });
  };
  const test = groupsOf(data.episodes("test", 0, 400, 1, 1), "test");
  // Binomial count: five standard deviations.
  assert(Math.abs(test.filter((group) => group === "a").length - 200) < 50);
  assert.deepEqual(new Set(groupsOf(data.trainBatch(50, 1, 1, []), "train")), new Set(["a", "b"]));
  const pool = groupsOf(data.pool(8, 1).episodes([0, 1, 2, 3, 4, 5, 6, 7], 1, 1, []), "train");
  for (let round = 0; round < 4; round++) assert.equal(new Set(pool.slice(2 * round, 2 * round + 2)).size, 2);
  const firsts = Array.from(
    { length: 20 },
    (_, seed) => groupsOf(data.pool(1, seed).episodes([0], 1, 1, []), "train")[0],
  );
  assert.deepEqual(new Set(firsts), new Set(["a", "b"]), "a small pool prefers no group");
  assert.throws(() => collectionDataSet(collection, 4, { hierarchical: true }), {
    name: "DataError",
    message: "Cannot draw 4-way tasks of ledger within its groups: ways must be a whole number from 2 to 3",
  });
});

Deno.test("imbalanced tasks have N·K support examples, at least one and at most what there is of each class, and Q queries of each", () => {
  fc.assert(
    fc.property(collections, sizes, (collection, { ways, shots, queries, seed }) => {
      const data = collectionDataSet(collection, ways, { imbalance: 2 });
      const batch = data.trainBatch(3, shots, queries, [seed]);
      assert.equal(batch.nSupport, ways * shots);
      for (const task of read(batch, ways)) {
        assert.equal(task.reduce((sum, { support }) => sum + support.length, 0), ways * shots);
        for (const { support, query } of task) {
          assert(support.length >= 1);
          assert.equal(query.length, queries);
          const examples = [...support, ...query].map(({ example }) => example);
          assert.equal(new Set(examples).size, examples.length);
          assert(examples.every((example) => example < collection.classes[query[0].classId].examples));
        }
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("imbalance makes classes unequal, the more the larger it is", () => {
  const split = Array.from({ length: 5 }, () => ({ examples: 60 }));
  const collection = ledger({ train: split, validation: split, test: split });
  const spread = (imbalance: number) => {
    const tasks = read(collectionDataSet(collection, 5, { imbalance }).trainBatch(100, 10, 1, ["spread"]), 5);
    const counts = tasks.flatMap((task) => task.map(({ support }) => support.length));
    return Math.sqrt(counts.reduce((sum, count) => sum + (count - 10) ** 2, 0) / counts.length);
  };
  const [even, mild, strong] = [0, 0.7, 2].map(spread);
  // With equal weights 45 examples fall to 5 classes: binomial with variance 45 · 0.2 · 0.8.
  assert(Math.abs(even - Math.sqrt(7.2)) < 0.4, `${even}`);
  assert(even + 1 < mild && mild + 2 < strong, `${even} ${mild} ${strong}`);
});

Deno.test("every class and every example is drawn equally often", () => {
  const split = Array.from({ length: 8 }, () => ({ examples: 20 }));
  const data = collectionDataSet(ledger({ train: split, validation: split, test: split }), 4);
  const batch = data.trainBatch(600, 1, 1, ["counts"]);
  for (const x of [batch.supportX, batch.queryX]) {
    const rows = ledgerRows(x);
    for (const [of, kinds] of [[(row: LedgerRow) => row.classId, 8], [(row: LedgerRow) => row.example, 20]] as const) {
      const expected = rows.length / kinds;
      const counts = [...Map.groupBy(rows, of).values()].map(({ length }) => length);
      assert.equal(counts.length, kinds);
      // Binomial counts: five standard deviations.
      assert(counts.every((count) => Math.abs(count - expected) < 5 * Math.sqrt(expected)), counts.join(" "));
    }
  }
});

Deno.test("a pool's tasks partition the classes, again and again, and stay the same in every batch and in a larger pool", () => {
  fc.assert(
    fc.property(collections, sizes, (collection, { ways, seed }) => {
      const data = collectionDataSet(collection, ways);
      const perPartition = Math.floor(data.trainClasses! / ways);
      const { size, classes } = data.pool(3 * perPartition, seed);
      assert.equal(size, 3 * perPartition);
      for (let round = 0; round < 3; round++) {
        const start = round * perPartition * ways;
        assert.equal(new Set(classes!.subarray(start, start + perPartition * ways)).size, perPartition * ways);
      }
      const small = data.pool(2, seed);
      assert.deepEqual(small.classes, classes!.subarray(0, 2 * ways));
      const batch = small.batch([1, 0, 1], EXAMPLES, [seed]);
      assert.deepEqual([batch.tasks, batch.nExamples], [3, ways * EXAMPLES]);
      assert.deepEqual(
        [...batch.classes!],
        [1, 0, 1].flatMap((id) => [...small.classes!.subarray(id * ways, (id + 1) * ways)]),
      );
      const [rows, of] = [ledgerRows(batch.x), labels(batch.y, ways)];
      for (let t = 0; t < 3; t++) {
        for (let n = 0; n < ways; n++) {
          const from = (t * ways + n) * EXAMPLES;
          const own = rows.slice(from, from + EXAMPLES);
          assert(of.slice(from, from + EXAMPLES).every((label) => label === n));
          assert.equal(new Set(own.map(({ example }) => example)).size, EXAMPLES);
          const classId = collection.splits.train[batch.classes![t * ways + n]];
          assert(own.every((row) => row.classId === classId));
        }
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("a batch over all classes has different examples, each as likely as any other, with their training classes", () => {
  fc.assert(
    fc.property(collections, fc.integer({ min: 1, max: 60 }), fc.nat(), (collection, examples, seed) => {
      const data = collectionDataSet(collection, 2);
      const batch = data.classBatch!(examples, [seed]);
      const rows = ledgerRows(batch.x);
      assert.deepEqual([batch.nExamples, rows.length, batch.classes.length], [examples, examples, examples]);
      assert.equal(new Set(rows.map((row) => `${row.classId} ${row.example}`)).size, examples);
      rows.forEach(({ classId }, row) => assert.equal(classId, collection.splits.train[batch.classes[row]]));
      assert.deepEqual(data.classBatch!(examples, [seed]), batch);
    }),
    { numRuns: 30 },
  );
  const train = [3, 1, 6, 2].map((examples) => ({ examples }));
  const few = ledger({ train, validation: train, test: train });
  const data = collectionDataSet(few, 2);
  const whole = ledgerRows(data.classBatch!(12, ["all"]).x);
  assert.equal(new Set(whole.map((row) => `${row.classId} ${row.example}`)).size, 12);
  const drawn = Array.from({ length: 1200 }, (_, i) => data.classBatch!(1, [i]).classes[0]);
  // The training classes are numbered from the ledger's last one on.
  [2, 6, 1, 3].forEach((examples, position) => {
    const count = drawn.filter((classId) => classId === position).length;
    assert(Math.abs(count - 100 * examples) < 5 * Math.sqrt(100 * examples), `${position}: ${count}`);
  });
  assert.throws(() => data.classBatch!(13, []), { name: "DataError", message: /batch of 13 examples .* have 12/ });
});

Deno.test("the same key gives the same batch and another key another one", () => {
  const split = Array.from({ length: 9 }, () => ({ examples: 30 }));
  const data = collectionDataSet(ledger({ train: split, validation: split, test: split }), 5);
  const pool = data.pool(4, 0);
  const draws = [
    (key: number) => data.trainBatch(3, 2, 2, [1, "batch", key]),
    (key: number) => pool.batch([3, 1], 4, [key]),
    (key: number) => pool.episodes([3, 1], 2, 2, [key]),
    (key: number) => data.classBatch!(20, [key]),
  ];
  for (const draw of draws) {
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
  }
  assert.notDeepEqual(data.pool(4, 1).classes, pool.classes);
  const [test, validation] = [data.episodes("test", 0, 3, 1, 1), data.episodes("validation", 0, 3, 1, 1)];
  assert.notDeepEqual(test.classes, validation.classes);
});

Deno.test("the digest is the collection's own for usual tasks, and another one for each other style", () => {
  const split = Array.from({ length: 4 }, () => ({ examples: 5, group: "a" }));
  const collection = ledger({ train: split, validation: split, test: split });
  const styles = [{ hierarchical: true }, { imbalance: 0 }, { imbalance: 1 }, { hierarchical: true, imbalance: 1 }];
  const digests = styles.map((style) => collectionDataSet(collection, 2, style).digest);
  assert.equal(new Set([collection.digest, ...digests]).size, 5);
  assert.equal(collectionDataSet(collection, 2, { hierarchical: false }).digest, collection.digest);
});

Deno.test("what cannot be drawn is refused by name", () => {
  const split = [9, 4, 9, 9].map((examples) => ({ examples }));
  const collection = ledger({ train: split, validation: split.slice(0, 3), test: split });
  const data = collectionDataSet(collection, 3);
  const refused = (draw: () => unknown, message: string | RegExp) =>
    assert.throws(draw, { name: "DataError", message });
  refused(
    () => data.episodes("test", 0, 1, 3, 2),
    'Cannot draw 3 shots + 2 queries of each class of ledger: "test class 1" has 4 examples',
  );
  refused(() => data.trainBatch(1, 4, 1, []), /"train class 1" has 4 examples/);
  refused(() => data.pool(1, 0).episodes([0], 4, 1, []), /"train class 1" has 4 examples/);
  refused(
    () => data.pool(1, 0).batch([0], 5, []),
    'Cannot draw 5 examples of each class of ledger: "train class 1" has 4 examples',
  );
  refused(() => data.trainBatch(1, 0, 1, []), /Cannot draw 0 shots/);
  refused(() => data.trainBatch(1, 1, 1, [], 5), /Cannot draw 5-way tasks of ledger: .* from 2 to 4/);
  refused(() => data.pool(1, 0, 5), /Cannot draw 5-way tasks/);
  for (const ways of [1, 4, 2.5]) refused(() => collectionDataSet(collection, ways), /from 2 to 3/);
  assert.throws(() => data.pool(2, 0).batch([2], 1, []), RangeError);
  refused(() => collectionDataSet(collection, 2, { hierarchical: true }), /class "train class 3" belongs to no group/);
  const twice = { ...collection, splits: { ...collection.splits, test: collection.splits.train } };
  refused(() => collectionDataSet(twice, 2), /class "train class 3" is in its splits twice/);
});
