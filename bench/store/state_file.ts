/**
 * A learned state as one file: a line that names the format, a line of JSON with the names and lengths of the tensors, their
 * float32 values (little endian) one after the other, and sha256 over all of that (32 bytes).
 */
import { createHash } from "node:crypto";
import { z } from "zod";

/** Tensors by name, row-major. */
export type StoredState = Readonly<Record<string, Float32Array>>;

const MAGIC = "bridgebench state 1\n";
const DIGEST_BYTES = 32;

/** @returns the file's bytes */
export function encodeState(state: StoredState): Uint8Array {
  const names = Object.keys(state).sort();
  const header = `${MAGIC}${JSON.stringify(names.map((name) => [name, state[name].length]))}\n`;
  const head = new TextEncoder().encode(header);
  const values = names.reduce((total, name) => total + state[name].length, 0);
  const bytes = new Uint8Array(head.length + 4 * values + DIGEST_BYTES);
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  let offset = head.length;
  for (const name of names) {
    for (const value of state[name]) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  bytes.set(digest(bytes.subarray(0, offset)), offset);
  return bytes;
}

/** @returns the state, or undefined when the bytes are not what `encodeState` wrote */
export function decodeState(bytes: Uint8Array): StoredState | undefined {
  const end = bytes.length - DIGEST_BYTES;
  if (end < MAGIC.length) return undefined;
  const expected = digest(bytes.subarray(0, end));
  if (!expected.every((byte, index) => byte === bytes[end + index])) return undefined;
  const headEnd = bytes.indexOf(10, MAGIC.length);
  const head = new TextDecoder().decode(bytes.subarray(0, headEnd + 1));
  if (headEnd < 0 || !head.startsWith(MAGIC)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const state: Record<string, Float32Array> = {};
  const parameters = parametersOf(head.slice(MAGIC.length));
  if (parameters === undefined) return undefined;
  let offset = headEnd + 1;
  for (const [name, length] of parameters) {
    if (offset + 4 * length > end) return undefined;
    state[name] = Float32Array.from({ length }, (_, index) => view.getFloat32(offset + 4 * index, true));
    offset += 4 * length;
  }
  return offset === end ? state : undefined;
}

const headShape = z.array(z.tuple([z.string(), z.int().min(0)]));

/** What the head of a file says that it holds; undefined where somebody has made it, digest and all, and it says nothing of that kind. */
function parametersOf(text: string): z.infer<typeof headShape> | undefined {
  try {
    return headShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
