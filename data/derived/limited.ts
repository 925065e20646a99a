/**
 * Data sets with fewer training classes. The built-in ones are opened here and not in their own files, which are part of the address of everything that was
 * trained on them.
 */
import { createHash } from "node:crypto";
import { CACHE } from "../../common/project.ts";
import { canonicalJson } from "../../common/digest.ts";
import type { DataSet, DataSetEntry, OpenOptions } from "../contract/dataset.ts";
import { type LimitableEntry, withTrainingClasses } from "../contract/limitable.ts";
import type { TextDataSet } from "../contract/texts.ts";
import { KNOWN, languageCollection, languagesOf } from "../languages/collection.ts";
import { readDeclarations } from "../languages/declarations.ts";
import { episodeTexts } from "../languages/texts.ts";
import { characterCollection, contentDigest } from "../omniglot/collection.ts";
import { CHARACTERS, OMNIGLOT, ROTATIONS, SPLIT_CHARACTERS } from "../omniglot/contents.ts";
import { openDrawings } from "../omniglot/drawings.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { partedDataSet } from "../sampling/parted_data_set.ts";

/** Opens a built-in data set with so many training classes. */
type OpenLimited = (options: OpenOptions, classes: number) => Promise<DataSet | TextDataSet>;

async function openOmniglot({ dataDir, ways, style }: OpenOptions, classes: number): Promise<DataSet> {
  const drawings = await openDrawings(OMNIGLOT, dataDir, CACHE);
  const whole = characterCollection({
    ...{ name: "omniglot", drawings, names: CHARACTERS, characters: SPLIT_CHARACTERS, rotations: ROTATIONS },
    digest: contentDigest(OMNIGLOT, SPLIT_CHARACTERS, ROTATIONS),
  });
  return collectionDataSet(withTrainingClasses(whole, classes), ways, style);
}

/** @param length characters of a snippet */
function openLanguages(name: string, length: number): OpenLimited {
  return async ({ ways, style }, classes) => {
    const languages = languagesOf(await readDeclarations(new Set(KNOWN.keys())), length);
    const { all, support, query } = languageCollection(name, languages);
    const limited = {
      all: withTrainingClasses(all, classes),
      support: withTrainingClasses(support, classes),
      query: withTrainingClasses(query, classes),
    };
    return {
      ...partedDataSet(limited, ways, style),
      texts: (split, episode, shots, queries) =>
        episodeTexts(name, languages, { split, episode, ways, shots, queries }, style ?? {}),
    };
  };
}

/** The built-in data sets that can be limited. Of languages of one script too few classes would share a script. */
const BUILT_IN: Readonly<Record<string, OpenLimited>> = {
  "omniglot": openOmniglot,
  "languages": openLanguages("languages", 20),
  "languages-40": openLanguages("languages-40", 40),
  "languages-80": openLanguages("languages-80", 80),
};

/** The names of the built-in data sets that can be limited. */
export const LIMITABLE: readonly string[] = Object.keys(BUILT_IN);

/** How an entry is opened with fewer training classes; undefined where it cannot be. */
export function openerOf(entry: DataSetEntry | LimitableEntry): OpenLimited | undefined {
  if ("openLimited" in entry) return (options, classes) => entry.openLimited(options, classes);
  return Object.hasOwn(BUILT_IN, entry.name) ? BUILT_IN[entry.name] : undefined;
}

/** Training classes of an entry; undefined where that is not known before it is opened. */
function trainingClassesOf(entry: DataSetEntry): number | undefined {
  const { sizes } = entry as DataSetEntry & { readonly sizes?: { readonly train: number } };
  return sizes?.train ?? entry.classes;
}

/** Why a data set cannot be trained on so many of its classes; undefined where it can. */
export function whyNotLimited(entry: DataSetEntry, classes: number): string | undefined {
  const most = trainingClassesOf(entry) ?? Infinity;
  if (entry.kind !== "classification") return "it is regression: sweep trainingTasks instead";
  if (openerOf(entry) === undefined) {
    return `its classes cannot be chosen among; those of ${LIMITABLE.join(", ")} and of images of your own can`;
  }
  return classes > most ? `it has ${most} training classes` : undefined;
}

/** A line that may say how many classes tasks can have, where that differs between splits. */
type WithWays = DataSetEntry & { readonly mostWays?: { readonly training: number; readonly everywhere: number } };

/**
 * The line of a data set with fewer training classes.
 *
 * @param name what it is called
 * @param of the whole
 */
export function limitedEntry(name: string, of: WithWays, classes: number): WithWays {
  const { mostWays } = of;
  const open = openerOf(of);
  if (open === undefined) throw new Error(`internal: "${of.name}" cannot be limited`);
  return {
    ...of,
    name,
    title: `${of.title}, ${classes} training classes`,
    summary: `${of.summary}; ${classes} of its training classes`,
    classes,
    ...(mostWays === undefined ? {} : {
      mostWays: { training: Math.min(mostWays.training, classes), everywhere: Math.min(mostWays.everywhere, classes) },
    }),
    sourceFiles: [...of.sourceFiles, "data/derived/limited.ts"],
    async open(options) {
      const whole = await open(options, classes);
      const digest = createHash("sha256").update(canonicalJson({ of: whole.digest, trainingClasses: classes }));
      return { ...whole, digest: digest.digest("hex") };
    },
  };
}
