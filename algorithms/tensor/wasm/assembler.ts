/** The few WebAssembly instructions that generated loops are made of, and the module that holds their functions. */

/** Bytes of code. */
export type Code = readonly number[];

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return [...bytes, value];
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;; value >>= 7) {
    const low = value & 127;
    if ((value >> 7) === (low & 64 ? -1 : 0)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** Alignment hint (4 bytes) and constant offset of a memory access. */
const memory = (offset: number): number[] => [2, ...unsigned(offset)];

const float32 = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];

export const get = (local: number): number[] => [0x20, ...unsigned(local)];
export const set = (local: number): number[] => [0x21, ...unsigned(local)];
export const tee = (local: number): number[] => [0x22, ...unsigned(local)];
export const integer = (value: number): number[] => [0x41, ...signed(value | 0)];

/** local += amount */
export function advance(local: number, amount: number): number[] {
  return amount === 0 ? [] : [...get(local), ...integer(amount), 0x6a, ...set(local)];
}

/** Runs a body `count` times (at least once), counting down in a local. */
export function repeat(counter: number, count: number, body: Code): number[] {
  if (count === 1) return [...body];
  const next = [...get(counter), ...integer(-1), 0x6a, ...tee(counter), 0x0d, 0];
  return [...integer(count), ...set(counter), 0x03, 0x40, ...body, ...next, 0x0b];
}

/** Fills bytes with zeros. */
export const clear = (
  address: number,
  bytes: number,
): number[] => [...integer(address), ...integer(0), ...integer(bytes), 0xfc, 0x0b, 0];

/** One value on all four lanes. */
export const splat = (value: number): number[] => {
  const bytes = float32(value);
  return [...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes];
};

/** Loads four lanes from the address on the stack plus an offset. */
export const load = (offset: number): number[] => [...simd(0x00), ...memory(offset)];
/** Loads one number into all four lanes. */
export const loadSplat = (offset: number): number[] => [...simd(0x09), ...memory(offset)];
/** Stores four lanes; the address lies below the value on the stack. */
export const store = (offset: number): number[] => [...simd(0x0b), ...memory(offset)];
/** Stores the first lane. */
export const storeFirst = (offset: number): number[] => [...simd(0x5a), ...memory(offset), 0];
/** Loads and stores one number. */
export const loadScalar = (offset: number): number[] => [0x2a, ...memory(offset)];
export const storeScalar = (offset: number): number[] => [0x38, ...memory(offset)];
export const addScalar: Code = [0x92];
/** One lane of the vector on the stack. */
export const lane = (index: number): number[] => [...simd(0x1f), index];

/** Operations on four lanes. */
export const vector = {
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  minimum: simd(0xe8),
  maximum: simd(0xe9),
  sqrt: simd(0xe3),
  /** max(x, y) that gives x where x is not less than y, NaN included: one instruction of the processor. */
  notLess: simd(0xeb),
  greater: simd(0x44),
  and: simd(0x4e),
} as const satisfies Record<string, Code>;

/** Declares locals: integers first, then vectors. */
export function withLocals(integers: number, vectors: number, body: Code): number[] {
  return [2, ...unsigned(integers), 0x7f, ...unsigned(vectors), 0x7b, ...body, 0x0b];
}

/** A module of functions without parameters or results, over `env.memory`, that puts them into `env.table` from `first` on. */
export function moduleOf(functions: readonly Code[], first: number): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
  const indices = functions.flatMap((_, index) => unsigned(index));
  const count = unsigned(functions.length);
  const head = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(2, [2, ...text("env"), ...text("memory"), 2, 0, 0, ...text("env"), ...text("table"), 1, 0x70, 0, 0]),
    ...section(3, [...count, ...functions.map(() => 0)]),
    ...section(9, [1, 0, ...integer(first), 0x0b, ...count, ...indices]),
  ];
  const sizes = functions.map((code) => unsigned(code.length));
  const total = functions.reduce((sum, code, index) => sum + code.length + sizes[index].length, count.length);
  const start = [...head, 10, ...unsigned(total), ...count];
  const bytes = new Uint8Array(start.length + total - count.length);
  bytes.set(start);
  let at = start.length;
  functions.forEach((code, index) => {
    bytes.set(sizes[index], at);
    bytes.set(code, at + sizes[index].length);
    at += sizes[index].length + code.length;
  });
  return bytes;
}
