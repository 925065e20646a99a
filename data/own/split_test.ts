import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { temporaryFolder } from "../testing/mod.ts";
import { write } from "../testing/own.ts";
import { drawSplits, readSplits } from "./split.ts";

const SHARES = { splitSeed: 0, validation: 0.2, test: 0.2 };
const namesOf = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);
const draw = (names: readonly string[], options: Partial<typeof SHARES> = {}) =>
  drawSplits(names, { ...SHARES, ...options }, "classes", "birds");

Deno.test("a draw gives every name one split, whatever the order of the names, and another with another seed", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 60 }), fc.nat(), (names, splitSeed) => {
    const { train, validation, test } = draw(names, { splitSeed });
    equal([...train, ...validation, ...test].sort(), [...names].sort());
    equal(draw(names.toReversed(), { splitSeed }), { train, validation, test });
  }));
  ok(JSON.stringify(draw(namesOf(40))) !== JSON.stringify(draw(namesOf(40), { splitSeed: 1 })));
});

Deno.test("validation and test get a fifth each, and five classes, or a third of few, at least", () => {
  const sizes = (count: number) => {
    const { train, validation, test } = draw(namesOf(count));
    return [train.length, validation.length, test.length];
  };
  equal([3, 6, 10, 15, 26, 50, 100].map(sizes), [
    [1, 1, 1],
    [2, 2, 2],
    [4, 3, 3],
    [5, 5, 5],
    [16, 5, 5],
    [30, 10, 10],
    [60, 20, 20],
  ]);
  throws(() => draw(namesOf(2)), /Cannot split birds: it has 2 classes/);
  throws(() => draw(namesOf(10), { test: 0.9 }), /3 for validation and 9 for the test leave none for training/);
});

Deno.test("files say the split; what they say twice, or of what is not there, is refused with file and line", () => {
  using folder = temporaryFolder();
  const known = new Set(["a", "b", "c", "d"]);
  const say = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) write(join(folder.path, "splits", name), text);
    return () => readSplits(join(folder.path, "splits"), known, "classes");
  };
  equal(readSplits(join(folder.path, "splits"), known, "classes"), undefined);
  throws(
    say({ "train.txt": "b\na\n", "test.txt": "c\n" }),
    /splits has no val\.txt: add it, or remove train\.txt and test/,
  );
  equal(say({ "val.txt": "\nd\n" })(), { train: ["a", "b"], validation: ["d"], test: ["c"] });
  throws(say({ "test.txt": "c\n\na\n" }), /test\.txt, line 3: "a" is in .*train\.txt, line 2 too; name it once/);
  throws(say({ "test.txt": "e\n" }), /test\.txt, line 1: "e" is none of the 4 classes that there are/);
  throws(say({ "test.txt": "\n" }), /test\.txt names none of the classes/);
});
