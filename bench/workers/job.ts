/** Units to compute and how that went; their results go to the store. */
import type { ProgressMessage } from "./protocol.ts";
import type { TrainingUnit } from "../store/types.ts";

/** What is to be computed, and who wants to hear of it. */
export interface Job {
  /** The biggest first. */
  readonly units: readonly TrainingUnit[];
  readonly failFast: boolean;
  /** Ends everything within two seconds; trainings save where they are. */
  readonly signal: AbortSignal;
  onProgress?(message: ProgressMessage): void;
  /** After each unit. */
  onUnit?(unit: TrainingUnit, failures: Readonly<Record<string, string>>): void;
  /** Something that people should know and that ends nothing: one line. */
  onWarning?(text: string): void;
}

/** How it went. */
export interface Outcome {
  /** Reasons by address, of units or of evaluations. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why everything was stopped early; undefined when it was not. */
  readonly fatal: string | undefined;
}
