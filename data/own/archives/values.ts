/** What pickles of images are made of: Python's plain values and NumPy's arrays, and the few callables that make those. */
import type { RandomAccess } from "./random_access.ts";

/** Bytes that are still in the file. */
export interface Blob {
  readonly blob: true;
  readonly at: number;
  readonly length: number;
}

/** A NumPy array. */
export class NdArray {
  shape: readonly number[] = [];
  /** Such as "u1", "i8", "O" (objects). */
  dtype = "";
  fortran = false;
  /** Bytes in the order of the machine that wrote them (little-endian), or objects. */
  data: Blob | Uint8Array | readonly Value[] = [];
}

/** A NumPy type. */
export class Dtype {
  constructor(readonly name: string, public order = "<") {}
}

/** Something of Python that a pickle may name. */
export interface Global {
  readonly global: string;
}

/** What a pickle can hold. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Blob
  | Dtype
  | NdArray
  | Global
  | Value[]
  | Map<Value, Value>;

/** All that a pickle may name. */
const ALLOWED: Readonly<Record<string, true>> = Object.fromEntries(
  [
    ...["numpy.core", "numpy._core"].flatMap((core) => [
      `${core}.multiarray _reconstruct`,
      `${core}.multiarray scalar`,
      `${core}.numeric _frombuffer`,
    ]),
    ...["numpy ndarray", "numpy dtype", "_codecs encode", "__builtin__ bytes", "builtins bytes", "builtins bytearray"],
  ].map((name) => [name, true]),
);

/** Bytes of a text that has one character a byte. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 255) throw new Error("a byte string has a character that is no byte");
    return code;
  });
}

/** What the few callables that are allowed give back. */
export function reduce(callable: Value, args: Value, file: RandomAccess): Value {
  if (!isGlobal(callable) || !Array.isArray(args)) {
    throw new Error("is no pickle that is read here: it calls what is no function");
  }
  const [first, second, third, fourth] = args;
  const name = callable.global;
  if (name.endsWith(" _reconstruct")) return new NdArray();
  if (name.endsWith(" dtype")) {
    return new Dtype(String(first).replace(/^[<>|=]/, ""), /^>/.test(String(first)) ? ">" : "<");
  }
  if (name === "_codecs encode") return typeof first === "string" ? latin1Bytes(first) : first;
  if (/ bytes$| bytearray$/.test(name)) {
    return args.length === 0 ? new Uint8Array(0) : typeof first === "string" ? latin1Bytes(first) : first;
  }
  if (name.endsWith(" scalar")) {
    const array = arrayOf(first, [1], false, second);
    return numbersOf(array, file)[0];
  }
  if (name.endsWith(" _frombuffer")) return arrayOf(second, third, fourth === "F", first);
  throw new Error(`is no pickle that is read here: it calls ${name.replace(" ", ".")}`);
}

function isGlobal(value: Value): value is Global {
  return typeof value === "object" && value !== null && "global" in value;
}

/** Gives an array or a type its state. */
export function build(target: Value, state: Value): void {
  if (target instanceof NdArray && Array.isArray(state)) {
    const [, shape, dtype, fortran, data] = state;
    Object.assign(target, arrayOf(dtype, shape, fortran === true || fortran === 1, data));
  } else if (target instanceof Dtype && Array.isArray(state)) {
    if (state[1] === ">") target.order = ">";
  } else throw new Error("is no pickle that is read here: it gives a state to what is no array");
}

function arrayOf(dtype: Value, shape: Value, fortran: boolean, data: Value): NdArray {
  if (!(dtype instanceof Dtype) || !Array.isArray(shape)) throw new Error("is damaged: an array has no type or shape");
  if (dtype.order === ">" && !/1$/.test(dtype.name)) {
    throw new Error("holds numbers of a big-endian machine, which are not read");
  }
  const array = new NdArray();
  array.dtype = dtype.name;
  array.shape = shape.map(Number);
  array.fortran = fortran;
  if (typeof data === "string") array.data = latin1Bytes(data);
  else if (Array.isArray(data) || data instanceof Uint8Array || isBlob(data)) array.data = data;
  else throw new Error("is damaged: an array has no content");
  return array;
}

/** Whether bytes are still in the file. */
export function isBlob(value: Value): value is Blob {
  return typeof value === "object" && value !== null && "blob" in value;
}

/** Readers of numbers by the type of an array. */
const NUMBERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at) => view.getUint16(at, true),
  i2: (view, at) => view.getInt16(at, true),
  u4: (view, at) => view.getUint32(at, true),
  i4: (view, at) => view.getInt32(at, true),
  u8: (view, at) => Number(view.getBigUint64(at, true)),
  i8: (view, at) => Number(view.getBigInt64(at, true)),
  f4: (view, at) => view.getFloat32(at, true),
  f8: (view, at) => view.getFloat64(at, true),
};

/** The numbers of a list or an array. @throws Error as the end of a sentence when it holds something else */
export function numbersOf(value: Value, file: RandomAccess): number[] {
  if (Array.isArray(value)) return value.map((own) => typeof own === "number" ? own : numbersOf(own, file)[0]);
  if (!(value instanceof NdArray)) throw new Error("holds no numbers where labels belong");
  if (Array.isArray(value.data)) return numbersOf([...value.data], file);
  const read = NUMBERS[value.dtype];
  if (read === undefined) throw new Error(`holds labels of the type ${value.dtype}, which is not read`);
  const bytes = bytesOf(value.data as Blob | Uint8Array, file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = Number(value.dtype.slice(1));
  return Array.from({ length: Math.floor(bytes.byteLength / width) }, (_, i) => read(view, i * width));
}

/** Bytes, from the file where they still are there; a part of them, if asked. */
export function bytesOf(
  data: Blob | Uint8Array,
  file: RandomAccess,
  from = 0,
  length = data.length - from,
): Uint8Array {
  return isBlob(data) ? file.read(data.at + from, length) : data.subarray(from, from + length);
}

/** A global by its module and name. @throws Error as the end of a sentence when no archive of images needs it */
export function globalOf(name: string): Global {
  if (!Object.hasOwn(ALLOWED, name)) {
    throw new Error(`is not read: it asks for Python's ${name.replace(" ", ".")}, which no archive of images needs`);
  }
  return { global: name };
}
