/**
 * A sweep: a whole experiment as plain data. The schema is the source: types are inferred from it, files are checked against it, and its descriptions are
 * what editors and docs show.
 */
import { z } from "zod";
import { clippingSchema } from "../../algorithms/optimisers/clipping.ts";
import { optimisers } from "../../algorithms/optimisers/registry.ts";
import { schedules } from "../../algorithms/optimisers/schedules.ts";
import type { Immutable } from "../../common/immutable.ts";
import { augmentationSchema } from "../../data/augmentation/augment.ts";
import { NORMS, TASK_STARTS } from "../../common/vocabulary.ts";
import { comparisonShape, familyShape } from "../../reports/claims/comparison.ts";
import { predictionShape } from "../../reports/claims/prediction.ts";
import { MAX } from "./bounds.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";

const whole = (least: number, most: number = MAX.number) => z.int().min(least).max(most);
const axis = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX.values);
/** Text without control characters, half characters and what turns the direction of text around. */
const word = z.string().max(MAX.letters).regex(
  /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u,
  "expected text without control characters",
);
const table = <T extends z.ZodType>(value: T) => z.record(word, value);
const positive = z.number().positive();

const matched = z.union([z.literal("matched"), whole(1), z.strictObject({ matchedUpTo: whole(1) })], {
  error: 'expected "matched", { "matchedUpTo": n } or a whole number >= 1',
});

/** One of a table's entries by its name, with its options. */
function optionsOf(table: Readonly<Record<string, { readonly options: z.ZodObject }>>) {
  const shapes = Object.values(table).map(({ options }) => options) as [z.ZodObject, ...z.ZodObject[]];
  return z.discriminatedUnion("name", shapes);
}

/** Without defaults, since overrides of single algorithms leave out what they do not change. */
export const hyperFields = {
  iterations: whole(1).describe("Outer iterations; what gflop gives instead, where that is not null."),
  gflop: positive.max(1e9).nullable().describe(
    "Budget of a training in 10⁹ counted operations: it has as many iterations as come closest to it, at least one, whatever iterations says; null: iterations.",
  ),
  metaBatch: whole(1).describe("T: tasks per outer iteration."),
  queries: whole(1).describe("Q: query examples per class (or per task) in a training episode."),
  innerLr: z.number().min(0).describe("α: step size of the inner loop in training."),
  adaptLrs: z.array(z.number().min(0)).max(MAX.values).describe(
    "Candidate step sizes of adaptation at test time, of which validation episodes choose one per cell; [] for innerLr alone.",
  ),
  outerLr: positive.describe("β: step size of outer training, before the schedule."),
  optimiser: optionsOf(optimisers).describe("What takes the outer steps, with its options."),
  schedule: optionsOf(schedules).describe("How β goes on through the training, with its options."),
  untilFlat: z.strictObject({
    tolerance: z.number().min(0).describe(
      "Flat: the last fifth of the training so far is better than the fifth before it by no more than this, at 95 % one-sided; units as validation.tolerance.",
    ),
  }).nullable().describe(
    "Whether a training ends once it is flat on validation episodes, with iterations as its budget; null: it has all its iterations.",
  ),
  weightDecay: z.number().min(0).describe("λ of λθ, which is added to the outer gradient of every parameter."),
  clip: clippingSchema.nullable().describe("How outer gradients are clipped; null: they are not."),
  pool: whole(1).describe(
    "P: training tasks of algorithms that keep layers of their own for each, where trainingTasks is fresh: they cannot have ever new ones.",
  ),
  taskLayers: z.enum(["auto", "common", "independent"]).describe(
    "How task-specific layers of joint training start: from one common draw, or each from a draw of its own; auto: independent where they are the head " +
      "alone (d = L - 1), where a common draw inflates the features, else common, since the mean of independent hidden layers is a dead network.",
  ),
  poolMoments: z.enum(["lazy", "dense"]).describe(
    "Whether an optimiser's moments of task-specific layers advance only when their task is drawn (lazy), or at every iteration (dense).",
  ),
  trainWays: whole(2).nullable().describe(
    "N in training, for algorithms that do not depend on it; null: the ways of the test episodes.",
  ),
  own: z.record(word, z.union([z.number(), z.string().max(MAX.letters), z.boolean()])).describe(
    "Settings that only one algorithm has, by name: see deno task list. Give them in overrides.",
  ),
  trainShots: matched.describe(
    'Shots of training episodes: "matched" for the cell\'s own, { "matchedUpTo": n } for those up to n, or one number for all cells.',
  ),
  trainInnerSteps: matched.describe(
    'Inner steps of training: "matched" for the cell\'s own, { "matchedUpTo": n } for those up to n, or one number for all cells.',
  ),
};

const hyper = z.strictObject({
  ...hyperFields,
  gflop: hyperFields.gflop.default(null),
  optimiser: hyperFields.optimiser.default({ name: "adam" }),
  schedule: hyperFields.schedule.default({ name: "constant" }),
  untilFlat: hyperFields.untilFlat.default(null),
  weightDecay: hyperFields.weightDecay.default(0),
  taskLayers: hyperFields.taskLayers.default("auto"),
  poolMoments: hyperFields.poolMoments.default("lazy"),
  trainWays: hyperFields.trainWays.default(null),
  own: hyperFields.own.default({}),
});

/** How trainings are watched on validation episodes. */
export const validationSchema = z.strictObject({
  episodes: whole(2).describe("Validation episodes, the same at every point."),
  points: whole(1).describe("Points of the validation curve, evenly spaced over the training."),
  shots: whole(1).describe("Shots of the episodes where training has no shots of its own."),
  innerSteps: whole(1).describe("Inner steps where training has none of its own."),
  queries: whole(1).describe("Q of the episodes (classification)."),
  tolerance: z.number().min(0).describe(
    "A training whose last fifth is better than the fifth before it by more than this, at 95 % one-sided, counts as undertrained: " +
      "the decrease of the mean log MSE (0.05 is about 5 %), or accuracy (0.01 is a percentage point).",
  ),
});

const tuning = z.strictObject({
  outerLrs: axis(positive).describe("Candidates of β."),
  innerLrs: axis(positive).describe("Candidates of α."),
  own: table(table(axis(z.union([z.number(), z.string().max(MAX.letters), z.boolean()])))).optional().describe(
    "Per algorithm and setting of its own, candidates. Every algorithm gets as many trials, a keyed draw from its grid where that is larger.",
  ),
  iterations: whole(1).nullable().default(null).describe(
    "Outer iterations of a trial; null for those of the algorithm.",
  ),
  seed: whole(0).describe("Seed of all trials."),
});

const dataSet = z.strictObject({
  name: word.describe("Name in the table of data sets: deno task list."),
  algorithms: axis(word).nullable().default(null).describe(
    "Those of the sweep's algorithms that are used on this data set; null: all of them.",
  ),
  model: word.describe('Name in the table of models: "mlp", "conv4", "resnet12".'),
  modelOptions: table(z.union([z.number(), z.string().max(MAX.letters), z.boolean()])).optional().describe(
    "Options that only this model has, by name, those left out at their defaults: see deno task list.",
  ),
  hidden: z.array(whole(1, MAX.units)).max(MAX.layers).describe(
    "Widths of the hidden layers; [] for the model's default.",
  ),
  norms: axis(z.enum(NORMS)).describe(
    "Axis: how hidden layers are normalised: none; batch (by the examples at hand, transductive); batch-inductive; layer.",
  ),
  augment: augmentationSchema.optional().describe(
    "What is done to the images of training batches, drawn by the seed and the iteration; validation and test see images as they are. Left out: nothing.",
  ),
  ways: whole(1).describe("N: classes per task (1 for regression)."),
  shots: axis(whole(1)).describe("Axis: K, support examples per class (classification) or per task (regression)."),
  innerSteps: axis(whole(0)).describe("Axis: S, gradient steps of adaptation."),
  sharingDepths: axis(whole(0)).describe("Axis: d, the leading layers that all tasks share."),
  depthsOf: table(axis(whole(0))).default({}).describe("Sharing depths of single algorithms, where they are others."),
  adapters: axis(word).describe(
    "Axis: how a trained state is adapted to a test task, names in the table of adapters; those that do not fit an algorithm or the kind of task make no cells.",
  ),
  adaptDepths: axis(z.union([z.literal("native"), whole(0)], { error: 'expected "native" or a whole number >= 0' }))
    .describe('Axis: layers frozen at test time: "native" (as the algorithm trains) or a number of leading layers.'),
  trainingTasks: axis(z.union([z.literal("fresh"), whole(1)], { error: 'expected "fresh" or a whole number >= 1' }))
    .default(["fresh"]).describe(
      'Axis: how many training tasks there are, for every algorithm alike: a number, or "fresh" for ever new ones.',
    ),
  taskStarts: axis(z.enum(TASK_STARTS)).describe(
    "Axis: where the task-specific layers of a joint training start on a new task.",
  ),
  episodes: whole(1).describe("Test episodes per cell."),
  testQueries: whole(1).describe("Q of test episodes (classification)."),
  divergedFactor: positive.describe(
    "An episode has diverged when its score is not finite or (regression) its MSE exceeds this many times the zero predictor's.",
  ),
  margin: positive.describe("Declared equivalence margin: accuracy in percentage points, MSE as a ratio."),
  optional: z.boolean().describe(
    "Whether the data set is skipped with its reason when its files are absent, instead of an error.",
  ),
  validation: validationSchema.nullable().default(null).describe(
    "How trainings are watched on validation episodes; null: they are not.",
  ),
  tuning: tuning.nullable().default(null).describe(
    "What every algorithm may try, at every sharing depth; null: every algorithm trains with hyper and overrides as they are.",
  ),
  hyper: hyper.describe("Settings of training and adaptation, of all algorithms."),
  overrides: table(z.strictObject(hyperFields).partial()).describe("Per algorithm, what differs from hyper."),
});

/** The schema of a sweep. */
export const sweepSchema = z.strictObject({
  format: z.literal(2, {
    error:
      'expected 2; sweeps of format 1 have other keys: print a built-in one with "deno task bench --print-sweep quick" and carry your settings over',
  }).describe("Version of this format."),
  name: word.regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens").describe(
    "Names the sweep's folder of results.",
  ),
  title: word.describe("Title of the report."),
  algorithms: axis(word).describe("Names in the table of algorithms: deno task list."),
  seeds: axis(whole(0)).describe("Training seeds; those of the first round, where there are rounds."),
  rounds: z.array(whole(1)).min(2).max(MAX.rounds).nullable().default(null).describe(
    "Numbers of seeds after which verdicts are looked at, ascending, the first as many as seeds: only comparisons of answering families that are still " +
      "undecided go on to the next. null: every comparison has all seeds.",
  ),
  datasets: axis(dataSet).describe("What is done on each data set."),
  families: axis(familyShape).default(() => [...COMPARISON_FAMILIES]).describe(
    "Families of comparisons, the primary question first: what is corrected together.",
  ),
  comparisons: z.array(comparisonShape).max(MAX.values).default(() => [...COMPARISONS]).describe(
    "What is compared, in the order in which it is told; without any, multi-task learning with the MAML family.",
  ),
  predictions: z.array(predictionShape).max(MAX.values).default([]).describe(
    "Expectations, declared before the run like the margins.",
  ),
});

/** The schema of a sweep file, which may name the schema that editors check it with. */
export const sweepFileSchema = z.strictObject({
  $schema: word.optional().describe("Where an editor finds this schema; nothing else reads it."),
  ...sweepSchema.shape,
}).meta({
  title: "Sweep of bridgebench",
  description: "A whole experiment as plain data, for deno task bench --sweep.",
});

/** What an axis of training follows: the cell's own value, that value up to a largest one, or one fixed value for all cells. */
export type Matched = Immutable<z.infer<typeof matched>>;
/** Settings of training and adaptation of one algorithm on one data set. */
export type Hyper = Immutable<z.infer<typeof hyper>>;
/** How trainings are watched on validation episodes. */
export type ValidationSweep = Immutable<z.infer<typeof validationSchema>>;
/** What every algorithm may try, at every sharing depth. */
export type TuningSweep = Immutable<z.infer<typeof tuning>>;
/** One data set's part of a sweep. */
export type DataSetSweep = Immutable<z.infer<typeof dataSet>>;
/** A whole experiment as plain data. */
export type Sweep = Immutable<z.infer<typeof sweepSchema>>;
