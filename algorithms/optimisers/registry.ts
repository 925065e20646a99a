/** The table of outer optimisers: adding one is one file and one line. */
import { adam } from "./adam.ts";
import type { Optimiser } from "./optimiser.ts";
import { radam } from "./radam.ts";
import { sgd } from "./sgd.ts";

/** All optimisers, by name. */
export const optimisers = { adam, radam, sgd } as const satisfies Record<string, Optimiser>;

/** An optimiser of the table. */
export type OptimiserName = keyof typeof optimisers;
