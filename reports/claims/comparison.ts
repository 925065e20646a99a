/** Comparisons: what a sweep asks, written down before it runs. Plain data; verdicts, figures and tables speak of sides `a` and `b` only. */
import { z } from "zod";
import { selectionShape } from "./selection.ts";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens");

/** How the claims of a family are corrected for their number; each kind of claim (equivalent, better) is corrected for itself. */
export const CORRECTIONS = ["holm"] as const;
export type Correction = (typeof CORRECTIONS)[number];

/** The shape of a family in a sweep file. */
export const familyShape = z.strictObject({
  name: id.describe("What comparisons name it by."),
  words: z.string().min(1).describe('How a sentence about it begins: "each used as its authors do".'),
  purpose: z.enum(["answer", "exploration"]).describe(
    "answer: few comparisons, whose first one is the answer on the first screen; exploration: a grid that says where a difference comes from, drawn cell by cell.",
  ),
  correction: z.enum(CORRECTIONS).describe("How its claims are corrected for their number."),
});

/** Comparisons whose claims are corrected together. A sweep's families are ordered: the first has the primary question. */
export type Family = Readonly<z.infer<typeof familyShape>>;

/** The shape of a comparison in a sweep file. */
export const comparisonShape = z.strictObject({
  id: id.describe("Names it in verdicts.csv."),
  question: z.string().min(1).describe("What it asks, in words."),
  family: z.string().describe("Name of its family."),
  a: selectionShape.describe("The cells of side a."),
  b: selectionShape.describe("The cells of side b."),
}).refine(({ a, b }) => a.dataset === undefined || b.dataset === undefined || a.dataset === b.dataset, {
  path: ["b", "dataset"],
  error: "expected the data set of a: both sides are scored on the same episodes",
});

/**
 * Every cell that `a` selects meets every cell of the same data set that `b` selects, as far as they agree in the fields that either side asks to be
 * matched; what a side leaves open is matched, but for adapt depth and task start, of which the first on the sweep's axis is taken.
 */
export type Comparison = Readonly<z.infer<typeof comparisonShape>>;
