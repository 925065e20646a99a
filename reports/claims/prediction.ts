/** Predictions: what is expected of a run, written down in its sweep before it starts. Plain data, in a small closed set of kinds. */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { PREDICTION_KINDS } from "../../common/vocabulary.ts";
import { namesIn, selectionShape } from "./selection.ts";

const whole = z.int().min(0);

const side = selectionShape.omit({ dataset: true }).meta({ id: "side" });

/** A selection of cells; the data set is that of the prediction. */
export type Side = Immutable<z.infer<typeof side>>;

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens").describe(
    "Names it in predictions.csv.",
  ),
  statement: z.string().min(1).describe("What is expected, in words."),
  source: z.string().min(1).describe("Where the expectation comes from."),
  dataset: z.string().describe("Name of the data set it is about."),
  shots: z.array(z.int().min(1)).min(1).optional().describe("Shots of the cells it is about; all by default."),
};
const a = side.describe("The cells of the first side.");
const b = side.describe("The cells of the second side.");

const [COMPARISON, AT_FLOOR, STEPS_OVER_ALGORITHM, GAP_GROWS, ORDER_KEPT, DISTANCE_TREND] = PREDICTION_KINDS;

const comparisonPrediction = z.strictObject({
  kind: z.literal(COMPARISON).describe("a against b, at the margin of the data set."),
  ...common,
  a,
  b,
  expect: z.enum(["equivalent", "a-better", "a-not-better"]).describe(
    "equivalent: within the margin, and refuted where the 95 % interval is outside; a-better: the 95 % interval is on its side, and refuted where the " +
      "advantage is shown to be smaller than the margin; a-not-better: the advantage is smaller than the margin.",
  ),
});

const floorPrediction = z.strictObject({
  kind: z.literal(AT_FLOOR).describe(
    "a scores what the best predictor that knows no task scores on the same episodes, within the margin.",
  ),
  ...common,
  a,
});

const larger = {
  ...common,
  a,
  b,
  innerSteps: z.tuple([whole, whole], { error: "expected two numbers of inner steps, [from, to]" })
    .refine(([from, to]) => from !== to, { error: "expected two different numbers of inner steps" })
    .describe("Two numbers of inner steps, [from, to]."),
};
const stepsPrediction = z.strictObject({
  kind: z.literal(STEPS_OVER_ALGORITHM).describe(
    "In the two-by-two layout of a, b and two numbers of inner steps, the steps' main effect is larger in size than the algorithm's, all cells averaged.",
  ),
  ...larger,
});
const gapPrediction = z.strictObject({
  kind: z.literal(GAP_GROWS).describe(
    "The difference of a and b is larger in size at the second of two numbers of inner steps than at the first.",
  ),
  ...larger,
});

const orderPrediction = z.strictObject({
  kind: z.literal(ORDER_KEPT).describe(
    "Whichever of a and b is better adapted in the first of two ways is better adapted in the second: both differences are real, and on one side.",
  ),
  ...common,
  a,
  b,
  adapters: z.tuple([z.string().min(1), z.string().min(1)], {
    error: "expected two names of adapters, [first, second]",
  })
    .refine(([first, second]) => first !== second, { error: "expected two different adapters" })
    .describe("Two adapters, each on its most inner steps where it takes any."),
});

const trendPrediction = z.strictObject({
  kind: z.literal(DISTANCE_TREND).describe(
    "The distance of the predictions of a and b on the same episodes grows or falls along an axis, the other axis held: the coefficient of ln distance over " +
      "ln x, by least squares over all data sets named, has this sign.",
  ),
  ...common,
  a,
  b,
  across: z.array(z.string().min(1)).min(1).describe("Further data sets whose distances belong to the same line."),
  along: z.enum(["rate-times-steps", "layers"]).describe(
    "x: step size times inner steps of adaptation (λτ), or how many layers the network has (L).",
  ),
  expect: z.enum(["grows", "falls"]).describe("Whether the distance grows or falls with x."),
});

/** The shape of a prediction in a sweep file. */
export const predictionShape = z.discriminatedUnion("kind", [
  comparisonPrediction,
  floorPrediction,
  stepsPrediction,
  gapPrediction,
  orderPrediction,
  trendPrediction,
], {
  error: `expected a kind: ${PREDICTION_KINDS.map((kind) => `"${kind}"`).join(", ").replace(/, (?=[^,]*$)/, " or ")}`,
});

/** `a` against `b`, at the margin of the data set. */
export type ComparisonPrediction = Immutable<z.infer<typeof comparisonPrediction>>;
/** `a` scores what the best predictor that knows no task scores on the same episodes. */
export type FloorPrediction = Immutable<z.infer<typeof floorPrediction>>;
/** One effect is larger in size than another, in the two-by-two layout of `a` and `b` at two numbers of inner steps. */
export type LargerEffectPrediction = Immutable<z.infer<typeof stepsPrediction> | z.infer<typeof gapPrediction>>;
/** The order of `a` and `b` is the same under two adapters. */
export type OrderPrediction = Immutable<z.infer<typeof orderPrediction>>;
/** The distance of predictions has a trend. */
export type TrendPrediction = Immutable<z.infer<typeof trendPrediction>>;
/** What a sweep expects. */
export type Prediction =
  | ComparisonPrediction
  | FloorPrediction
  | LargerEffectPrediction
  | OrderPrediction
  | TrendPrediction;

/** The algorithms and adapters that a prediction names. */
export function namesOf(prediction: Prediction): ReturnType<typeof namesIn> {
  const named = namesIn("b" in prediction ? [prediction.a, prediction.b] : [prediction.a]);
  const adapters = "adapters" in prediction ? prediction.adapters.filter((name) => name !== "native") : [];
  return { ...named, adapters: [...named.adapters, ...adapters] };
}
