/**
 * Languages of one family: all classes of a task are of one language family, where `languages-one-script` has them of one script. Families are drawn first, each
 * as likely as any other, so that the largest does not rule the score. A family may be written in several scripts, which tell its languages apart at once.
 */
import type { DataSetEntry, EpisodeStyle } from "../contract/dataset.ts";
import type { TextDataSet } from "../contract/texts.ts";
import { missingPackage } from "../npm/package.ts";
import { partedDataSet } from "../sampling/parted_data_set.ts";
import { KNOWN, languageCollection, languagesOf } from "./collection.ts";
import { readDeclarations, UDHR } from "./declarations.ts";
import { languages } from "./mod.ts";
import { episodeTexts } from "./texts.ts";

const NAME = "languages-one-family";
/** Characters of a snippet. */
const LENGTH = 20;

/** Opens the data set; tasks of other styles are of one family too. */
async function open(ways: number, given: EpisodeStyle = {}): Promise<TextDataSet> {
  const own = languagesOf(await readDeclarations(new Set(KNOWN.keys())), LENGTH);
  // Tasks keep to what a collection calls the group of a class, which is the script elsewhere.
  const grouped = own.map((language) => ({ ...language, script: language.family }));
  const style = { ...given, hierarchical: true };
  return {
    ...partedDataSet(languageCollection(NAME, grouped), ways, style),
    texts: (split, episode, shots, queries) =>
      episodeTexts(NAME, grouped, { split, episode, ways, shots, queries }, style),
  };
}

/** The line of `languages-one-family`. */
export const languagesOneFamily: DataSetEntry = {
  ...languages,
  name: NAME,
  title: "Languages of one family",
  summary:
    `Classification of languages by ${LENGTH} characters of text, all of a task in one family: new language families in test`,
  sourceFiles: ["data/languages/one_family.ts"],
  missing: () => missingPackage(UDHR, NAME),
  open: ({ ways, style }) => open(ways, style),
};
