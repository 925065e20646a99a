/**
 * NumPy's .npz files: zip files with one array each, in the format .npy. Arrays that are only stored stay in the file until they are asked for.
 *
 * Source: NumPy's `lib/format.py` (versions 1 to 3 of the format); PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.5.3.
 */
import { inflateRawSync } from "node:zlib";
import type { RandomAccess } from "./random_access.ts";
import { NdArray } from "./values.ts";

/** Signatures of a zip file's parts. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LENGTH = { local: 30, central: 46, end: 22, locator64: 20 } as const;
const ENDING = ".npy";
/** The longest comment that may follow the end of the directory. */
const MAX_COMMENT = 65_535;
const ABSENT = 0xffffffff;
const ZIP64 = 1;
const STORED = 0;
const DEFLATED = 8;
/** A compressed array is in memory as a whole. */
const MAX_INFLATED = 2 ** 31 - 1;
/** "\x93NUMPY" */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

interface Member {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** The arrays of a file by name. @throws Error as the end of a sentence that begins with the file's name */
export function readNpz(file: RandomAccess): ReadonlyMap<string, NdArray> {
  const arrays = membersOf(file).filter(({ name }) => name.endsWith(ENDING))
    .map((member) => ({ ...member, name: member.name.slice(0, -ENDING.length) }));
  return new Map(arrays.map((member) => [member.name, arrayOf(member, file)]));
}

function viewOf(file: RandomAccess, at: number, length: number): DataView {
  const bytes = file.read(at, length).slice();
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** The directory, which stands at the end of the file. */
function membersOf(file: RandomAccess): Member[] {
  const length = Math.min(file.size, MAX_COMMENT + LENGTH.end);
  const tail = viewOf(file, file.size - length, length);
  let end = length - LENGTH.end;
  while (end >= 0 && tail.getUint32(end, true) !== END) end--;
  if (end < 0) throw new Error("is no .npz file, or is cut off");
  const { count, at: first } = directoryOf(file, file.size - length + end, tail, end);
  const members: Member[] = [];
  let at = first;
  for (let i = 0; i < count; i++) {
    const head = viewOf(file, at, LENGTH.central);
    if (head.getUint32(0, true) !== CENTRAL) throw new Error("is damaged: its directory is none");
    const [name, extra, comment] = [28, 30, 32].map((offset) => head.getUint16(offset, true));
    const rest = file.read(at + LENGTH.central, name + extra).slice();
    const large = largeFields(new DataView(rest.buffer, rest.byteOffset + name, extra), [
      head.getUint32(24, true),
      head.getUint32(20, true),
      head.getUint32(42, true),
    ]);
    const [size, packed, local] = large;
    const member = { name: new TextDecoder().decode(rest.subarray(0, name)), method: head.getUint16(10, true) };
    members.push({ ...member, packed, size, at: contentAt(file, local) });
    at += LENGTH.central + name + extra + comment;
  }
  return members;
}

/** Where the directory begins, and how many members it has; files above 4 GiB say so in a record of their own. */
function directoryOf(file: RandomAccess, endAt: number, tail: DataView, end: number): { count: number; at: number } {
  const own = { count: tail.getUint16(end + 10, true), at: tail.getUint32(end + 16, true) };
  const locatorAt = endAt - LENGTH.locator64;
  if (locatorAt < 0) return own;
  const locator = viewOf(file, locatorAt, LENGTH.locator64);
  if (locator.getUint32(0, true) !== LOCATOR64) return own;
  const record = viewOf(file, Number(locator.getBigUint64(8, true)), 56);
  if (record.getUint32(0, true) !== END64) throw new Error("is damaged: its directory is none");
  return { count: Number(record.getBigUint64(32, true)), at: Number(record.getBigUint64(48, true)) };
}

/** Sizes and place of a member, of which those that do not fit 32 bits stand in an extra field, in this order. */
function largeFields(extra: DataView, fields: readonly number[]): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [kind, length] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    if (kind === ZIP64) {
      let next = at + 4;
      return fields.map((field) => {
        if (field !== ABSENT) return field;
        if (next + 8 > extra.byteLength) throw new Error("is damaged: its directory is none");
        next += 8;
        return Number(extra.getBigUint64(next - 8, true));
      });
    }
    at += 4 + length;
  }
  return [...fields];
}

/** Where a member's content begins: behind a header of its own. */
function contentAt(file: RandomAccess, local: number): number {
  const head = viewOf(file, local, LENGTH.local);
  if (head.getUint32(0, true) !== LOCAL) throw new Error("is damaged: its directory leads nowhere");
  return local + LENGTH.local + head.getUint16(26, true) + head.getUint16(28, true);
}

function arrayOf({ name, method, packed, size, at }: Member, file: RandomAccess): NdArray {
  if (method === STORED) {
    const read = (from: number, length: number) => file.read(at + from, length).slice();
    const { array, begin } = headerOf(name, read);
    array.data = { blob: true, at: at + begin, length: size - begin };
    return checked(name, array, size - begin);
  }
  if (method !== DEFLATED) throw new Error(`has "${name}" in a compression that is not read (${method})`);
  if (size > MAX_INFLATED) {
    throw new Error(
      `has "${name}" compressed, with ${size} bytes: too large to unpack at once; save it by numpy.savez`,
    );
  }
  let content: Uint8Array;
  try {
    content = new Uint8Array(inflateRawSync(file.read(at, packed), { maxOutputLength: Math.max(1, size) }));
  } catch {
    throw new Error(`is damaged: "${name}" does not unpack`);
  }
  const { array, begin } = headerOf(name, (from, length) => content.slice(from, from + length));
  array.data = content.subarray(begin);
  return checked(name, array, content.length - begin);
}

/** The array without its data, and where that begins. */
function headerOf(name: string, read: (from: number, length: number) => Uint8Array): { array: NdArray; begin: number } {
  const start = read(0, 12);
  if (start.length < 12 || MAGIC.some((byte, i) => start[i] !== byte)) {
    throw new Error(`has "${name}", which is no array`);
  }
  const view = new DataView(start.buffer, start.byteOffset);
  const isShort = start[6] === 1;
  const [begin, length] = isShort ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const text = new TextDecoder().decode(read(begin, length));
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(text);
  const shape = /'shape':\s*\(([\d, ]*)\)/.exec(text);
  if (descr === null || shape === null) throw new Error(`has "${name}", whose type or shape is not read`);
  if (descr[1] === ">" && !descr[2].endsWith("1")) {
    throw new Error("holds numbers of a big-endian machine, which are not read");
  }
  if (descr[2].startsWith("O")) throw new Error(`has "${name}", an array of Python objects, which is not read`);
  const array = new NdArray();
  array.dtype = descr[2];
  array.fortran = /'fortran_order':\s*True/.test(text);
  array.shape = shape[1].split(",").map((part) => part.trim()).filter((part) => part !== "").map(Number);
  return { array, begin: begin + length };
}

/** @throws where there are not as many bytes as type and shape ask for */
function checked(name: string, array: NdArray, bytes: number): NdArray {
  const width = Number(array.dtype.slice(1));
  const count = array.shape.reduce((product, extent) => product * extent, 1);
  if (/^[uif]/.test(array.dtype) && count * width !== bytes) {
    throw new Error(`is damaged: "${name}" has not the size that it says`);
  }
  return array;
}
