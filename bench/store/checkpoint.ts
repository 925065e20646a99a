/**
 * Where a training is, so that another process can go on from there to the same bits. As a file: a line that names the format, a line of JSON
 * with all that is no tensor and the tensors' names, types and lengths, their values one after the other (little endian), and sha256 over all
 * of that (32 bytes).
 */
import { createHash } from "node:crypto";
import type { Data } from "../../algorithms/tensor/backend.ts";
import type { CurvePoint } from "./types.ts";
import type { WatchedScores } from "./types.ts";

/** States of a training program, by name. */
export type Snapshot = readonly (readonly [name: string, values: Data])[];

/** A training after some iteration. */
export interface Checkpoint {
  readonly iteration: number;
  /** Iterations since the last point of the curve. */
  readonly since: number;
  /** Returns to the last finite state so far. */
  readonly restarts: number;
  readonly curve: readonly CurvePoint[];
  /** What was seen on validation episodes. */
  readonly watched: readonly WatchedScores[];
  /** Seconds of training so far, in all processes that had a part in it. */
  readonly trainS: number;
  /** Seconds spent on watching it. */
  readonly validateS: number;
  /** How often each task of the pool was drawn; [] without a pool. */
  readonly visits: readonly number[];
  /** Parameters, moments and what else the program keeps. */
  readonly states: Snapshot;
  /** Parameters and moments at the last finite point of the curve. */
  readonly kept: Snapshot;
}

const MAGIC = "bridgebench checkpoint 2\n";
const DIGEST_BYTES = 32;

interface TensorHead {
  readonly part: "states" | "kept";
  readonly name: string;
  readonly bits: 32 | 64;
  readonly length: number;
}

/** Content of the line of JSON. */
interface Head extends Omit<Checkpoint, "states" | "kept"> {
  /** Address of the training unit. */
  readonly unit: string;
  readonly tensors: readonly TensorHead[];
}

/** The file of a checkpoint of the unit at this address, piece by piece: it may be large. */
export function* encodeCheckpoint(unit: string, checkpoint: Checkpoint): Generator<Uint8Array> {
  const { states, kept, ...rest } = checkpoint;
  const parts = [["states", states], ["kept", kept]] as const;
  const tensors = parts.flatMap(([part, snapshot]) =>
    snapshot.map(([name, values]): TensorHead => {
      return { part, name, bits: values instanceof Float64Array ? 64 : 32, length: values.length };
    })
  );
  const head: Head = { unit, ...rest, tensors };
  const hash = createHash("sha256");
  const hashed = (bytes: Uint8Array) => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(new TextEncoder().encode(`${MAGIC}${JSON.stringify(head)}\n`));
  for (const [, snapshot] of parts) {
    for (const [, { buffer, byteOffset, byteLength }] of snapshot) {
      yield hashed(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  yield hash.digest();
}

/** The checkpoint in a file; undefined when it is damaged, of another format or of another unit. */
export function decodeCheckpoint(unit: string, bytes: Uint8Array): Checkpoint | undefined {
  const end = bytes.length - DIGEST_BYTES;
  if (end < MAGIC.length) return undefined;
  const digest = createHash("sha256").update(bytes.subarray(0, end)).digest();
  if (!digest.every((byte, index) => byte === bytes[end + index])) return undefined;
  const headEnd = bytes.indexOf(10, MAGIC.length);
  const text = new TextDecoder().decode(bytes.subarray(0, headEnd));
  if (headEnd < 0 || !text.startsWith(MAGIC)) return undefined;
  const { unit: of, tensors, ...rest } = JSON.parse(text.slice(MAGIC.length)) as Head;
  if (of !== unit) return undefined;
  const read: Record<TensorHead["part"], [string, Data][]> = { states: [], kept: [] };
  let offset = headEnd + 1;
  for (const { part, name, bits, length } of tensors) {
    // Copied, since typed arrays begin at multiples of their size only.
    const { buffer } = bytes.slice(offset, offset + length * bits / 8);
    read[part].push([name, bits === 64 ? new Float64Array(buffer) : new Float32Array(buffer)]);
    offset += length * bits / 8;
  }
  return offset === end ? { ...rest, ...read } : undefined;
}

/** Bytes of a snapshot's values. */
export function bytesOf(snapshot: Snapshot): number {
  return snapshot.reduce((total, [, { byteLength }]) => total + byteLength, 0);
}

/** Whether two snapshots have the same names, types and lengths. */
export function sameLayout(a: Snapshot, b: Snapshot): boolean {
  return a.length === b.length && a.every(([name, values], index) => {
    const [otherName, other] = b[index];
    return name === otherName && values.length === other.length && values.constructor === other.constructor;
  });
}
