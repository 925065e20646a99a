import assert from "node:assert/strict";
import { join } from "node:path";
import { type DataSet, type DataSetEntry, dataSetNames, dataSets } from "./mod.ts";
import { defaultDataDir, PROJECT_ROOT } from "../common/project.ts";
import { fromGuide } from "../common/testing/guide.ts";
import { glyphsEntry } from "./testing/glyphs.ts";
import { findOmniglot, temporaryFolder } from "./testing/mod.ts";

const ENTRIES: readonly DataSetEntry[] = dataSetNames.map((name) => dataSets[name]);
const REAL = await findOmniglot();

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

Deno.test("every data set is under its own name, says where it comes from, and lists files that exist", async () => {
  for (const name of dataSetNames) {
    const entry: DataSetEntry = dataSets[name];
    assert.equal(entry.name, name);
    for (const text of [entry.title, entry.summary, entry.source]) {
      assert(text.length > 0 && !text.includes("\n"), `${name}: ${text}`);
    }
    for (const file of entry.sourceFiles) assert((await Deno.stat(join(PROJECT_ROOT, file))).isFile, file);
    assert.deepEqual([...entry.sourceFiles].sort(), [...new Set(entry.sourceFiles)], "sorted, none twice");
  }
});

Deno.test("in an empty folder a data set either opens or says what is missing and the command that fetches it", async () => {
  using folder = temporaryFolder();
  for (const entry of ENTRIES) {
    const missing = await entry.missing(folder.path);
    if (missing === undefined) {
      assert.equal((await entry.open({ dataDir: folder.path, ways: 5 })).name, entry.name);
    } else {
      assert(missing.includes(`deno task data ${entry.name}`), missing);
      await assert.rejects(entry.open({ dataDir: folder.path, ways: 5 }), { name: "DataError" });
    }
  }
});

/** What the contract promises, on whatever data set. */
function conforms(data: DataSet, entry: DataSetEntry): void {
  assert.deepEqual([data.name, data.kind, data.metric], [entry.name, entry.kind, entry.metric]);
  assert.deepEqual(data.inputShape, entry.inputShape);
  assert.match(data.digest, /^[0-9a-f]{64}$/);
  const [tasks, shots, queries, perExample] = [3, 2, 4, size(data.inputShape)];
  const groups = data.kind === "classification" ? data.outputs : 1;

  const batch = data.trainBatch(tasks, shots, queries, ["contract"]);
  assert.deepEqual([batch.tasks, batch.nSupport, batch.nQuery], [tasks, groups * shots, groups * queries]);
  const test = data.episodes("test", 5, tasks, shots, queries);
  assert.equal(test.nSupport, groups * shots);
  for (const { nSupport, nQuery, supportX, supportY, queryX, queryY } of [batch, test]) {
    assert.deepEqual([supportX.length, supportY.length], [
      tasks * nSupport * perExample,
      tasks * nSupport * data.outputs,
    ]);
    assert.deepEqual([queryX.length, queryY.length], [tasks * nQuery * perExample, tasks * nQuery * data.outputs]);
    for (const values of [supportX, supportY, queryX, queryY]) assert(values.every(Number.isFinite));
  }
  assert.deepEqual(data.trainBatch(tasks, shots, queries, ["contract"]), batch);
  assert.deepEqual(
    data.episodes("test", 7, 1, shots, queries).queryX,
    test.queryX.subarray(2 * test.nQuery * perExample),
  );
  assert.notDeepEqual(data.episodes("validation", 5, tasks, shots, queries).supportX, test.supportX);

  const pool = data.pool(6, 1);
  const examples = pool.batch([5, 0], 7, ["contract"]);
  assert.deepEqual([examples.tasks, examples.nExamples], [2, groups * 7]);
  assert.deepEqual([examples.x.length, examples.y.length], [
    2 * groups * 7 * perExample,
    2 * groups * 7 * data.outputs,
  ]);
  assert.deepEqual(data.pool(6, 1).batch([5, 0], 7, ["contract"]), examples);
  const episodes = pool.episodes([5, 0], shots, queries, ["contract"]);
  assert.deepEqual([episodes.tasks, episodes.nSupport, episodes.nQuery], [2, groups * shots, groups * queries]);
  assert.deepEqual(data.pool(6, 1).episodes([5, 0], shots, queries, ["contract"]), episodes);

  if (data.kind === "regression") {
    const known = [data.trainClasses, data.classBatch, data.classesOf, pool.classes, entry.classes];
    assert.deepEqual(known, known.map(() => undefined));
    for (const { classes } of [batch, test, examples, episodes]) assert.equal(classes, undefined);
  } else {
    assert.equal(data.trainClasses, entry.classes);
    assert.equal(data.classesOf?.("train").length, entry.classes);
    assert.equal(Math.min(...data.classesOf!("train").map(({ examples }) => examples)), entry.examplesPerClass);
    for (const { tasks, classes } of [batch, examples, episodes]) {
      assert.equal(classes?.length, tasks * data.outputs);
      assert(classes.every((classId) => classId >= 0 && classId < data.trainClasses!));
    }
    assert(test.classes?.every((classId) => classId < data.classesOf!("test").length));
    assert.equal(data.trainBatch(tasks, shots, queries, ["contract"], 3).nSupport, 3 * shots);
    assert.equal(data.classBatch?.(11, ["contract"]).x.length, 11 * perExample);
  }
}

for (const entry of [...ENTRIES, glyphsEntry]) {
  const ignore = await entry.missing(REAL ?? defaultDataDir()) !== undefined;
  Deno.test({
    name: `${entry.name} fulfils the contract of data sets${ignore ? " (it is not there)" : ""}`,
    ignore,
    fn: async () => conforms(await entry.open({ dataDir: REAL ?? "", ways: 5 }), entry),
  });
}

Deno.test("the data set that CONTRIBUTING.md works through fulfils the contract as it stands there", async () => {
  const { squareWaves } = await fromGuide<{ squareWaves: DataSetEntry }>("data/square_waves.ts");
  const data = await squareWaves.open({ dataDir: "", ways: 1 });
  conforms(data, squareWaves);
  const { queryY } = data.episodes("test", 0, 1, 1, 1);
  assert.equal(new Set(queryY.map(Math.abs)).size, 1, "a square wave has two levels, a and -a");
});

Deno.test("BENCH_DATA_DIR names the data folder, and without it the project's own is used", () => {
  const before = Deno.env.get("BENCH_DATA_DIR");
  try {
    Deno.env.set("BENCH_DATA_DIR", "/somewhere/else");
    assert.equal(defaultDataDir(), "/somewhere/else");
    Deno.env.delete("BENCH_DATA_DIR");
    assert.equal(defaultDataDir(), join(PROJECT_ROOT, "data", "downloads"));
  } finally {
    if (before !== undefined) Deno.env.set("BENCH_DATA_DIR", before);
  }
});
