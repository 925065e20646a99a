/** Reading one of Omniglot's zip files, trusting nothing in it. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
// @ts-types="@types/yauzl"
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { DataError } from "../contract/dataset.ts";
import { type Archive, DRAWINGS, PACKED_BYTES } from "./contents.ts";
import { decodeDrawing } from "./drawing.ts";

/** A drawing takes a few hundred bytes; 16 KiB would hold it without any compression. */
const LARGEST_ENTRY = 16 * 1024;
/** Room in the zip's table of contents for folders, beside the drawings. */
const MAX_FOLDERS = 4_096;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads all drawings of an archive and checks them against its content digest.
 *
 * @param bytes the zip file
 * @param path where it came from, for messages
 * @returns the drawings in the order of character and drawer, 1,379 bytes of bits each (see `Archive.contentDigest`)
 * @throws DataError naming the file, the entry and what is wrong with it
 */
export async function readArchive(bytes: Uint8Array<ArrayBuffer>, path: string, archive: Archive): Promise<Uint8Array> {
  const expected = expectedEntries(archive);
  const folders = new Set([...expected.keys()].flatMap(parentFolders));
  const packed = new Uint8Array(expected.size * PACKED_BYTES);
  const seen = new Set<string>();

  const zip = await openZip(bytes, path);
  // Beside each drawing a Mac puts a shadow of it.
  if (zip.entryCount > 2 * (expected.size + MAX_FOLDERS)) {
    throw damaged(path, `it has ${zip.entryCount} entries instead of ${expected.size} drawings`);
  }
  for await (const entry of entries(zip, path)) {
    const name = entry.fileName;
    if (isLeftover(name)) continue;
    if (seen.has(name)) throw damaged(path, `entry "${name}" is there twice`);
    seen.add(name);
    if (folders.has(name)) continue;
    const slot = expected.get(name);
    if (slot === undefined) throw damaged(path, `entry ${JSON.stringify(name)} does not belong to Omniglot`);
    const png = await readEntry(zip, entry, bytes, path);
    try {
      decodeDrawing(png, packed.subarray(slot * PACKED_BYTES, (slot + 1) * PACKED_BYTES));
    } catch (error) {
      throw damaged(path, `entry "${name}" ${messageOf(error)}`);
    }
  }
  for (const name of expected.keys()) {
    if (!seen.has(name)) throw damaged(path, `entry "${name}" is missing`);
  }
  const digest = createHash("sha256").update(packed).digest("hex");
  if (digest !== archive.contentDigest) {
    throw damaged(path, `its drawings are not Omniglot's (digest ${digest} instead of ${archive.contentDigest})`);
  }
  return packed;
}

/** Whether an entry is what a Mac puts beside files: `.DS_Store`, and `__MACOSX/` with a shadow `._name` of every file. It is never read. */
function isLeftover(name: string): boolean {
  return /^__MACOSX\/|(^|\/)(\.DS_Store|\._[^/]*)$/.test(name);
}

/** An error about an archive, ending in the way out. */
export function damaged(path: string, what: string): DataError {
  const dataDir = dirname(dirname(path));
  // Names in an archive are anybody's: nothing in them may steer a terminal.
  const said = what.replace(/\p{C}/gu, "\ufffd");
  return new DataError(
    `${path} cannot be used: ${said}. Delete the file and run \`deno task data omniglot --data-dir ${dataDir}\``,
  );
}

/** Entry name -> position of the drawing. */
function expectedEntries({ file, firstCharacter, characters }: Archive): Map<string, number> {
  const folder = file.replace(/\.zip$/, "");
  const drawings = characters.flatMap((character, c) =>
    Array.from({ length: DRAWINGS }, (_, d) => {
      const number = String(firstCharacter + c).padStart(4, "0");
      return `${folder}/${character}/${number}_${String(d + 1).padStart(2, "0")}.png`;
    })
  );
  return new Map(drawings.map((name, slot) => [name, slot]));
}

/** "a/b/c" -> "a/", "a/b/" */
function parentFolders(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
}

async function openZip(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<ZipFile> {
  try {
    return await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
    });
  } catch (error) {
    throw damaged(path, `it is not a whole zip file (${messageOf(error)})`);
  }
}

/** The zip's entries; names with "..", absolute names and the like end the iteration with an error. */
async function* entries(zip: ZipFile, path: string): AsyncGenerator<Entry> {
  const iterator = zip.eachEntry()[Symbol.asyncIterator]();
  while (true) {
    let next: IteratorResult<Entry>;
    try {
      next = await iterator.next();
    } catch (error) {
      throw damaged(path, `its table of contents is damaged or malicious (${messageOf(error)})`);
    }
    if (next.done) return;
    yield next.value;
  }
}

/** Zips made on Unix say what kind of file an entry is; others say nothing. */
function isFile({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const [UNIX, KIND, REGULAR] = [3, 0o170000, 0o100000];
  const kind = versionMadeBy >>> 8 === UNIX ? (externalFileAttributes >>> 16) & KIND : 0;
  return kind === 0 || kind === REGULAR;
}

/** The uncompressed content of an entry, checked against its declared size and checksum. */
async function readEntry(zip: ZipFile, entry: Entry, bytes: Uint8Array, path: string): Promise<Uint8Array> {
  const { fileName, compressedSize, uncompressedSize, compressionMethod } = entry;
  const bad = (what: string) => damaged(path, `entry "${fileName}" ${what}`);
  if (compressedSize > LARGEST_ENTRY || uncompressedSize > LARGEST_ENTRY) {
    throw bad(`is larger than any drawing (${Math.max(compressedSize, uncompressedSize)} bytes)`);
  }
  if (!isFile(entry)) throw bad("is a link or a device, not a file");
  if (entry.isEncrypted()) throw bad("is encrypted");
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw bad(`is compressed by an unknown method (${compressionMethod})`);
  }
  let content: Uint8Array;
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const stored = bytes.subarray(fileDataStart, fileDataStart + compressedSize);
    content = compressionMethod === STORED ? stored : inflateRawSync(stored, { maxOutputLength: LARGEST_ENTRY });
  } catch (error) {
    throw bad(`is damaged (${messageOf(error)})`);
  }
  if (content.length !== uncompressedSize || crc32(content) !== entry.crc32) throw bad("is damaged (wrong checksum)");
  return content;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
