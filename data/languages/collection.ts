/**
 * Languages as classes and snippets of their declarations as examples. The text is the same in every language, so that support and query examples are of
 * different articles: of odd numbers and of even ones.
 */
import { sha256 } from "../../common/digest.ts";
import { SPLITS } from "../../common/vocabulary.ts";
import type { Collection } from "../contract/collection.ts";
import type { Split } from "../contract/dataset.ts";
import type { PartedCollection } from "../sampling/parted_data_set.ts";
import type { Declaration } from "./declarations.ts";
import families from "./families.json" with { type: "json" };
import { FEATURES, featuresOf, type SparseFeatures } from "./features.ts";
import { scriptOf } from "./scripts.ts";

/** A language has at least so many snippets of odd articles, and of even ones. */
export const LEAST_SNIPPETS = 16;

/** A few words of a language. */
export interface Snippet {
  readonly text: string;
  readonly article: number;
}

/** A language with its snippets. */
export interface Language {
  /** ISO 639-3 */
  readonly code: string;
  readonly name: string;
  /** ISO 15924 name of the script that most of its letters are of. */
  readonly script: string;
  /** ISO 639-5 */
  readonly family: string;
  readonly split: Split;
  /** Those of odd articles first. */
  readonly snippets: readonly Snippet[];
}

/** Family and split of every language that has both, by code. */
export const KNOWN: ReadonlyMap<string, { readonly family: string; readonly split: Split }> = new Map(
  SPLITS.flatMap((split) =>
    Object.entries(families[split]).flatMap(([family, codes]) =>
      codes.split(" ").map((code) => [code, { family, split }] as const)
    )
  ),
);

const isOdd = ({ article }: Snippet) => article % 2 === 1;

/**
 * Cuts declarations into snippets.
 *
 * @param length of a snippet, in characters (Unicode code points); what is left at the end of a paragraph is dropped
 * @returns the languages with enough of them, sorted by code
 */
export function languagesOf(declarations: readonly Declaration[], length: number): Language[] {
  return declarations.flatMap(({ code, name, articles }): Language[] => {
    const known = KNOWN.get(code);
    if (known === undefined) return [];
    const cut = articles.flatMap(({ number: article, paragraphs }) =>
      paragraphs.flatMap((paragraph) => snippetsOf(paragraph, length).map((text) => ({ text, article })))
    );
    const [odd, even] = [cut.filter(isOdd), cut.filter((snippet) => !isOdd(snippet))];
    if (Math.min(odd.length, even.length) < LEAST_SNIPPETS) return [];
    const snippets = [...odd, ...even];
    return [{ code, name, script: scriptOf(snippets.map(({ text }) => text).join("")), ...known, snippets }];
  }).sort((a, b) => a.code < b.code ? -1 : 1);
}

function snippetsOf(paragraph: string, length: number): string[] {
  const characters = [...paragraph];
  return Array.from(
    { length: Math.floor(characters.length / length) },
    (_, i) => characters.slice(i * length, (i + 1) * length).join("").trim(),
  );
}

/** Writes a snippet as model input. */
type Writer = (snippet: Snippet, out: Float32Array, at: number) => void;

/**
 * Makes the collection.
 *
 * @param inputLength numbers that `write` writes
 */
export function languageCollection(
  name: string,
  languages: readonly Language[],
  inputLength: number = FEATURES,
  write: Writer = featureWriter(),
): PartedCollection {
  const digest = digestOf(languages);
  const positions = languages.map((_, id) => id);
  const of = (split: Split) => positions.filter((id) => languages[id].split === split);
  const splits = { train: of("train"), validation: of("validation"), test: of("test") };
  const part = (choose: (snippet: Snippet) => boolean): Collection => {
    const chosen = languages.map(({ snippets }) => snippets.filter(choose));
    return {
      ...{ name, inputShape: [inputLength], digest, splits },
      classes: languages.map(({ name, script }, id) => ({ name, group: script, examples: chosen[id].length })),
      write: (classId, example, out, at) => write(chosen[classId][example], out, at),
    };
  };
  return { all: part(() => true), support: part(isOdd), query: part((snippet) => !isOdd(snippet)) };
}

/** Writes features, each snippet's computed when it is first drawn. */
function featureWriter(): Writer {
  const known = new WeakMap<Snippet, SparseFeatures>();
  return (snippet, out, at) => {
    let features = known.get(snippet);
    if (features === undefined) {
      features = featuresOf(snippet.text);
      known.set(snippet, features);
    }
    const { places, values } = features;
    for (let i = 0; i < places.length; i++) out[at + places[i]] = values[i];
  };
}

/** sha256 of everything that tasks are made of. */
function digestOf(languages: readonly Language[]): string {
  return sha256(JSON.stringify(languages.map(({ code, script, split, snippets }) => [
    ...[code, script, split],
    snippets.map(({ text, article }) => [text, article]),
  ])));
}
