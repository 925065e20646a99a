import { deepStrictEqual as equal, notStrictEqual as differs, ok, throws } from "node:assert/strict";
import { join } from "node:path";
import { rng } from "../../../common/random.ts";
import { temporaryFolder } from "../../testing/mod.ts";
import { linesCsv, table, write } from "../../testing/own.ts";
import { ownEntry } from "../mod.ts";
import { divide } from "./divide.ts";
import { readTable } from "./read.ts";
import { tableRegression } from "./regression.ts";

type Options = Parameters<typeof table>[1];

/** Reads a text as a table. */
function read(text: string, options: Options = {}) {
  using folder = temporaryFolder();
  return readTable(table(write(join(folder.path, "t.csv"), text), options));
}

/** Reads and divides a text as a table. */
function divided(text: string, options: Options = {}) {
  using folder = temporaryFolder();
  const source = table(write(join(folder.path, "t.csv"), text), options);
  return divide(readTable(source), source);
}

Deno.test("numbers to predict are regression, texts are classes, and the rest of the columns are features", () => {
  const numbers = read("task,a,target,b\nx,1,2.5,-3e2\ny,.5,0,+1\n");
  equal([numbers.kind, numbers.features, [...numbers.x], numbers.targets], [
    "regression",
    ["a", "b"],
    [1, -300, 0.5, 1],
    [2.5, 0],
  ]);
  const texts = read("who,a,what,b\nx,1,yes,2\n", { task: "who", target: "what", features: ["b"] });
  equal([texts.kind, texts.features, [...texts.x], texts.targets, texts.tasks], [
    "classification",
    ["b"],
    [2],
    ["yes"],
    ["x"],
  ]);
  equal(read("task,a,target\nx,1,0\n", { kind: "classification" }).targets, ["0"]);
});

Deno.test("a cell that is not what its column is, is refused with line and column", () => {
  const refused = (text: string, message: RegExp, options: Options = {}) => throws(() => read(text, options), message);
  const head = "task,a,target\nx,1,2\n";
  refused(`${head}x,high,2\n`, /t\.csv, line 3: the feature "a" is "high", not a number; encode it as numbers/);
  refused(`${head}x,1e999,2\n`, /line 3: the feature "a" is "1e999", not a number/);
  refused(`${head}x,0x1f,2\n`, /line 3: the feature "a" is "0x1f"/);
  refused(
    `${head}\nx,,2\n`,
    /line 4: the column "a" has no value; fill it in, or leave such rows out with missing: "drop"/,
  );
  for (const word of ["NA", "nan", "null", "N/A"]) {
    refused(`${head}x,1,${word}\n`, /line 3: the column "target" has no value/);
  }
  refused(
    `${head}x,1,much\n`,
    /line 3: the target "target" is "much", not a number, as others are; mend it, or say kind/,
  );
  refused(`${head}x,1,much\n`, /the target "target" is "much", not a number$/, { kind: "regression" });
  refused(`${head},1,2\n`, /line 3: the column "task" has no value/);
  refused(head, /t\.csv has no column "room", only "task", "a", "target"; name another with task/, { task: "room" });
  refused(head, /"target" cannot be a feature, for it is the task, the target or the split/, { features: ["target"] });
  refused("task,target\nx,1\n", /has no column to predict from/);
  refused("task,a,target\n", /has no rows with values/);
  equal(read(`${head}x,,2\nx,3,NA\nx,4,5\n`, { missing: "drop" }).targets, [2, 5]);
});

Deno.test("features and targets are standardised by the training tasks alone", () => {
  const text = ["task,a,c,target,split"];
  const random = rng(["standardised"]);
  for (const [task, split] of [["p", "train"], ["q", "train"], ["r", "val"], ["s", "test"]]) {
    for (let i = 0; i < 50; i++) {
      text.push([task, random.normal() * 3 + (split === "test" ? 100 : 7), 4.2, random.normal() - 20, split].join(","));
    }
  }
  const { x, y, groups } = divided(text.join("\n"), { splitColumn: "split" });
  const rows = groups.train.flatMap(({ rows }) => rows);
  for (const values of [rows.map((row) => x[2 * row]), rows.map((row) => y[row])]) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    ok(Math.abs(mean) < 1e-5 && Math.abs(square - 1) < 1e-5);
  }
  ok(groups.test[0].rows.every((row) => x[2 * row] > 20), "the test tasks have no part in it");
  ok(rows.every((row) => x[2 * row + 1] === 0), "a constant column is zero");
});

Deno.test("a split column divides tasks; a task in two splits is refused with both lines", () => {
  const text = "task,a,target,part\nx,1,2,train\ny,1,2,val\nz,1,2,test\n";
  const { groups } = divided(text, { splitColumn: "part" });
  equal(groups.validation.map(({ name }) => name), ["y"]);
  throws(
    () => read(`${text}x,2,2,test\n`, { splitColumn: "part" }),
    /line 5: "x" is for test, but for train in line 2; give it one split/,
  );
  throws(
    () => read(`${text}w,2,2,dev\n`, { splitColumn: "part" }),
    /line 5: the split is "dev"; expected train, val or/,
  );
  throws(
    () => divided("task,a,target,part\nx,1,2,train\n", { splitColumn: "part" }),
    /none of its tasks is for validation/,
  );
});

Deno.test("the digest is that of the numbers, however they are written", () => {
  const text = linesCsv(6, 8);
  const { digest } = divided(text);
  equal(divided(text.replaceAll("\n", "\r\n")).digest, digest);
  equal(divided(text.replaceAll(",", ";")).digest, digest);
  differs(divided(text.replace(",0.", ",0.1")).digest, digest);
  differs(divided(text, { splitSeed: 3 }).digest, digest);
});

Deno.test("episodes of a table: support and query are disjoint rows of one task, nested in K, and known by their number", () => {
  const data = tableRegression("table-lines", divided(linesCsv(15, 30)));
  const pairs = (x: Float32Array, y: Float32Array) => [...x].map((value, i) => `${value} ${y[i]}`);
  const one = data.episodes("test", 7, 1, 5, 10);
  const [support, query] = [pairs(one.supportX, one.supportY), pairs(one.queryX, one.queryY)];
  equal(new Set([...support, ...query]).size, 15);
  const larger = data.episodes("test", 7, 1, 9, 10);
  equal(pairs(larger.supportX, larger.supportY).slice(0, 5), support);
  equal(larger.queryX, one.queryX);
  const many = data.episodes("test", 5, 4, 5, 10);
  equal(many.supportX.subarray(10, 15), one.supportX);
  // A line through two of its points goes through all of them.
  const slope = (i: number) => (one.queryY[i] - one.supportY[0]) / (one.queryX[i] - one.supportX[0]);
  for (let i = 1; i < 10; i++) ok(Math.abs(slope(i) - slope(0)) < 0.02);
});

Deno.test("a pool has the same tasks whenever it is drawn from, no more than there are, and no rows that are not there", () => {
  const data = tableRegression("table-lines", divided(linesCsv(15, 30)));
  const [small, large] = [data.pool(2, 1), data.pool(5, 1)];
  equal(small.batch([0, 1], 4, ["k"]), large.batch([0, 1], 4, ["k"]));
  equal(small.episodes([1], 3, 4, ["k"]).queryY.length, 4);
  throws(() => data.pool(6, 1), /Cannot make a pool of 6 tasks of table-lines: it has 5 training tasks/);
  throws(
    () => data.trainBatch(1, 20, 11, ["k"]),
    /Cannot draw 20 shots \+ 11 queries of each task of table-lines: "line\d+" has 30 rows/,
  );
  throws(() => small.batch([0], 31, ["k"]), /Cannot draw 31 examples of each task/);
});

Deno.test("classes of a table are told apart within their task; without tasks any classes are", async () => {
  using folder = temporaryFolder();
  const rows = (label: (task: number, cls: number) => string) =>
    Array.from(
      { length: 6 },
      (_, task) =>
        ["red", "blue", "green"].flatMap((_, cls) =>
          Array.from({ length: 4 }, (_, i) => `t${task},${10 * task + cls + i / 10},${label(task, cls)}`)
        ),
    ).flat();
  const path = write(
    join(folder.path, "t.csv"),
    ["task,a,target", ...rows((_, cls) => ["red", "blue", "green"][cls])].join("\n"),
  );
  const entry = ownEntry("table-t", table(path));
  equal([entry.kind, entry.classes, entry.sizes, entry.examplesPerClass], [
    "classification",
    3,
    { train: 3, validation: 3, test: 3 },
    4,
  ]);
  const data = await entry.open({ dataDir: "", ways: 3 });
  const { classes } = data.episodes("test", 0, 5, 1, 2);
  for (let e = 0; e < 5; e++) {
    const groups = [...classes!.subarray(3 * e, 3 * e + 3)].map((id) => data.classesOf!("test")[id].group);
    equal(new Set(groups).size, 1);
  }
  const free = ownEntry("table-t", table(path, { task: null, features: ["a"] }));
  equal(free.sizes, { train: 1, validation: 1, test: 1 });
  throws(() => ownEntry("t", table(path, { task: null, target: "a", features: ["target"] })), /not a number/);
  const numbers = write(join(folder.path, "n.csv"), "a,target\n1,2\n");
  throws(
    () => ownEntry("t", table(numbers, { task: null })),
    /a table of numbers needs a task column; name it with task/,
  );
});
