/** The table of algorithms: adding one is one file and one line. */
import type { Algorithm } from "./algorithm.ts";
import { anil } from "./anil.ts";
import { boil } from "./boil.ts";
import { fomaml } from "./fomaml.ts";
import { maml } from "./maml.ts";
import { mtl } from "./mtl.ts";
import { pooled } from "./pooled.ts";
import { reptile } from "./reptile.ts";
import { scratch } from "./scratch.ts";

/** All algorithms, by name, in the order reports list them. */
export const algorithms = { mtl, maml, fomaml, anil, boil, reptile, pooled, scratch } as const satisfies Record<
  string,
  Algorithm
>;

/** An algorithm of the table. */
export type AlgorithmName = keyof typeof algorithms;
