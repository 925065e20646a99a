/** Data sets whose tasks are drawn otherwise than the table says. */
import type { DataSetEntry, OpenOptions } from "../../data/contract/dataset.ts";
import type { LimitableEntry } from "../../data/contract/limitable.ts";
import { openerOf } from "../../data/derived/limited.ts";
import { EPISODE_STYLES, type EpisodeStyleName } from "../../data/contract/episode_styles.ts";

/** What workers are told of a variant; see `bench/sweeps/variants.ts`. */
export interface KnownVariant {
  readonly name: string;
  /** The data set that its tasks are drawn from. */
  readonly of: string;
  readonly style: EpisodeStyleName;
}

/** A line of the table of data sets under another name, or with its tasks drawn in a style. Keys of draws are those of the data set that it is made from. */
export function drawnAs({ name, style }: KnownVariant, entry: DataSetEntry): DataSetEntry | LimitableEntry {
  const title = style === "usual" ? entry.title : `${entry.title}, ${style}`;
  const styled = (options: OpenOptions) => ({ ...options, style: EPISODE_STYLES[style] });
  const limited = openerOf(entry);
  return {
    ...entry,
    name,
    title,
    open: (options) => entry.open(styled(options)),
    ...(limited === undefined ? {} : { openLimited: (options, classes) => limited(styled(options), classes) }),
  };
}
