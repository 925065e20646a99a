/** Keeps the checkpoints of one training in the store: often enough, never for more than a hundredth of the time, and when it is asked to stop. */
import type { Checkpoint } from "../store/checkpoint.ts";
import { oneLine } from "../../common/errors.ts";
import type { Store } from "../store/store.ts";

/** Time between two looks at whether the training is to stop; a look takes about two milliseconds. */
const LOOK_MS = 500;
/** Training takes at least this many times as long as saving it. */
const SPARING = 100;
/** Assumed until something was saved. */
const BYTES_PER_MS = 100e3;

/** What the checkpointer is told by the process that it works in. */
export interface CheckpointerOptions {
  /** Seconds of training between two checkpoints; Infinity for none. */
  readonly checkpointS: number;
  /** Whether the training is to stop. */
  stopping(): Promise<boolean>;
  /** Says that checkpoints cannot be kept. */
  warn(text: string): void;
  /** Milliseconds, never going back. */
  now?(): number;
}

/** Checkpointer of the training of the unit at this address. */
export function storeCheckpointer(id: string, store: Store, options: CheckpointerOptions): Checkpointer {
  const { checkpointS, stopping, warn, now = () => performance.now() } = options;
  let [looked, saved, tookMs] = [now(), now(), 0];
  let warned = false;
  return {
    from: checkpointS === Infinity ? undefined : store.checkpoint(id),
    async action(bytes): Promise<CheckpointAction> {
      const time = now();
      if (time - looked >= LOOK_MS) {
        looked = time;
        if (await stopping()) return "stop";
      }
      const pause = Math.max(checkpointS * 1000, SPARING * Math.max(tookMs, bytes / BYTES_PER_MS));
      return time - saved >= pause ? "save" : "go on";
    },
    save(checkpoint: Checkpoint) {
      if (checkpointS === Infinity) return;
      const start = now();
      try {
        store.putCheckpoint(id, checkpoint);
      } catch (error) {
        // The result may still find its place; if not, that ends the run.
        if (!warned) warn(`Cannot save how far the training of unit ${id.slice(0, 12)} is: ${oneLine(error)}`);
        warned = true;
      }
      saved = now();
      tookMs = saved - start;
    },
  };
}

/** What a training asks, after every iteration, of whoever keeps its checkpoints. */
export interface Checkpointer {
  /** Where it got to before; undefined for nowhere. */
  readonly from: Checkpoint | undefined;
  /** What to do now. @param bytes rough size of a checkpoint */
  action(bytes: number): Promise<CheckpointAction>;
  save(checkpoint: Checkpoint): void;
}

/** Go on; save and go on; save and stop. */
export type CheckpointAction = "go on" | "save" | "stop";
