/** The table of built-in sweeps: adding one is one file and one line. */
import type { Sweep } from "./schema.ts";
import { converged } from "./converged.ts";
import { identity } from "./identity.ts";
import { nightly } from "./nightly.ts";
import { omniglot } from "./omniglot.ts";
import { paper } from "./paper.ts";
import { quick } from "./quick.ts";
import { real } from "./real.ts";
import { reproduce } from "./reproduce.ts";
import { smoke } from "./smoke.ts";
import { tenfold } from "./tenfold.ts";
import { theory } from "./theory.ts";

/** All profiles, the smallest first. */
export const sweeps = {
  smoke,
  quick,
  identity,
  theory,
  converged,
  tenfold,
  real,
  nightly,
  omniglot,
  paper,
  reproduce,
} as const satisfies Record<
  string,
  Sweep
>;
