/** What the coordinator and its worker processes say to each other: one JSON value per line. */
import type { TraceParent } from "../../common/tracing.ts";
import type { KnownDerivation, KnownSource } from "../units/engine.ts";
import type { KnownVariant } from "../units/variants.ts";
import type { UnitProgress } from "../units/unit.ts";
import type { TrainingUnit } from "../store/types.ts";

/** What a worker is told when it starts, as its one argument. */
export interface WorkerOptions {
  readonly store: string;
  readonly dataDir: string;
  readonly backend: string;
  /** Seconds of training between two checkpoints; null for none. */
  readonly checkpointS: number | null;
  /** Data of the user's own. */
  readonly sources: readonly KnownSource[];
  /** Data sets by other names than those of the table and of `sources`, or drawn otherwise. */
  readonly variants?: readonly KnownVariant[];
  /** Data sets that are made of others. */
  readonly derived: readonly KnownDerivation[];
}

/** To a worker: compute what the store lacks of this unit. */
export interface UnitRequest {
  readonly unit: TrainingUnit;
  /** The coordinator's span, where it records any. */
  readonly trace?: TraceParent;
}

/** Where a worker is. */
export interface ProgressMessage extends UnitProgress {
  readonly type: "progress";
  readonly unit: string;
}

/** The unit is done; what went wrong is in `failures`. */
export interface DoneMessage {
  readonly type: "done";
  readonly unit: string;
  /** Reason by address: the unit's own when training failed, else its evaluations'. */
  readonly failures: Readonly<Record<string, string>>;
}

/** The worker cannot go on, and neither could another one. */
export interface FatalMessage {
  readonly type: "fatal";
  readonly reason: string;
}

/** The process is alive. Sent by a thread of its own, so that it says so while the unit computes, or hangs. */
export interface HeartbeatMessage {
  readonly type: "heartbeat";
  /** Steps that the unit has come since the process began: a number that stands still is a unit that hangs. */
  readonly steps: number;
  /** Resident memory, MiB. */
  readonly rssMib: number;
}

/** Something that people should know and that ends nothing. */
export interface WarningMessage {
  readonly type: "warning";
  readonly text: string;
}

/** From a worker. */
export type WorkerMessage = ProgressMessage | DoneMessage | FatalMessage | HeartbeatMessage | WarningMessage;

/** Begins messages. Libraries may print other lines, or leave one unfinished before a message. */
const MARK = "\u0001";

/** A message as a line. */
export function encodeMessage(message: WorkerMessage | UnitRequest): Uint8Array {
  return new TextEncoder().encode(`${MARK}${JSON.stringify(message)}\n`);
}

/** The message in a line; undefined when there is none. @throws SyntaxError on half a message */
export function decodeMessage<T extends WorkerMessage | UnitRequest>(line: string): T | undefined {
  const start = line.lastIndexOf(MARK);
  return start < 0 ? undefined : JSON.parse(line.slice(start + MARK.length)) as T;
}

/** The lines of a stream. */
export async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  // A stream of text piped through would need more turns of the event loop, which a computing worker hardly grants.
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
