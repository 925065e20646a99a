/** Which seeds and which episodes each replicate of a bootstrap draws. Seeds and episodes are crossed: one draw of episodes serves all seeds. */
import { type Key, rng } from "../../common/random.ts";

/** Replicates of a bootstrap unless told otherwise. */
export const REPLICATES = 5000;

/** The draws of a whole bootstrap, which all matrices of one shape share. */
export interface Resampling {
  readonly seeds: number;
  readonly episodes: number;
  readonly replicates: number;
  /** [replicates, seeds]: how often each seed was drawn; each replicate draws seeds - 1 times. */
  readonly seedCounts: Uint16Array;
  /** [replicates, episodes]: how often each episode was drawn; each replicate draws episodes - 1 times. */
  readonly episodeCounts: Uint16Array;
}

/**
 * Draws, with replacement, n - 1 of n seeds and n - 1 of n episodes per replicate: n - 1 draws make the variance of a resampled mean unbiased, where n draws
 * would make it too small by (n - 1) / n, a third at three seeds.
 *
 * Source: McCarthy & Snowden 1985, "The bootstrap and finite population sampling"; Owen 2007, "The pigeonhole bootstrap" (arXiv:0712.1111),
 * for resampling two crossed factors.
 *
 * @param key names the draws; the same key gives the same draws
 * @throws RangeError below two seeds or two episodes
 */
export function drawResampling(key: Key, seeds: number, episodes: number, replicates = REPLICATES): Resampling {
  if (seeds < 2 || episodes < 2) {
    throw new RangeError(`internal: cannot resample ${seeds} seeds x ${episodes} episodes; both must be at least 2`);
  }
  const seedCounts = counts([...key, "seeds", seeds], seeds, replicates);
  return {
    seeds,
    episodes,
    replicates,
    seedCounts,
    episodeCounts: counts([...key, "episodes", episodes], episodes, replicates),
  };
}

function counts(key: Key, n: number, replicates: number): Uint16Array {
  const stream = rng(key);
  const drawn = new Uint16Array(replicates * n);
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let draw = 1; draw < n; draw++) drawn[replicate * n + stream.int(n)]++;
  }
  return drawn;
}
