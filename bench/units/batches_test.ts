/** Training batches: what every kind of training is fed with, and how its draws are named. */
import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok } from "node:assert/strict";
import { sizeOf } from "../../algorithms/tensor/graph.ts";
import { TASK_KINDS, type TaskKind } from "../../common/vocabulary.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { collectionDataSet } from "../../data/sampling/collection_data_set.ts";
import { ledger } from "../../data/testing/ledger.ts";
import type { TrainSpec } from "../store/types.ts";
import { TABLE, tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import { batchShape, type BatchSource, batchSource, type DrawnBatch } from "./batches.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { PROGRESS, stepGraph, trainingProgram } from "./training_program.ts";

/** Ten training classes of 12 to 21 examples; an input is [class, example]. */
const COLLECTION = ledger({
  train: Array.from({ length: 10 }, (_, i) => ({ examples: 12 + i })),
  validation: Array.from({ length: 4 }, () => ({ examples: 12 })),
  test: Array.from({ length: 4 }, () => ({ examples: 12 })),
});
const LETTERS = collectionDataSet(COLLECTION, 3);
const CURVES = await tinyDataSet("regression");

const dataOf = (kind: TaskKind) => kind === "classification" ? LETTERS : CURVES;

/** Every training that there is, on every kind of task that it is for. */
const TRAININGS = TRAINED.flatMap((algorithm) => TABLE[algorithm].supports.map((kind) => ({ algorithm, kind })));

function specOf(
  algorithm: string,
  kind: TaskKind,
  hyper: Partial<TrainSpec["hyper"]> = {},
  change: Partial<TrainSpec> = {},
): TrainSpec {
  const sizes = { metaBatch: 4, queries: 3, ...hyper };
  return tinySpec(algorithm, kind, { shots: 2, norm: "none", ...change }, sizes);
}

const sourceOf = (spec: TrainSpec, dataSet: DataSet, purpose?: string) =>
  batchSource(spec, algorithmOf(spec), dataSet, purpose);

for (const { algorithm, kind } of TRAININGS) {
  Deno.test(`${algorithm} on ${kind}: batches have the shapes that its program takes, known before there is data`, () => {
    for (const trainWays of [null, 5]) {
      const dataSet = dataOf(kind);
      const spec = specOf(algorithm, kind, { trainWays });
      const source = sourceOf(spec, dataSet);
      const { pool: _, draw, ...shape } = source;
      equal(batchShape(spec, algorithmOf(spec), dataSet), shape);
      const model = modelOf(spec, dataSet);
      const metaSpecs = metaSpecsOf(spec, model, dataSet);
      const step = stepGraph({ algorithm: algorithmOf(spec), model, spec, batch: source, dataSet, metaSpecs });
      const { feeds, rows } = draw(1);
      let fed = 0;
      for (const { attributes: { name }, shape } of trainingProgram(step, model, spec.hyper).inputs) {
        if (name === PROGRESS || /^(rowScalar|scalar)\d$/.test(name)) continue;
        equal(feeds[name]?.length, sizeOf(shape), name);
        ok(feeds[name].every(Number.isFinite), name);
        fed++;
      }
      ok(fed >= 2);
      equal("classes" in feeds, kind === "classification" && TABLE[algorithm].data !== "labelled");
      equal("rows" in feeds, TABLE[algorithm].data === "pool");
      equal([...feeds.rows ?? []], [...rows]);
    }
  });

  Deno.test(`${algorithm} on ${kind}: a batch follows from seed, iteration and purpose, whatever was drawn before`, () => {
    const dataSet = dataOf(kind);
    const spec = specOf(algorithm, kind);
    const [a, b] = [sourceOf(spec, dataSet), sourceOf(spec, dataSet)];
    const batches = [1, 2, 3].map((iteration) => a.draw(iteration));
    equal([3, 1, 2].map((iteration) => b.draw(iteration)), [batches[2], batches[0], batches[1]]);
    const texts = new Set(batches.map(({ feeds }) => `${feeds.x0}`));
    equal(texts.size, 3);
    differ(sourceOf(spec, dataSet, "statistics").draw(1).feeds.x0, batches[0].feeds.x0);
    differ(sourceOf({ ...spec, seed: 4 }, dataSet).draw(1).feeds.x0, batches[0].feeds.x0);
  });
}

Deno.test("algorithms of a kind see the same batches, whatever else differs between them", () => {
  for (const kind of TASK_KINDS) {
    const byData = Map.groupBy(
      TRAININGS.filter((training) => training.kind === kind),
      ({ algorithm }) => TABLE[algorithm].data,
    );
    for (const trainings of byData.values()) {
      const drawn = trainings.map(({ algorithm }) => sourceOf(specOf(algorithm, kind), dataOf(kind)).draw(7));
      for (const other of drawn) equal(other, drawn[0]);
    }
  }
});

/** What the rows of one part of a batch of letters are: the training class and the example, and the label as a column of y. */
function readBack({ feeds }: DrawnBatch, part: number, { tasks, outputs }: BatchSource) {
  const [x, y] = [feeds[`x${part}`], feeds[`y${part}`]];
  const rows = Array.from({ length: x.length / 2 }, (_, row) => {
    const oneHot = [...y.subarray(row * outputs, (row + 1) * outputs)];
    equal([...oneHot].sort((a, b) => a - b), [...Array(outputs - 1).fill(0), 1]);
    return { classId: COLLECTION.splits.train.indexOf(x[2 * row]), example: x[2 * row + 1], label: oneHot.indexOf(1) };
  });
  return Array.from({ length: tasks }, (_, t) => rows.slice(t * rows.length / tasks, (t + 1) * rows.length / tasks));
}

/** The classes of each task's labels. */
function classesOf({ feeds: { classes } }: DrawnBatch, { tasks, ways }: BatchSource): number[][] {
  return Array.from({ length: tasks }, (_, t) => [...classes.subarray(t * ways, (t + 1) * ways)]);
}

Deno.test("every label of a batch stands for the class that it is said to, and no example is in a task twice", () => {
  for (const { algorithm } of TRAININGS.filter(({ kind }) => kind === "classification")) {
    if (TABLE[algorithm].data === "labelled") continue;
    const source = sourceOf(specOf(algorithm, "classification"), LETTERS);
    const batch = source.draw(3);
    const classes = classesOf(batch, source);
    const parts = source.parts.map((_, part) => readBack(batch, part, source));
    for (let task = 0; task < source.tasks; task++) {
      equal(new Set(classes[task]).size, source.ways, algorithm);
      const rows = parts.flatMap((part) => part[task]);
      for (const { classId, label } of rows) equal(classId, classes[task][label], algorithm);
      equal(new Set(rows.map(({ classId, example }) => `${classId} ${example}`)).size, rows.length, algorithm);
      // Classes have equally many examples of each part.
      for (const part of parts) {
        const counts = Map.groupBy(part[task], ({ label }) => label);
        equal(new Set([...counts.values()].map(({ length }) => length)).size, 1, algorithm);
      }
    }
  }
});

Deno.test("episodes have the shots and queries asked for, and as many shots as queries where training has none of its own", () => {
  const partsOf = (shots: number | null) => sourceOf(specOf("maml", "classification", {}, { shots }), LETTERS).parts;
  equal([partsOf(2), partsOf(null)], [[6, 9], [9, 9]]);
  equal(sourceOf(specOf("maml", "regression"), CURVES).parts, [2, 3]);
});

Deno.test("tasks without a split hold so many examples per class as there are queries, at least two", () => {
  const partsOf = (queries: number) => sourceOf(specOf("mtl-class-rows", "classification", { queries }), LETTERS).parts;
  equal([partsOf(1), partsOf(2), partsOf(5)], [[6], [6], [15]]);
});

Deno.test("training ways differ from test ways for the algorithms that say they can, and for no others", () => {
  for (const { algorithm } of TRAININGS.filter(({ kind }) => kind === "classification")) {
    const { anyWays, data } = TABLE[algorithm];
    const source = sourceOf(specOf(algorithm, "classification", { trainWays: 5 }), LETTERS);
    equal(source.ways, anyWays === true ? 5 : 3, algorithm);
    equal(source.outputs, data === "labelled" ? 10 : source.ways, algorithm);
  }
  ok(TRAININGS.some(({ algorithm }) => TABLE[algorithm].anyWays));
});

Deno.test("labelled batches have as many examples as a batch of tasks, of all training classes, rightly labelled", () => {
  const source = sourceOf(specOf("mtl-all-rows", "classification"), LETTERS);
  equal([source.tasks, source.parts, source.outputs], [1, [4 * 3 * 3], 10]);
  const seen = new Set<number>();
  for (let iteration = 1; iteration <= 5; iteration++) {
    const [rows] = readBack(source.draw(iteration), 0, source);
    for (const { classId, label } of rows) {
      equal(classId, label);
      seen.add(classId);
    }
    equal(new Set(rows.map(({ classId, example }) => `${classId} ${example}`)).size, rows.length);
  }
  equal(seen.size, 10);
});

Deno.test("a pool's task has the same classes whenever it is drawn and new examples, and a batch has each task once", () => {
  const source = sourceOf(specOf("mtl", "classification", { pool: 6 }), LETTERS);
  equal(source.pool, 6);
  const classes = new Map<number, number[]>();
  const drawn = new Map<number, string[]>();
  for (let iteration = 1; iteration <= 20; iteration++) {
    const batch = source.draw(iteration);
    equal([batch.rows.length, new Set(batch.rows).size], [4, 4]);
    classesOf(batch, source).forEach((own, task) => {
      const row = batch.rows[task];
      equal(own, classes.get(row) ?? own);
      classes.set(row, own);
      drawn.set(row, [...drawn.get(row) ?? [], JSON.stringify(readBack(batch, 0, source)[task])]);
    });
  }
  equal([...classes.keys()].sort(), [0, 1, 2, 3, 4, 5]);
  for (const batches of drawn.values()) equal(new Set(batches).size, batches.length);
});

Deno.test("with a finite set of tasks every algorithm trains on the same tasks of it at an iteration, and on no others", () => {
  const poolClasses = LETTERS.pool(5, 3).classes ?? new Int32Array(0);
  const known = Array.from({ length: 5 }, (_, task) => `${poolClasses.subarray(3 * task, 3 * task + 3)}`);
  for (const iteration of [1, 2, 3]) {
    const drawn = TRAININGS
      .filter(({ algorithm, kind }) => kind === "classification" && TABLE[algorithm].data !== "labelled")
      .map(({ algorithm }) => {
        const source = sourceOf(specOf(algorithm, "classification", { pool: 5 }), LETTERS);
        const batch = source.draw(iteration);
        // Examples are right for the tasks' classes here, too.
        const classes = classesOf(batch, source);
        for (const [task, rows] of readBack(batch, 0, source).entries()) {
          for (const { classId, label } of rows) equal(classId, classes[task][label], algorithm);
        }
        return classes.map(String);
      });
    for (const classes of drawn) equal(classes, drawn[0]);
    ok(drawn[0].every((classes) => known.includes(classes)));
  }
});

Deno.test("episodes of fewer tasks than a batch has come round again with new examples", () => {
  const source = sourceOf(specOf("maml", "classification", { pool: 3, metaBatch: 7 }), LETTERS);
  const batch = source.draw(1);
  const counts = Map.groupBy(classesOf(batch, source).map(String), (classes) => classes);
  equal([...counts.values()].map(({ length }) => length).sort(), [2, 2, 3]);
  equal(new Set(readBack(batch, 0, source).map((rows) => JSON.stringify(rows))).size, 7);
});

Deno.test("a batch of joint training is no larger than the pool", () => {
  const source = sourceOf(specOf("mtl", "regression", { pool: 3 }), CURVES);
  equal([source.tasks, [...source.draw(1).rows].sort()], [3, [0, 1, 2]]);
});

Deno.test("tasks that a pool has in common with a larger one are the same tasks", () => {
  const draw = (pool: number) => {
    const source = sourceOf(specOf("mtl", "classification", { pool, metaBatch: pool }), LETTERS);
    const batch = source.draw(1);
    const classes = classesOf(batch, source);
    return new Map(batch.rows.map((row, task) => [row, classes[task]]));
  };
  const [small, large] = [draw(4), draw(9)];
  for (const [row, classes] of small) equal(large.get(row), classes);
});
