/** How tasks of a classification may be drawn, by name: what a sweep and its flags say. */
import type { EpisodeStyle } from "./dataset.ts";

/** log 2, the bound of Meta-Dataset's log-weights of classes (Triantafillou et al. 2020, arXiv:1903.03096, appendix A). */
const IMBALANCE = Math.LN2;

/** The styles by name; see `EpisodeStyle`. */
export const EPISODE_STYLES = {
  /** Any classes of the split, K support examples of each. */
  "usual": {},
  /** A group (an alphabet, a script) is drawn first, and all classes of the task from it. */
  "hierarchical": { hierarchical: true },
  /** K support examples of each class on average: shares are drawn, and no class is without. */
  "imbalanced": { imbalance: IMBALANCE },
  "hierarchical-imbalanced": { hierarchical: true, imbalance: IMBALANCE },
} as const satisfies Record<string, EpisodeStyle>;

/** A style's name. */
export type EpisodeStyleName = keyof typeof EPISODE_STYLES;

/** All names; the first is that of tasks as the literature usually draws them. */
export const EPISODE_STYLE_NAMES: readonly EpisodeStyleName[] = Object.keys(EPISODE_STYLES) as EpisodeStyleName[];
