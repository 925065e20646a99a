import assert from "node:assert/strict";
import fc from "fast-check";
import { zipSync } from "fflate";
import { DataError } from "../contract/dataset.ts";
import { greyPng, syntheticOmniglot } from "../testing/mod.ts";
import { readArchive } from "./archive.ts";
import { ORIGINAL_SIDE, PACKED_BYTES } from "./contents.ts";

const SYNTHETIC = syntheticOmniglot();
const [ARCHIVE] = SYNTHETIC.archiveSet.archives;
const [ENTRIES] = SYNTHETIC.entries;
const [ZIP] = SYNTHETIC.zips;
const [FIRST] = Object.keys(ENTRIES);
const PATH = "/data/omniglot/first.zip";

const read = (zip: Uint8Array<ArrayBuffer>) => readArchive(zip, PATH, ARCHIVE);

/** Checks that a zip is refused in one line that names the file, says why, and names the way out. */
async function assertRefused(zip: Uint8Array<ArrayBuffer>, why: RegExp): Promise<void> {
  await assert.rejects(read(zip), (error) => {
    assert(error instanceof DataError, String(error));
    assert.match(error.message, why);
    assert(error.message.startsWith(PATH), error.message);
    assert(error.message.endsWith("run `deno task data omniglot --data-dir /data`"), error.message);
    assert(!error.message.includes("\n"), error.message);
    return true;
  });
}

/** The archive with some entries replaced, added or (undefined) left out. */
function zipWith(changes: Record<string, Uint8Array | undefined>): Uint8Array<ArrayBuffer> {
  const changed = Object.entries({ ...ENTRIES, ...changes }).filter(([, content]) => content !== undefined);
  return zipSync(Object.fromEntries(changed) as Record<string, Uint8Array>);
}

/** Replaces every occurrence of some text in a zip's headers by another of the same length. */
function patched(zip: Uint8Array, from: string, to: string): Uint8Array<ArrayBuffer> {
  assert.equal(from.length, to.length);
  const latin1 = new TextDecoder("latin1");
  const bytes = Uint8Array.from(zip);
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (bytes[at] === from.charCodeAt(0) && latin1.decode(bytes.subarray(at, at + from.length)) === from) {
      for (let i = 0; i < to.length; i++) bytes[at + i] = to.charCodeAt(i);
    }
  }
  return bytes;
}

/** Where the table of contents has the entry of this name. */
function tableEntry(zip: Uint8Array, name: string): number {
  const text = new TextDecoder("latin1").decode(zip);
  const NAME_OFFSET = 46;
  const at = text.lastIndexOf(name) - NAME_OFFSET;
  assert.equal(text.slice(at, at + 4), "PK\x01\x02");
  return at;
}

Deno.test("a sound archive gives its drawings bit by bit", async () => {
  const packed = await read(ZIP);
  assert.equal(packed.length, 40 * PACKED_BYTES);
  assert(packed.some((byte) => byte !== 0));
  // The last bits pad 11,025 to whole bytes.
  assert.equal(packed[PACKED_BYTES - 1] & 0x7f, 0);
});

Deno.test("folders and the compression of the zip do not matter", async () => {
  const stored = zipSync(ENTRIES, { level: 0 });
  const withFolders = zipWith({ "first/": new Uint8Array(), "first/Alpha/": new Uint8Array() });
  const expected = await read(ZIP);
  assert.deepEqual(await read(stored), expected);
  assert.deepEqual(await read(withFolders), expected);
});

Deno.test("what a Mac adds to an archive that it packs again is passed over, unread", async () => {
  const shadow = new Uint8Array(20_000);
  const shadows = Object.keys(ENTRIES).map((name) => [`__MACOSX/${name.replace(/[^/]*$/, "._$&")}`, shadow]);
  const mac = zipWith({
    ...Object.fromEntries(shadows),
    ...{ "__MACOSX/": new Uint8Array(), "__MACOSX/first/": new Uint8Array() },
    ...{ "first/.DS_Store": shadow, "first/Alpha/.DS_Store": shadow, ".DS_Store": shadow, "first/._Alpha": shadow },
  });
  assert.deepEqual(await read(mac), await read(ZIP));
  await assertRefused(zipWith({ "first/DS_Store": shadow }), /"first\/DS_Store" does not belong/);
  await assertRefused(zipWith({ "first/__MACOSX/x": shadow }), /"first\/__MACOSX\/x" does not belong/);
});

Deno.test("a truncated or foreign file is refused", async () => {
  for (const length of [0, 10, ZIP.length >> 1, ZIP.length - 1]) {
    await assertRefused(ZIP.slice(0, length), /it is not a whole zip file/);
  }
  await assertRefused(new TextEncoder().encode("<html>404</html>"), /it is not a whole zip file/);
});

Deno.test("an entry that leaves its folder or is absolute is refused", async () => {
  const png = ENTRIES[FIRST];
  await assertRefused(zipWith({ "first/../../evil.png": png }), /\.\.\/\.\.\/evil\.png/);
  await assertRefused(zipWith({ "/etc/evil.png": png }), /absolute path: \/etc\/evil\.png/);
  await assertRefused(zipWith({ "C:/evil.png": png }), /absolute path: C:\/evil\.png/);
});

Deno.test("an entry that Omniglot does not have is refused", async () => {
  await assertRefused(zipWith({ "../é\n\x1b[31m": new Uint8Array() }), /\.\.\/é\ufffd\ufffd\[31m/);
  await assertRefused(zipWith({ "first/readme.txt": new Uint8Array(3) }), /"first\/readme\.txt" does not belong/);
  await assertRefused(zipWith({ "first/Alpha/character01/0001_21.png": ENTRIES[FIRST] }), /0001_21\.png" does not/);
  await assertRefused(zipWith({ "elsewhere/": new Uint8Array() }), /"elsewhere\/" does not belong/);
});

Deno.test("an entry that is there twice or missing is refused", async () => {
  const twin = FIRST.replace("0001_01", "0001_0X");
  await assertRefused(
    patched(zipWith({ [twin]: ENTRIES[FIRST] }), "0001_0X", "0001_01"),
    /0001_01\.png" is there twice/,
  );
  await assertRefused(zipWith({ [FIRST]: undefined }), /0001_01\.png" is missing/);
});

Deno.test("a PNG of the wrong size is refused by its header, however large it claims to be", async () => {
  const small = greyPng(64, 105, () => false);
  await assertRefused(zipWith({ [FIRST]: small }), /0001_01\.png" is 64 x 105 pixels instead of 105 x 105/);
  const huge = Uint8Array.from(small);
  new DataView(huge.buffer).setUint32(16, 2 ** 31 - 1);
  await assertRefused(zipWith({ [FIRST]: huge }), /is 2147483647 x 105 pixels/);
});

Deno.test("a damaged PNG, or something else under its name, is refused", async () => {
  const damagedPng = Uint8Array.from(ENTRIES[FIRST]);
  damagedPng[60] ^= 0xff;
  await assertRefused(zipWith({ [FIRST]: damagedPng }), /0001_01\.png" is damaged/);
  await assertRefused(zipWith({ [FIRST]: ENTRIES[FIRST].slice(0, 60) }), /0001_01\.png" is damaged/);
  await assertRefused(zipWith({ [FIRST]: new Uint8Array(500) }), /0001_01\.png" is not a PNG/);
});

Deno.test("a changed byte in the zip is noticed", async () => {
  const name = Object.keys(ENTRIES)[7];
  const changed = zipSync(ENTRIES, { level: 0 });
  const start = new TextDecoder("latin1").decode(changed).indexOf(name) + name.length;
  changed[start + 40] ^= 0x10;
  await assertRefused(changed, /0001_08\.png" is damaged \(wrong checksum\)/);
});

Deno.test("other drawings than the expected ones are noticed by the content digest", async () => {
  const other = greyPng(ORIGINAL_SIDE, ORIGINAL_SIDE, (x, y) => x === 0 && y === 0);
  await assertRefused(zipWith({ [FIRST]: other }), /its drawings are not Omniglot's \(digest [0-9a-f]{64} instead of/);
});

Deno.test("a zip bomb is refused before it is unpacked, honest about its size or not", async () => {
  const bomb = zipWith({ [FIRST]: new Uint8Array(20_000_000) });
  await assertRefused(bomb, /0001_01\.png" is larger than any drawing \(20000000 bytes\)/);
  const UNCOMPRESSED_SIZE = 24;
  const lying = zipSync({ ...ENTRIES, [FIRST]: new Uint8Array(10_000_000) }, { level: 9 });
  const COMPRESSED_SIZE = 20;
  const table = new DataView(lying.buffer, tableEntry(lying, FIRST));
  table.setUint32(UNCOMPRESSED_SIZE, 300, true);
  assert(table.getUint32(COMPRESSED_SIZE, true) < 16 * 1024, "the test needs a bomb that is small when compressed");
  await assertRefused(lying, /0001_01\.png" is damaged \(Cannot create a Buffer larger than 16384 bytes\)/);
});

/** Fields of an entry in the table of contents, and of the header before its bytes: offsets, bytes each. */
const FIELDS = {
  flags: [8, 6, 2],
  method: [10, 8, 2],
  crc: [16, 14, 4],
  packed: [20, 18, 4],
  unpacked: [24, 22, 4],
} as const;

/** The archive with a field of its first entry replaced in the table of contents, in the entry's own header, or in both. */
function withField(field: keyof typeof FIELDS, value: number, places: "table" | "header" | "both" = "both") {
  const zip = Uint8Array.from(ZIP);
  const [inTable, inHeader, size] = FIELDS[field];
  const LOCAL_NAME_OFFSET = 30;
  const header = new TextDecoder("latin1").decode(zip).indexOf(FIRST) - LOCAL_NAME_OFFSET;
  const view = new DataView(zip.buffer);
  const write = (at: number) => size === 2 ? view.setUint16(at, value, true) : view.setUint32(at, value, true);
  if (places !== "header") write(tableEntry(zip, FIRST) + inTable);
  if (places !== "table") write(header + inHeader);
  return zip;
}

Deno.test("an entry that is a link or a device is refused, whatever it leads to", async () => {
  const KINDS = { link: 0o120777, device: 0o020666, pipe: 0o010666, folder: 0o040755 };
  for (const mode of Object.values(KINDS)) {
    const content = new TextEncoder().encode("../../../etc/passwd");
    const zip = zipSync({ ...ENTRIES, [FIRST]: [content, { os: 3, attrs: mode << 16 }] });
    await assertRefused(zip, /0001_01\.png" is a link or a device, not a file/);
  }
  const regular = zipSync({ ...ENTRIES, [FIRST]: [ENTRIES[FIRST], { os: 3, attrs: 0o100644 << 16 }] });
  assert.deepEqual(await read(regular), await read(ZIP));
});

Deno.test("an entry that is encrypted, or compressed by a method that is not known, is refused", async () => {
  await assertRefused(withField("flags", 1), /0001_01\.png" is encrypted/);
  const LZMA = 14;
  await assertRefused(withField("method", LZMA), /0001_01\.png" is compressed by an unknown method \(14\)/);
});

Deno.test("a wrong checksum or size is refused, and the table of contents is what counts", async () => {
  await assertRefused(withField("crc", 0xdeadbeef), /0001_01\.png" is damaged \(wrong checksum\)/);
  await assertRefused(withField("unpacked", 12), /0001_01\.png" is damaged \(wrong checksum\)/);
  await assertRefused(withField("packed", 12), /0001_01\.png" is damaged/);
  await assertRefused(
    withField("unpacked", 0xfffffffe),
    /0001_01\.png" is larger than any drawing \(4294967294 bytes\)/,
  );
  await assertRefused(withField("packed", 0xfffffffe), /0001_01\.png" is larger than any drawing/);
  assert.deepEqual(await read(withField("crc", 0, "header")), await read(ZIP));
});

Deno.test("two entries of one name are refused even when both are the same", async () => {
  const twin = FIRST.replace("0001_01", "0001_0X");
  const zip = patched(zipWith({ [FIRST]: undefined, [twin]: ENTRIES[FIRST] }), "0001_0X", "0001_01");
  assert.deepEqual(await read(zip), await read(ZIP), "renaming is no offence");
  const other = greyPng(ORIGINAL_SIDE, ORIGINAL_SIDE, () => true);
  const both = zipWith({ [FIRST]: ENTRIES[FIRST], [twin]: other });
  await assertRefused(patched(both, "0001_0X", "0001_01"), /0001_01\.png" is there twice/);
});

Deno.test("a table of contents that promises more entries than Omniglot has is refused before it is read", async () => {
  const zip = Uint8Array.from(ZIP);
  const END_BYTES = 22;
  const end = new DataView(zip.buffer, zip.length - END_BYTES);
  for (const at of [8, 10]) end.setUint16(at, 0xfffe, true);
  await assertRefused(zip, /it has 65534 entries instead of 40 drawings/);
});

Deno.test("whatever bytes change, an archive is read bit by bit or refused in one line", async () => {
  const expected = await read(ZIP);
  const change = fc.record({ at: fc.nat(ZIP.length - 1), byte: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const zip = Uint8Array.from(ZIP);
      for (const { at, byte } of changes) zip[at] ^= byte;
      try {
        assert.deepEqual(await read(zip), expected);
      } catch (error) {
        assert(error instanceof DataError && !error.message.includes("\n"), String(error));
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});
