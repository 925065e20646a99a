/** What a design can find: known before anything is trained. */
import { upperT } from "./distributions.ts";
import { chiSquareQuantile, normalCdf } from "./distributions.ts";

/** A comparison as it is planned, in the unit of its differences. */
export interface Design {
  readonly seeds: number;
  readonly episodes: number;
  readonly margin: number;
  /** Standard deviation over seeds of their mean differences, as far as episodes do not explain it. */
  readonly seedSd: number;
  /** Standard deviation of an episode's difference that all seeds share. */
  readonly episodeSd: number;
  /** Two-sided error rate of the interval. */
  readonly error: number;
}

/** Probabilities of the two findings that a design is for. */
export interface Power {
  /** To establish a difference of twice the margin. */
  readonly difference: number;
  /** To show equivalence where there is no difference. */
  readonly equivalence: number;
}

/** Values of the estimated variance of seeds over which is averaged. */
const POINTS = 400;

/**
 * The power of the interval of `crossed_bootstrap.ts`: half-width √(t² (S - 1) V_a + t² (E - 1) V_b), V_a = σ²_seed χ² (S - 1) / (S - 1) / S, averaged over
 * the distribution of χ²; V_b = σ²_episode / E is taken as known, as there are many episodes. Estimates are normal about the truth.
 */
export function powerOf({ seeds, episodes, margin, seedSd, episodeSd, error }: Design): Power {
  const [ofSeeds, ofEpisodes] = [seedSd ** 2 / seeds, episodeSd ** 2 / episodes];
  const deviation = Math.sqrt(ofSeeds + ofEpisodes);
  const [tSeeds, tEpisodes] = [seeds, episodes].map((count) => upperT(error / 2, count - 1));
  let [difference, equivalence] = [0, 0];
  for (let i = 0; i < POINTS; i++) {
    const share = chiSquareQuantile((i + 0.5) / POINTS, seeds - 1) / (seeds - 1);
    const half = Math.sqrt(tSeeds ** 2 * ofSeeds * share + tEpisodes ** 2 * ofEpisodes);
    difference += normalCdf((2 * margin - half) / deviation) / POINTS;
    if (half < margin) equivalence += (2 * normalCdf((margin - half) / deviation) - 1) / POINTS;
  }
  return { difference, equivalence };
}
