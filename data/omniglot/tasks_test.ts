import assert from "node:assert/strict";
import fc from "fast-check";
import type { DataSet } from "../contract/dataset.ts";
import { DRAWINGS, PIXELS, ROTATIONS, SIDE } from "./collection.ts";
import { FULL_INK } from "./resample.ts";
import { taskDataSet, type TaskSource } from "./tasks.ts";

const CHARACTERS = { train: [0, 2, 4, 6, 8], validation: [1, 3, 5], test: [7, 9, 10] };

/** Eleven characters whose drawings tell by their grey value which they are, and by one corner how they are turned. */
function recognisable(rotations: number): TaskSource {
  const drawings = new Uint8Array(11 * DRAWINGS * PIXELS);
  for (let i = 0; i < 11 * DRAWINGS; i++) {
    drawings.fill(i, i * PIXELS, (i + 1) * PIXELS);
    drawings[i * PIXELS] = FULL_INK;
  }
  return { name: "recognisable", drawings, characters: CHARACTERS, rotations, digest: "" };
}

interface Seen {
  readonly character: number;
  readonly drawing: number;
  /** character and rotation */
  readonly class: string;
}

/** Which drawing a row of a batch shows. */
function recognise(x: Float32Array, row: number): Seen {
  const image = x.subarray(row * PIXELS, (row + 1) * PIXELS);
  const index = Math.round(image[SIDE + 1] * FULL_INK);
  // The top left corner goes to the bottom left, the bottom right, the top right.
  const corners = [0, (SIDE - 1) * SIDE, PIXELS - 1, SIDE - 1];
  const quarterTurns = corners.findIndex((corner) => image[corner] === 1);
  const character = Math.floor(index / DRAWINGS);
  return { character, drawing: index % DRAWINGS, class: `${character} turned ${quarterTurns}` };
}

const rows = (x: Float32Array): Seen[] => Array.from({ length: x.length / PIXELS }, (_, row) => recognise(x, row));

const SOURCE = recognisable(ROTATIONS);
const sizes = fc.record({
  ways: fc.integer({ min: 2, max: 12 }),
  shots: fc.integer({ min: 1, max: 10 }),
  queries: fc.integer({ min: 1, max: 10 }),
  seed: fc.nat(),
});

Deno.test("a task has exactly N classes, K shots and Q queries of each, labelled class by class, and they never overlap", () => {
  fc.assert(
    fc.property(sizes, ({ ways, shots, queries, seed }) => {
      const tasks = 2;
      const batch = taskDataSet(SOURCE, ways).trainBatch(tasks, shots, queries, [seed]);
      assert.deepEqual([batch.tasks, batch.nSupport, batch.nQuery], [tasks, ways * shots, ways * queries]);
      const [support, query] = [rows(batch.supportX), rows(batch.queryX)];
      assert.deepEqual([support.length, query.length], [tasks * ways * shots, tasks * ways * queries]);
      for (let t = 0; t < tasks; t++) {
        const classes: string[] = [];
        for (let n = 0; n < ways; n++) {
          const own = support.slice((t * ways + n) * shots, (t * ways + n + 1) * shots);
          const asked = query.slice((t * ways + n) * queries, (t * ways + n + 1) * queries);
          const both = [...own, ...asked];
          assert.equal(new Set(both.map((seen) => seen.class)).size, 1);
          assert.equal(new Set(both.map((seen) => seen.drawing)).size, shots + queries);
          assert(both.every(({ character }) => CHARACTERS.train.includes(character)));
          classes.push(own[0].class);
        }
        assert.equal(new Set(classes).size, ways);
      }
      for (const [y, perClass] of [[batch.supportY, shots], [batch.queryY, queries]] as const) {
        assert.equal(y.length, tasks * ways * perClass * ways);
        y.forEach((value, i) => {
          const label = Math.floor(Math.floor(i / ways) / perClass) % ways;
          assert.equal(value, i % ways === label ? 1 : 0);
        });
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("an episode depends on its split and number alone: supports are nested and queries do not depend on the shots", () => {
  fc.assert(
    fc.property(sizes, fc.nat(500), ({ ways, shots, queries }, number) => {
      const data = taskDataSet(SOURCE, ways);
      const [few] = [data.episodes("test", number, 1, shots, queries)];
      const more = data.episodes("test", Math.max(0, number - 1), 2, shots + 1, Math.min(queries, 19 - shots));
      const later = number === 0 ? 0 : 1;
      const perTask = (x: Float32Array, perClass: number, task: number) =>
        rows(x).slice(task * ways * perClass, (task + 1) * ways * perClass);
      const fewSupport = perTask(few.supportX, shots, 0);
      const moreSupport = perTask(more.supportX, shots + 1, later);
      assert.deepEqual(moreSupport.filter((_, i) => i % (shots + 1) < shots), fewSupport);
      if (queries <= 19 - shots) {
        assert.deepEqual(perTask(more.queryX, queries, later), perTask(few.queryX, queries, 0));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("each split draws its own characters only, in all four rotations", () => {
  const data = taskDataSet(SOURCE, 5);
  for (const split of ["validation", "test"] as const) {
    const seen = rows(data.episodes(split, 0, 60, 1, 1).queryX);
    assert.deepEqual([...new Set(seen.map(({ character }) => character))].sort((a, b) => a - b), CHARACTERS[split]);
    assert.equal(new Set(seen.map((one) => one.class)).size, CHARACTERS[split].length * ROTATIONS);
  }
  const unturned = rows(taskDataSet(recognisable(1), 3).episodes("test", 0, 20, 1, 1).queryX);
  assert.deepEqual(new Set(unturned.map((one) => one.class.split(" ").at(-1))), new Set(["0"]));
});

Deno.test("every drawing is drawn equally often", () => {
  const data = taskDataSet(SOURCE, 12);
  const counts = Array.from({ length: DRAWINGS }, () => 0);
  for (const { drawing } of rows(data.trainBatch(200, 1, 1, ["counts"]).supportX)) counts[drawing]++;
  const expected = 200 * 12 / DRAWINGS;
  // Binomial counts: five standard deviations.
  assert(counts.every((count) => Math.abs(count - expected) < 5 * Math.sqrt(expected)), counts.join(" "));
});

Deno.test("the same key gives the same batch, another key another", () => {
  const data = taskDataSet(SOURCE, 5);
  assert.deepEqual(data.trainBatch(3, 2, 2, [1, "batch", 7]), data.trainBatch(3, 2, 2, [1, "batch", 7]));
  assert.notDeepEqual(
    data.trainBatch(3, 2, 2, [1, "batch", 7]).supportX,
    data.trainBatch(3, 2, 2, [1, "batch", 8]).supportX,
  );
});

/** The classes of each pool task, in label order. */
function poolClasses(data: DataSet, size: number, seed: number, ways: number): string[][] {
  const { x } = data.pool(size, seed).batch(Array.from({ length: size }, (_, i) => i), 1, ["look"]);
  const seen = rows(x).map((one) => one.class);
  return Array.from({ length: size }, (_, p) => seen.slice(p * ways, (p + 1) * ways));
}

Deno.test("a pool's tasks partition the classes, again and again, and stay the same", () => {
  const ways = 3;
  const data = taskDataSet(SOURCE, ways);
  const perPartition = Math.floor(CHARACTERS.train.length * ROTATIONS / ways);
  const classes = poolClasses(data, 3 * perPartition, 5, ways);
  for (let round = 0; round < 3; round++) {
    const all = classes.slice(round * perPartition, (round + 1) * perPartition).flat();
    assert.equal(new Set(all).size, perPartition * ways, "no class twice within a partition");
  }
  assert.equal(new Set(classes.map((task) => task.join())).size, classes.length, "partitions differ");
  assert.deepEqual(poolClasses(data, 4, 5, ways), classes.slice(0, 4));
  assert.notDeepEqual(poolClasses(data, 4, 6, ways), classes.slice(0, 4));
});

Deno.test("a pool's batch has M different drawings of each of its tasks' classes, in the same order every time", () => {
  const data = taskDataSet(SOURCE, 4);
  const pool = data.pool(9, 1);
  const [a, b] = [pool.batch([8, 2], 20, ["a"]), pool.batch([2], 20, ["b"])];
  assert.deepEqual([a.tasks, a.nExamples, a.x.length, a.y.length], [2, 80, 160 * PIXELS, 160 * 4]);
  const [seenA, seenB] = [rows(a.x).slice(80), rows(b.x)];
  for (let n = 0; n < 4; n++) {
    const own = seenB.slice(n * 20, (n + 1) * 20);
    assert.equal(new Set(own.map(({ drawing }) => drawing)).size, 20);
    assert.deepEqual(new Set(own.map((one) => one.class)), new Set([seenA[n * 20].class]));
  }
  assert.deepEqual(b.y.subarray(20 * 4, 20 * 4 + 4), Float32Array.of(0, 1, 0, 0));
  assert.throws(() => pool.batch([9], 1, []), RangeError);
});

Deno.test("asking for more drawings or classes than there are is refused by name", () => {
  const data = taskDataSet(SOURCE, 5);
  const tooMany = { name: "DataError", message: /Cannot draw 20 shots \+ 15 queries .*: it has 20 drawings/ };
  assert.throws(() => data.episodes("test", 0, 1, 20, 15), tooMany);
  assert.throws(() => data.trainBatch(1, 20, 15, []), tooMany);
  assert.throws(() => data.pool(1, 0).batch([0], 21, []), { name: "DataError", message: /Cannot draw 21 examples/ });
  assert.throws(() => data.trainBatch(1, 0, 5, []), { name: "DataError", message: /Cannot draw 0 shots/ });
  for (const ways of [1, 13, 2.5]) {
    assert.throws(() => taskDataSet(SOURCE, ways), { name: "DataError", message: /from 2 to 12/ });
  }
});
