/** Bounds that no sensible sweep reaches, so that a file from elsewhere cannot ask for more memory or time than there is before anybody has seen a plan. */
import { UsageError } from "../../common/errors.ts";
import type { Sweep } from "./schema.ts";

/** The largest size of everything a sweep counts or lists. */
export const MAX = {
  /** A whole number of any kind. */
  number: 1e9,
  /** Values on an axis. */
  values: 10_000,
  /** Looks at the verdicts of a sweep. */
  rounds: 10,
  /** Layers of a network. */
  layers: 64,
  /** Units of a layer. */
  units: 65_536,
  /** Characters of a text. */
  letters: 1_000,
  /** Bytes of the file. */
  bytes: 16 * 1024 * 1024,
  cells: 1_000_000,
};

/** Points of a validation curve below which no training counts as flat: a fifth of them is then two. */
export const LEAST_POINTS = 10;

/** @throws UsageError when planning a sweep would take more memory and time than anybody has for it */
export function requireBounded(sweep: Sweep): void {
  const cells = mostCells(sweep);
  if (cells <= MAX.cells) return;
  throw new UsageError(
    `The sweep "${sweep.name}" comes to up to ${cells} cells; at most ${MAX.cells} are planned at once. Split its axes into several sweeps`,
  );
}

/** The most cells that a sweep can come to. */
function mostCells({ algorithms, seeds, rounds, datasets }: Sweep): number {
  const training = { length: Math.max(seeds.length, ...rounds ?? []) };
  return datasets.reduce((total, entry) => {
    const depths = Math.max(entry.sharingDepths.length, ...Object.values(entry.depthsOf).map(({ length }) => length));
    const { adapters, norms, adaptDepths, trainingTasks, taskStarts, shots, innerSteps } = entry;
    const axes = [algorithms, training, adapters, norms, adaptDepths, trainingTasks, taskStarts, shots, innerSteps];
    return total + axes.reduce((product, { length }) => product * length, depths);
  }, 0);
}
