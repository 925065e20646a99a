/** Published numbers that a sweep would reach again: plain data, written down in the sweep with what they were and why ours may differ. */
import { z } from "zod";
import { NORMS } from "../../common/vocabulary.ts";
import type { Immutable } from "../../common/immutable.ts";

const whole = (least: number) => z.int().min(least);

/** The shape of a published number in a sweep file. */
export const publishedShape = z.strictObject({
  method: z.string().min(1).describe("What its authors call the method, with what sets it apart there."),
  source: z.string().min(1).describe("Paper and table, and whether it was read there."),
  score: z.number().min(0).describe("The published number: accuracy in [0, 1], or MSE."),
  error: z.number().min(0).nullable().describe(
    "Half of the published interval, in the same unit; null where none is given.",
  ),
  iterations: whole(1).nullable().describe(
    "Outer iterations of the published training; null where they are not known.",
  ),
  differs: z.string().describe('What differs from the published setting, in words; "" for nothing that is known.'),
  dataset: z.string().min(1).describe("Data set of the cells that reproduce it."),
  algorithm: z.string().min(1).describe("Their algorithm."),
  shots: whole(1).describe("K of their test episodes."),
  innerSteps: whole(0).nullable().describe("S of their test episodes; null for adapters that take none."),
  adapter: z.string().min(1).optional().describe("Their adapter, where the data set has several."),
  sharingDepth: whole(0).optional().describe("Their sharing depth, where there are several."),
  norm: z.enum(NORMS).optional().describe("Their normalisation, where there are several."),
}).meta({ id: "published" });

/** A published number. */
export type Published = Immutable<z.infer<typeof publishedShape>>;

/** What names the cells that reproduce it. */
export const PUBLISHED_KEY = [
  "dataset",
  "algorithm",
  "shots",
  "innerSteps",
  "adapter",
  "sharingDepth",
  "norm",
] as const satisfies readonly (keyof Published)[];
