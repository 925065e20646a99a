/** The ways to run a sweep. */
import type { Executor } from "./executor.ts";
import { local } from "./local.ts";
import { slurm } from "./slurm.ts";

/** By the name that `--executor` takes; the first is the default. */
export const executors = { local, slurm } as const satisfies Record<string, Executor>;

/** A name of the table. */
export type ExecutorName = keyof typeof executors;
