import assert from "node:assert/strict";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { characterCollection } from "./collection.ts";
import { CHARACTERS, DRAWINGS, OMNIGLOT, PIXELS, ROTATIONS, SIDE, SPLIT_CHARACTERS } from "./contents.ts";
import { FULL_INK } from "./resample.ts";

const SPLITS = { train: [0, 2, 4, 6, 8], validation: [1, 3, 5], test: [7, 9, 10] };

/** Eleven characters whose drawings tell by their grey value which they are, and by one corner how they are turned. */
function recognisable(rotations: number) {
  const drawings = new Uint8Array(11 * DRAWINGS * PIXELS);
  for (let i = 0; i < 11 * DRAWINGS; i++) {
    drawings.fill(i, i * PIXELS, (i + 1) * PIXELS);
    drawings[i * PIXELS] = FULL_INK;
  }
  const names = Array.from({ length: 11 }, (_, character) => `Alphabet${character % 2}/character${character}`);
  return characterCollection({ name: "recognisable", drawings, names, characters: SPLITS, rotations, digest: "" });
}

/** Which drawing an input shows: its character, its number and how it is turned. */
function recognise(image: Float32Array): [character: number, drawing: number, quarterTurns: number] {
  const index = Math.round(image[SIDE + 1] * FULL_INK);
  // The top left corner goes to the bottom left, the bottom right, the top right.
  const corners = [0, (SIDE - 1) * SIDE, PIXELS - 1, SIDE - 1];
  return [Math.floor(index / DRAWINGS), index % DRAWINGS, corners.findIndex((corner) => image[corner] === 1)];
}

Deno.test("a class is a character in one rotation, and each of its examples is the drawing of that number, so turned", () => {
  const { classes, write } = recognisable(ROTATIONS);
  assert.equal(classes.length, 11 * ROTATIONS);
  classes.forEach(({ name, group, examples }, classId) => {
    const [character, quarterTurns] = [classId % 11, Math.floor(classId / 11)];
    assert.equal(examples, DRAWINGS);
    assert.equal(group, `Alphabet${character % 2}`);
    const turned = quarterTurns === 0 ? "" : ` turned by ${90 * quarterTurns} degrees`;
    assert.equal(name, `Alphabet${character % 2}/character${character}${turned}`);
    const out = new Float32Array(PIXELS + 2);
    write(classId, 13, out, 1);
    assert.deepEqual([out[0], out.at(-1)], [0, 0]);
    assert.deepEqual(recognise(out.subarray(1, -1)), [character, 13, quarterTurns]);
  });
  assert.equal(recognisable(1).classes.length, 11);
  assert.throws(() => recognisable(5), RangeError);
});

Deno.test("each split draws its own characters only, in all four rotations", () => {
  const data = collectionDataSet(recognisable(ROTATIONS), 5);
  for (const split of ["validation", "test"] as const) {
    const { queryX } = data.episodes(split, 0, 60, 1, 1);
    const seen = Array.from(
      { length: queryX.length / PIXELS },
      (_, row) => recognise(queryX.subarray(row * PIXELS, (row + 1) * PIXELS)),
    );
    assert.deepEqual(new Set(seen.map(([character]) => character)), new Set(SPLITS[split]));
    const classes = new Set(seen.map(([character, , quarterTurns]) => `${character} ${quarterTurns}`));
    assert.equal(classes.size, SPLITS[split].length * ROTATIONS);
  }
});

Deno.test("the published collection has 4,112 training classes of 50 alphabets, each in one split", () => {
  const drawings = new Uint8Array(0);
  const source = { name: "omniglot", drawings, names: CHARACTERS, characters: SPLIT_CHARACTERS, rotations: ROTATIONS };
  const data = collectionDataSet(characterCollection({ ...source, digest: "" }), 5);
  assert.equal(data.trainClasses, 4112);
  const alphabets = (["train", "validation", "test"] as const).flatMap((split) => data.classesOf!(split))
    .map(({ group }) => group);
  assert.equal(alphabets.length, 4 * 1623);
  assert.equal(new Set(alphabets).size, 50);
  assert.equal(data.classesOf!("train")[0].name, OMNIGLOT.archives[0].characters[SPLIT_CHARACTERS.train[0]]);
});
