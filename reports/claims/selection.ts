/** Selections: which cells of a run one side of a comparison or of a prediction is about. Plain data, as a sweep file has it. */
import { z } from "zod";
import type { PlaceField } from "../rows/place.ts";
import { NORMS, TASK_STARTS } from "../../common/vocabulary.ts";
import { unknownName } from "../../common/suggest.ts";

/**
 * Words that stand for a value:
 *
 * - `matched`: what the other side has; where there is no other side, the same as `any`
 * - `any`: every value there is, each a comparison of its own
 * - `native`: what the algorithm declares as its authors' use
 * - `most`: the most inner steps that the algorithm has there
 * - `some`: any number of inner steps but 0, and adapters that take none
 * - `first`: the first value on the sweep's axis
 */
const WORDS = ["matched", "any", "native", "most", "some", "first"] as const;
export type Word = (typeof WORDS)[number];

/** Whether what a selection asks of a field is a word, and no value. */
export function isWord(asked: string | number | null): asked is Word {
  return WORDS.some((word) => word === asked);
}

/** What may be said of one field of a cell's key. */
interface Field {
  /** A value of the field, or one of the words that make sense for it, with its meaning. */
  readonly shape: z.ZodType;
  /** What a side that leaves the field open asks for. */
  readonly open: Word;
}

/** One of some names or words; the message about another one suggests the nearest. */
function names<const T extends string>(kind: string, known: readonly T[]) {
  return z.enum(known, {
    error: ({ input }) =>
      typeof input === "string" ? unknownName(kind, input, known) : `expected one of ${known.join(", ")}`,
  });
}

/** A whole number or one of some words. */
function counts<const T extends Word>(least: number, words: readonly T[]) {
  return z.union([z.int().min(least), z.enum(words)], {
    error: `expected a whole number >= ${least} or one of ${words.map((word) => `"${word}"`).join(", ")}`,
  });
}

const MATCHED = "matched, which is what leaving it out means: as on the other side.";

/** What a selection may say, by field of a cell's key: a field that joins the key needs one line here, and the compiler asks for it. */
const FIELDS = {
  norm: {
    shape: names("normalisation", [...NORMS, "matched", "any"]).describe("How hidden layers are normalised."),
    open: "matched",
  },
  algorithm: { shape: z.string().min(1).describe(`Name in the table of algorithms, or ${MATCHED}`), open: "matched" },
  adapter: {
    shape: z.string().min(1).describe(`Name in the table of adapters, native for the algorithm's own, or ${MATCHED}`),
    open: "matched",
  },
  shots: { shape: counts(1, ["matched", "any"]).describe("K of the test episodes."), open: "matched" },
  innerSteps: {
    shape: counts(0, ["most", "some", "matched", "any"]).nullable().describe(
      "S of the test episodes; most: the most that the algorithm has there; some: not 0; null: of adapters that take none.",
    ),
    open: "matched",
  },
  sharingDepth: {
    shape: counts(0, ["native", "matched", "any"]).nullable().describe(
      "d of the training; native: the algorithm's own; null: off the axis.",
    ),
    open: "matched",
  },
  adaptDepth: {
    shape: counts(0, ["native", "first", "matched", "any"]).nullable().describe(
      "Leading layers frozen at test time; native: as the algorithm trains; first: the first on the sweep's axis, which is what leaving it out means.",
    ),
    open: "first",
  },
  trainingTasks: {
    shape: counts(1, ["matched", "any"]).nullable().describe("Training tasks there were; null: ever new ones."),
    open: "matched",
  },
  taskStart: {
    shape: names("task start", [...TASK_STARTS, "first", "matched", "any"]).nullable().describe(
      "Where task-specific layers start on a new task; first: the first on the sweep's axis, which is what leaving it out means.",
    ),
    open: "first",
  },
} as const satisfies Record<PlaceField, Field>;

type Shapes = { [F in PlaceField]: z.ZodOptional<(typeof FIELDS)[F]["shape"]> };

const shapes = Object.fromEntries(
  Object.entries(FIELDS).map(([field, { shape }]) => [field, shape.optional()]),
) as unknown as Shapes; // Object.fromEntries forgets which field has which shape.

/** The shape of a selection in a sweep file: the cells of one data set that have all these values. */
export const selectionShape = z.strictObject({
  dataset: z.string().min(1).optional().describe("Name of a data set; every one by default."),
  ...shapes,
}).meta({ id: "selection" });

/** The cells that have all these values; null asks for cells to which the field does not apply. */
export type Selection = Readonly<z.infer<typeof selectionShape>>;

/** What a selection asks of a field. */
export type Asked = Word | string | number | null;

/** What a selection asks of a field, whether it says so or leaves it open. */
export function askedOf(selection: Selection, field: PlaceField): Asked {
  const said = selection[field];
  return said === undefined ? FIELDS[field].open : said;
}

/** What selections name, in their order; words stand for no name. */
export function namesIn(
  selections: readonly Selection[],
): { algorithms: string[]; datasets: string[]; adapters: string[] } {
  const named = (values: readonly (string | undefined)[]) =>
    values.filter((value): value is string => value !== undefined && !isWord(value));
  return {
    algorithms: named(selections.map(({ algorithm }) => algorithm)),
    datasets: named(selections.map(({ dataset }) => dataset)),
    adapters: named(selections.map(({ adapter }) => adapter)),
  };
}
