/**
 * Any-way any-shot test episodes: every test episode has its own number of classes, and every class its own number of support examples.
 *
 * Source: episodes of variable ways and shots as in Meta-Dataset (Triantafillou et al. 2020, section 3, arXiv:1903.03096) and the any-way any-shot task of
 * Meta-Album (Ullah et al. 2022, arXiv:2302.08909). Here, unlike there:
 *
 * 1. An episode is a part of a usual one of N ways and K shots: its first n classes, and of class c its first k_c support examples. All Q queries of a
 *    class are kept, so that queries are balanced, as they are there.
 * 2. n is drawn from at most six numbers from 2 to N, evenly spaced on a logarithmic scale, in place of all of them.
 * 3. The numbers k_c of an episode are spread evenly over 1 .. K, over its lower or over its upper half, as is drawn for each episode, and then dealt to its
 *    classes at random. Their sum therefore takes three values only for each n.
 *
 * By 2 and 3 there are at most 18 shapes of episodes, each with a program of its own that needs no padding. Which n, range and deal an episode has depends on
 * its number alone: they are the same for every method, and a class never loses support examples as K grows.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../common/digest.ts";
import { rng } from "../../common/random.ts";
import type { DataSet, DataSetEntry, EpisodeBatch } from "../contract/dataset.ts";
import type { TextDataSet } from "../contract/texts.ts";
import { type ShapedEpisodes, type VariedDataSet } from "../contract/varied.ts";
import type { CrossedEntry } from "./crossed.ts";

/** What `testOn` calls such episodes of the data set that is trained on. */
export const ANY_WAY = "any-way-any-shot";

/** The most numbers of ways. */
const MAX_WAYS = 6;

/** Ranges of the numbers of support examples, as shares of 1 .. K. */
const RANGES = [
  { name: "1 to K/2", from: 0, to: 0.5 },
  { name: "1 to K", from: 0, to: 1 },
  { name: "K/2 to K", from: 0.5, to: 1 },
] as const;

/** What is drawn for an episode beside its classes and examples. */
interface Drawn {
  /** n */
  readonly ways: number;
  /** Position in `RANGES`. */
  readonly range: number;
  /** Where in the range each class is, 0 .. 1; [n] */
  readonly places: readonly number[];
}

/** The numbers of ways that episodes can have: 2 .. N, or six of them. */
export function waysUpTo(most: number): number[] {
  const count = Math.min(MAX_WAYS, most - 1);
  if (count === 1) return [most];
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round(2 * (most / 2) ** (i / (count - 1)))))];
}

/** k_c, of K shots. */
function supportOf({ range, places }: Drawn, shots: number): number[] {
  const { from, to } = RANGES[range];
  return places.map((place) => 1 + Math.floor((from + (to - from) * place) * shots));
}

function drawnFor(name: string, most: number): (episode: number) => Drawn {
  const numbers = waysUpTo(most);
  return (episode) => {
    const random = rng([name, ANY_WAY, episode]);
    const ways = numbers[random.int(numbers.length)];
    const range = random.int(RANGES.length);
    return { ways, range, places: random.permutation(ways).map((place) => (place + 0.5) / ways) };
  };
}

/** Support examples of each class of a usual episode. */
function perClassOf({ nSupport, supportY }: EpisodeBatch, most: number): number {
  const perClass = nSupport / most;
  for (let row = 0; row < nSupport; row++) {
    if (supportY[row * most + Math.floor(row / perClass)] !== 1) {
      throw new Error(
        `internal: ${ANY_WAY} episodes of episodes whose classes have different numbers of support examples`,
      );
    }
  }
  return perClass;
}

/** Positions of an episode's examples among those of the usual one: per class the first ones. */
function rowsOf(counts: readonly number[], perClass: number): number[] {
  return counts.flatMap((count, label) => Array.from({ length: count }, (_, i) => label * perClass + i));
}

/** The part of a usual episode, alone in its batch, that has these classes and support examples. */
function partOf(usual: EpisodeBatch, most: number, counts: readonly number[]): EpisodeBatch {
  const { nSupport, nQuery, supportX, supportY, queryX, queryY, classes } = usual;
  const ways = counts.length;
  const take = (values: Float32Array, rows: readonly number[], length: number, width = length) => {
    const taken = new Float32Array(rows.length * width);
    rows.forEach((row, i) => taken.set(values.subarray(row * length, row * length + width), i * width));
    return taken;
  };
  const support = rowsOf(counts, perClassOf(usual, most));
  const query = rowsOf(counts.map(() => nQuery / most), nQuery / most);
  const inputs = supportX.length / nSupport;
  return {
    tasks: 1,
    nSupport: support.length,
    nQuery: query.length,
    supportX: take(supportX, support, inputs),
    supportY: take(supportY, support, most, ways),
    queryX: take(queryX, query, inputs),
    queryY: take(queryY, query, most, ways),
    ...(classes === undefined ? {} : { classes: classes.slice(0, ways) }),
  };
}

/** Episodes of one shape as one batch. */
function together(episodes: readonly EpisodeBatch[]): EpisodeBatch {
  const floats = (key: "supportX" | "supportY" | "queryX" | "queryY") => {
    const { length } = episodes[0][key];
    const all = new Float32Array(episodes.length * length);
    episodes.forEach((episode, t) => {
      if (episode[key].length !== length) throw new Error("internal: episodes of several shapes in one batch");
      all.set(episode[key], t * length);
    });
    return all;
  };
  return {
    ...episodes[0],
    tasks: episodes.length,
    ...{ supportX: floats("supportX"), supportY: floats("supportY") },
    ...{ queryX: floats("queryX"), queryY: floats("queryY") },
    classes: Int32Array.from(episodes.flatMap(({ classes }) => [...classes ?? []])),
  };
}

/**
 * A data set with its own training and validation tasks, and any-way any-shot test episodes.
 *
 * @param usual of N ways; its test episodes have as many support examples of every class
 */
export function anyWayDataSet(name: string, usual: DataSet | TextDataSet): VariedDataSet {
  const { outputs: most } = usual;
  const drawn = drawnFor(usual.name, most);
  const one = (episode: number, shots: number, queries: number) =>
    partOf(usual.episodes("test", episode, 1, shots, queries), most, supportOf(drawn(episode), shots));
  const own: VariedDataSet = {
    ...usual,
    name,
    digest: createHash("sha256").update(canonicalJson({ usual: usual.digest, episodes: ANY_WAY })).digest("hex"),
    episodes: (split, first, count, shots, queries) =>
      split !== "test"
        ? usual.episodes(split, first, count, shots, queries)
        : together(Array.from({ length: count }, (_, i) => one(first + i, shots, queries))),
    shapeGroups: [
      { level: "ways", of: "episodes", groupOf: (episode) => `${drawn(episode).ways}` },
      { level: "support per class", of: "episodes", groupOf: (episode) => RANGES[drawn(episode).range].name },
    ],
    shapes(episodes) {
      const numbers = Array.from({ length: episodes }, (_, episode) => episode);
      const byShape = Map.groupBy(numbers, (episode) => `${drawn(episode).ways} ${drawn(episode).range}`);
      return [...byShape.values()].map((numbers): ShapedEpisodes => {
        const { shapes: _, shapeGroups: __, ...plain } = own;
        return {
          numbers,
          dataSet: {
            ...plain,
            outputs: drawn(numbers[0]).ways,
            episodes(split, first, count, shots, queries) {
              if (split !== "test") throw new Error("internal: only test episodes differ in shape");
              return together(numbers.slice(first, first + count).map((number) => one(number, shots, queries)));
            },
          },
        };
      });
    },
  };
  if (!("texts" in usual)) return own;
  const texts: TextDataSet["texts"] = (split, episode, shots, queries) => {
    const all = usual.texts(split, episode, shots, queries);
    if (split !== "test") return all;
    const counts = supportOf(drawn(episode), shots);
    const part = (texts: readonly string[], rows: readonly number[]) => rows.map((row) => texts[row]);
    return {
      classes: all.classes.slice(0, counts.length),
      support: part(all.support, rowsOf(counts, shots)),
      query: part(all.query, rowsOf(counts.map(() => queries), queries)),
    };
  };
  return { ...own, texts } as VariedDataSet;
}

/** Why a data set has no such episodes; undefined where it has. */
export function whyNoAnyWay({ kind }: DataSetEntry): string | undefined {
  return kind === "regression" ? "it is regression, so its tasks have no classes" : undefined;
}

/**
 * The line of a data set with any-way any-shot test episodes.
 *
 * @param name what it is called
 * @param trained what is trained on, some of the classes of `whole` or all
 */
export function anyWayEntry(name: string, trained: DataSetEntry, whole: DataSetEntry): CrossedEntry {
  return {
    ...trained,
    name,
    target: { ...whole, title: `${whole.title}, any-way any-shot` },
    title: `${trained.title}, any-way any-shot`,
    summary: `${trained.summary}; test episodes of any way and any shot`,
    sourceFiles: [...trained.sourceFiles, "data/derived/any_way.ts"],
    open: async (options) => anyWayDataSet(name, await trained.open(options)),
  };
}
