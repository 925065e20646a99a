/** Git's index, the list of what is staged, read without git: versions 2 to 4, whole, split and sparse (gitformat-index). */
import { join } from "node:path";

/** A staged file. */
export interface IndexEntry {
  /** Relative to the checkout. */
  readonly name: string;
  /** Whether it is a plain file and no link, submodule or folder. */
  readonly plain: boolean;
  /** sha1 of its blob. */
  readonly blob: Uint8Array;
  /** Whether git was told to take it for unchanged, so that nothing is known of it. */
  readonly unchecked: boolean;
  /** Whether it is one of the sides of a conflict, or only to be added. */
  readonly unfinished: boolean;
  /** Whether it is left out of a sparse checkout; a folder that is left out is one entry, with a slash at its end. */
  readonly left: boolean;
}

const DIGEST_BYTES = 20;
/** Bits of an entry's flags. */
const [EXTENDED, UNCHECKED, STAGE] = [0x4000, 0x8000, 0x3000];
/** Bits of its further flags: left out of a sparse checkout; to be added. */
const [SKIPPED, INTENDED] = [0x4000, 0x2000];

/** Extensions that need no reading: their letters begin with a capital. Others change what the entries mean. */
const OPTIONAL = /^[A-Z]/;
/** A split index is told by `link`, a sparse one by `sdir`. */
const [SPLIT, SPARSE] = ["link", "sdir"];

/**
 * The entries of a repository's index.
 *
 * @param folder of the repository, such as `.git`
 * @returns undefined where it is one that this does not read
 */
export function readIndex(folder: string): IndexEntry[] | undefined {
  return readFile(join(folder, "index"), folder);
}

function readFile(path: string, folder: string): IndexEntry[] | undefined {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(4);
  if (ascii(bytes, 0, 4) !== "DIRC" || version < 2 || version > 4) return undefined;
  const entries: IndexEntry[] = [];
  let place = 12;
  for (let count = view.getUint32(8); count > 0; count--) {
    const { entry, end } = entryAt(bytes, place, version === 4 ? entries.at(-1)?.name ?? "" : undefined);
    entries.push(entry);
    place = end;
  }
  let split: Uint8Array | undefined;
  while (place + 8 <= bytes.length - DIGEST_BYTES) {
    const [name, length] = [ascii(bytes, place, place + 4), view.getUint32(place + 4)];
    if (name === SPLIT) split = bytes.subarray(place + 8, place + 8 + length);
    else if (name !== SPARSE && !OPTIONAL.test(name)) return undefined;
    place += 8 + length;
  }
  return split === undefined ? entries : joined(split, entries, folder);
}

/** @param before the name that this one continues, in an index that says names so */
function entryAt(bytes: Uint8Array, start: number, before: string | undefined): { entry: IndexEntry; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(start + 60);
  const extended = (flags & EXTENDED) !== 0;
  const further = extended ? view.getUint16(start + 62) : 0;
  const nameAt = start + (extended ? 64 : 62);
  const { kept, from } = before === undefined ? { kept: "", from: nameAt } : prefix(bytes, nameAt, before);
  const nameEnd = bytes.indexOf(0, from);
  const left = (further & SKIPPED) !== 0;
  return {
    entry: {
      name: kept + new TextDecoder().decode(bytes.subarray(from, nameEnd)),
      plain: view.getUint32(start + 24) >> 12 === 0b1000,
      blob: bytes.subarray(start + 40, start + 40 + DIGEST_BYTES),
      unchecked: (flags & UNCHECKED) !== 0,
      unfinished: (flags & STAGE) !== 0 || (further & INTENDED) !== 0,
      left,
    },
    // Padded with zeros to a multiple of eight bytes, but in version 4.
    end: before === undefined ? start + Math.ceil((nameEnd + 1 - start) / 8) * 8 : nameEnd + 1,
  };
}

/** What a name has of the one before: that one without as many bytes at its end as a number of seven bits a byte says. */
function prefix(bytes: Uint8Array, start: number, before: string): { kept: string; from: number } {
  let place = start;
  let cut = bytes[place] & 0x7f;
  while ((bytes[place++] & 0x80) !== 0) cut = ((cut + 1) << 7) + (bytes[place] & 0x7f);
  const name = new TextEncoder().encode(before);
  return { kept: new TextDecoder().decode(name.subarray(0, name.length - cut)), from: place };
}

/** The entries of a split index: those of the one that it shares, of which some are deleted and some replaced, and its own. */
function joined(link: Uint8Array, own: readonly IndexEntry[], folder: string): IndexEntry[] | undefined {
  const name = [...link.subarray(0, DIGEST_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  // Nothing is shared.
  if (/^0*$/.test(name)) return [...own];
  const shared = readFile(join(folder, `sharedindex.${name}`), folder);
  if (shared === undefined) return undefined;
  const deleted = bitsAt(link, DIGEST_BYTES);
  const replaced = bitsAt(link, deleted.end);
  const [changed, added] = [own.slice(0, replaced.bits.size), own.slice(replaced.bits.size)];
  // One that takes another's place has no name of its own.
  const kept = shared.map((entry, index) => {
    const instead = replaced.bits.has(index) ? changed.shift() : undefined;
    return instead === undefined ? entry : { ...instead, name: entry.name };
  });
  return [...kept.filter((_, index) => !deleted.bits.has(index)), ...added];
}

/** Bits of a word of a compressed bitmap: how many words of one bit, and how many words as they are, follow. */
const [RUN_BITS, WORD_BITS] = [32n, 31n];

/** A bitmap as EWAH compresses it: the numbers of the bits that are set. */
function bitsAt(bytes: Uint8Array, start: number): { bits: Set<number>; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = view.getUint32(start + 4);
  const wordAt = (word: number) => view.getBigUint64(start + 8 + 8 * word);
  const bits = new Set<number>();
  let bit = 0;
  for (let word = 0; word < words;) {
    const marker = wordAt(word++);
    const run = Number(marker >> 1n & (1n << RUN_BITS) - 1n);
    if ((marker & 1n) !== 0n) { for (let own = 0; own < 64 * run; own++) bits.add(bit + own); }
    bit += 64 * run;
    for (let literal = Number(marker >> (1n + RUN_BITS) & (1n << WORD_BITS) - 1n); literal > 0; literal--) {
      const value = wordAt(word++);
      for (let own = 0; own < 64; own++) if ((value >> BigInt(own) & 1n) !== 0n) bits.add(bit + own);
      bit += 64;
    }
  }
  // The place of the last marker follows.
  return { bits, end: start + 8 + 8 * words + 4 };
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}
