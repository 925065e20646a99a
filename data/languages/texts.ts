/** What the pictured examples of an episode say, since features cannot be read. */
import { partedDataSet } from "../sampling/parted_data_set.ts";
import type { EpisodeStyle, EvaluationSplit } from "../contract/dataset.ts";
import type { EpisodeTexts } from "../contract/texts.ts";
import { type Language, languageCollection, type Snippet } from "./collection.ts";

/** What there is to know of an episode. */
interface Asked {
  readonly split: EvaluationSplit;
  readonly episode: number;
  readonly ways: number;
  readonly shots: number;
  readonly queries: number;
}

/** Draws an episode again, by the same name from the same languages, with snippets' numbers for inputs. */
export function episodeTexts(
  name: string,
  languages: readonly Language[],
  { split, episode, ways, shots, queries }: Asked,
  style?: EpisodeStyle,
): EpisodeTexts {
  const numbers = new Map<Snippet, number>();
  const texts: string[] = [];
  for (const snippet of languages.flatMap(({ snippets }) => snippets)) {
    numbers.set(snippet, texts.push(snippet.text) - 1);
  }
  const collection = languageCollection(name, languages, 1, (snippet, out, at) => {
    // float32 holds whole numbers up to 2^24.
    out[at] = numbers.get(snippet) ?? NaN;
  });
  const data = partedDataSet(collection, ways, style);
  const { supportX, queryX, classes } = data.episodes(split, episode, 1, shots, queries);
  const own = data.classesOf?.(split) ?? [];
  return {
    classes: [...classes ?? []].map((id) => own[id].name),
    support: [...supportX].map((number) => texts[number]),
    query: [...queryX].map((number) => texts[number]),
  };
}
