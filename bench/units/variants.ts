/** Data sets whose tasks are drawn otherwise than the table says. */
import type { DataSetEntry } from "../../data/contract/dataset.ts";
import { EPISODE_STYLES, type EpisodeStyleName } from "../../data/contract/episode_styles.ts";

/** What workers are told of a variant; see `bench/sweeps/variants.ts`. */
export interface KnownVariant {
  readonly name: string;
  /** The data set that its tasks are drawn from. */
  readonly of: string;
  readonly style: EpisodeStyleName;
}

/** A line of the table of data sets under another name, or with its tasks drawn in a style. Keys of draws are those of the data set that it is made from. */
export function drawnAs({ name, style }: KnownVariant, entry: DataSetEntry): DataSetEntry {
  const title = style === "usual" ? entry.title : `${entry.title}, ${style}`;
  return { ...entry, name, title, open: (options) => entry.open({ ...options, style: EPISODE_STYLES[style] }) };
}
