/** Comparisons: what a sweep asks, written down before it runs. Plain data; verdicts, figures and tables speak of sides `a` and `b` only. */
import { z } from "zod";
import { selectionShape } from "./selection.ts";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens");

/**
 * How a family is corrected for its number of comparisons; see docs/statistics.md.
 *
 * - `holm`: all intervals of the family hold at once, so that any false claim in it has at most its error rate as probability
 * - `benjamini-hochberg`: of the claims that are made, at most this share is false in expectation
 */
export const CORRECTIONS = ["holm", "benjamini-hochberg"] as const;
export type Correction = (typeof CORRECTIONS)[number];

/** Error rate of a family that does not say its own. */
export const FAMILY_ALPHA = 0.05;

/** The shape of a family in a sweep file. */
export const familyShape = z.strictObject({
  name: id.describe("What comparisons name it by."),
  words: z.string().min(1).describe('How a sentence about it begins: "each used as its authors do".'),
  purpose: z.enum(["answer", "exploration"]).describe(
    "answer: few comparisons, whose first one is the answer on the first screen; exploration: a grid that says where a difference comes from, drawn cell by cell.",
  ),
  correction: z.enum(CORRECTIONS).describe(
    "How its claims are corrected for their number: holm, any false claim is improbable; benjamini-hochberg, few of the claims are false.",
  ),
  alpha: z.number().gt(0).max(0.2).optional().describe(
    `Its error rate, ${FAMILY_ALPHA} by default; those of the families that answer add up to that of the whole run.`,
  ),
  gate: z.string().optional().describe(
    "Name of an earlier family, corrected by holm, that passes error rate on to this one: half of what each of its comparisons with a winner had.",
  ),
});

/** Comparisons that are corrected together. A sweep's families are ordered: the first has the primary question. */
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
