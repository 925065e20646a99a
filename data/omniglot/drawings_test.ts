import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { syntheticOmniglot, temporaryFolder } from "../testing/mod.ts";
import { CHARACTERS, OMNIGLOT, ORIGINAL_SIDE, PACKED_BYTES, PIXELS, SIDE, SPLIT_CHARACTERS } from "./contents.ts";
import { missingArchives, openDrawings } from "./drawings.ts";
import { FULL_INK, resample } from "./resample.ts";
import { writeTurned } from "./rotation.ts";

const SYNTHETIC = syntheticOmniglot();

/** Puts the synthetic archives where they belong. */
function install(dataDir: string, zips = SYNTHETIC.zips): void {
  Deno.mkdirSync(join(dataDir, "omniglot"), { recursive: true });
  SYNTHETIC.archiveSet.archives.forEach(({ file }, i) => Deno.writeFileSync(join(dataDir, "omniglot", file), zips[i]));
}

Deno.test("the committed table has 1,623 characters of 50 alphabets, numbered without gaps", () => {
  assert.equal(CHARACTERS.length, 1623);
  assert.equal(new Set(CHARACTERS).size, 1623);
  assert.equal(new Set(CHARACTERS.map((name) => name.split("/")[0])).size, 50);
  assert.deepEqual(OMNIGLOT.archives.map(({ firstCharacter, characters }) => [firstCharacter, characters.length]), [
    [1, 964],
    [965, 659],
  ]);
});

Deno.test("the splits are disjoint, cover every character, and have the sizes of Vinyals et al.", () => {
  const { train, validation, test } = SPLIT_CHARACTERS;
  assert.deepEqual([train.length, validation.length, test.length], [1028, 172, 423]);
  assert.equal(new Set([...train, ...validation, ...test]).size, 1623);
});

/** Reference: averages by counting 4 x 4 samples per original pixel. */
function resampledSlowly(packed: Uint8Array): Uint8Array {
  const out = new Uint8Array(PIXELS);
  for (let y = 0; y < 4 * ORIGINAL_SIDE; y++) {
    for (let x = 0; x < 4 * ORIGINAL_SIDE; x++) {
      const bit = Math.floor(y / 4) * ORIGINAL_SIDE + Math.floor(x / 4);
      if (packed[bit >> 3] & (0x80 >> (bit & 7))) out[Math.floor(y / 15) * SIDE + Math.floor(x / 15)]++;
    }
  }
  return out;
}

Deno.test("resampling is the exact area average", () => {
  const bits = fc.uint8Array({ minLength: PACKED_BYTES, maxLength: PACKED_BYTES });
  fc.assert(
    fc.property(bits, (packed) => {
      const out = new Uint8Array(PIXELS + 1);
      resample(packed, out, 1);
      assert.deepEqual(out.subarray(1), resampledSlowly(packed));
      assert.equal(out[0], 0);
    }),
    { numRuns: 20 },
  );
  const full = new Uint8Array(PIXELS);
  resample(new Uint8Array(PACKED_BYTES).fill(255), full, 0);
  assert(full.every((grey) => grey === FULL_INK));
});

Deno.test("turning a drawing turns it counter-clockwise, and ink is 1", () => {
  const drawing = new Uint8Array(PIXELS);
  const [right, top] = [SIDE - 1, 0];
  drawing[top * SIDE + right] = FULL_INK;
  drawing[top * SIDE + right - 1] = 45;
  const turned = (turns: number) => {
    const out = new Float32Array(PIXELS);
    writeTurned(drawing, 0, turns, out, 0);
    return out;
  };
  const corners: [number, number, number, number][] = [
    [0, 0, right, right - 1],
    [1, 0, 0, SIDE],
    [2, SIDE - 1, 0, (SIDE - 1) * SIDE + 1],
    [3, SIDE - 1, right, (SIDE - 2) * SIDE + right],
  ];
  for (const [turns, row, column, neighbour] of corners) {
    const out = turned(turns);
    assert.equal(out[row * SIDE + column], 1, `${turns} turns`);
    assert.equal(out[neighbour], Math.fround(0.2), `${turns} turns`);
    assert.equal(out.filter((value) => value !== 0).length, 2);
  }
});

Deno.test("archives open to their drawings, the second time from the cache", async () => {
  using folder = temporaryFolder();
  const cacheDir = join(folder.path, "cache");
  install(folder.path);
  assert.deepEqual(await openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir), SYNTHETIC.pixels);
  const files = [...Deno.readDirSync(cacheDir)].map(({ name }) => name);
  assert.equal(files.length, 1, `one cache and nothing left behind: ${files}`);
  const written = Deno.statSync(join(cacheDir, files[0])).ino;
  assert.deepEqual(await openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir), SYNTHETIC.pixels);
  assert.equal(Deno.statSync(join(cacheDir, files[0])).ino, written, "a good cache is used, not written again");
});

Deno.test("a tampered or truncated cache is not used but made again", async () => {
  using folder = temporaryFolder();
  const cacheDir = join(folder.path, "cache");
  install(folder.path);
  await openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir);
  const path = join(cacheDir, [...Deno.readDirSync(cacheDir)][0].name);
  const good = Deno.readFileSync(path);
  const flipped = Uint8Array.from(good);
  flipped[good.length - 400] ^= 1;
  for (const bad of [flipped, good.slice(0, -1), new Uint8Array()]) {
    Deno.writeFileSync(path, bad);
    assert.deepEqual(await openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir), SYNTHETIC.pixels);
    assert.deepEqual(Deno.readFileSync(path), good);
  }
});

Deno.test("a zip that was changed after the cache was made is noticed", async () => {
  using folder = temporaryFolder();
  const cacheDir = join(folder.path, "cache");
  install(folder.path);
  await openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir);
  const changed = Uint8Array.from(SYNTHETIC.zips[1]);
  changed[200] ^= 0x10;
  install(folder.path, [SYNTHETIC.zips[0], changed]);
  await assert.rejects(openDrawings(SYNTHETIC.archiveSet, folder.path, cacheDir), {
    name: "DataError",
    message: /second\.zip cannot be used/,
  });
});

Deno.test("where no cache can be written the data set works without", async () => {
  using folder = temporaryFolder();
  install(folder.path);
  const file = join(folder.path, "file");
  Deno.writeTextFileSync(file, "not a folder");
  const drawings = await openDrawings(SYNTHETIC.archiveSet, folder.path, join(file, "cache"));
  assert.deepEqual(drawings, SYNTHETIC.pixels);
});

Deno.test("absent archives are named with the command that fetches them", async () => {
  using folder = temporaryFolder();
  const { archiveSet } = SYNTHETIC;
  const all = await missingArchives(archiveSet, folder.path);
  assert.match(all ?? "", /has no first\.zip and no second\.zip\. Run `deno task data omniglot --data-dir /);
  install(folder.path);
  assert.equal(await missingArchives(archiveSet, folder.path), undefined);
  Deno.removeSync(join(folder.path, "omniglot", "second.zip"));
  assert.match(await missingArchives(archiveSet, folder.path) ?? "", /has no second\.zip\./);
  await assert.rejects(openDrawings(archiveSet, folder.path, folder.path), {
    name: "DataError",
    message: /has no second\.zip\. Run `deno task data omniglot/,
  });
});
