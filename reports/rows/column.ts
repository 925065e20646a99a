/** What the schemas of rows are made of. A column is a member of a row's schema: what may stand in it, what it means and, where it has one, its unit. */
import { z } from "zod";
import { METRICS, NORMS, TASK_STARTS } from "../../common/vocabulary.ts";

/** Free text on one line. */
export const text = z.string();
/** A whole number of things. */
export const count = z.int().min(0);
/** Any finite number. */
export const number = z.number();

/**
 * One column.
 *
 * @param values what may stand in it; nullable where a field may be empty
 * @param meaning one or two sentences for readers of the file
 * @param unit of its numbers, where they have one
 */
export function column<T extends z.ZodType>(values: T, meaning: string, unit?: string): T {
  return values.meta({ description: meaning, ...(unit === undefined ? {} : { unit }) });
}

/** The unit of differences: accuracy in percentage points, MSE as a logarithm of a ratio. */
export const DIFFERENCE = "percentage points, or natural logarithm of a ratio of MSEs";

/** The metric that scores of a row are in. */
export const METRIC = column(z.enum(METRICS), "The primary score: mse (lower is better) or accuracy in [0, 1].");

/** Hex digits of a training's address that stand in tables. */
const ADDRESS_DIGITS = 12;

/** A training's name in tables: a letter first, since a spreadsheet reads 573e24951032 as a number. */
export function trainingName(address: string): string {
  return `u${address.slice(0, ADDRESS_DIGITS)}`;
}

/** The digits of the address in such a name; tables of older versions have them without the letter. */
export function addressDigits(name: string): string {
  return name.slice(-ADDRESS_DIGITS);
}

/** What is said of such a name. */
export const TRAINING_NAME = "The letter u and the first 12 hex digits of the training's address in the store";

/** The address that leads from a row to its training. */
export const TRAINING_UNIT = column(text, `${TRAINING_NAME}.`);

/** What names a training for readers. Shots and inner steps are empty where training does not depend on them. */
export const TRAINING_KEY = {
  dataset: column(text, "Name in the table of data sets: deno task list."),
  norm: column(
    z.enum(NORMS),
    "How hidden layers are normalised: none; batch (by the examples at hand, query examples by each other: transductive); batch-inductive (query " +
      "examples by the support set's statistics or those of training); layer.",
  ),
  algorithm: column(text, "Name in the table of algorithms: deno task list."),
  sharingDepth: column(
    count.nullable(),
    "d: leading layers that all tasks share in training; empty where an algorithm is off that axis.",
  ),
  shots: column(count.nullable(), "K in training; empty where training does not depend on it."),
  innerSteps: column(count.nullable(), "S in training; empty where training does not depend on it."),
  trainingTasks: column(
    count.nullable(),
    "Training tasks there were, for every algorithm alike; empty for ever new ones.",
  ),
  seed: column(count, "Seed of initial draw, training tasks and batches."),
} as const;

/** What a cell's data set is made of, where it is made of others. */
export const DOMAIN_COLUMNS = {
  trainedOn: column(text, "Data set that was trained on; dataset, unless that is made of others."),
  testedOn: column(text, "Data set whose test episodes are scored: another one than trained_on across domains."),
  trainingClasses: column(
    count.nullable(),
    "Training classes there were; empty for regression, and where the data is absent.",
  ),
} as const;

/** What names a cell. */
export const CELL_KEY_COLUMNS = {
  dataset: TRAINING_KEY.dataset,
  norm: TRAINING_KEY.norm,
  algorithm: TRAINING_KEY.algorithm,
  adapter: column(z.string(), "How the trained state is adapted to a test task: a name in the table of adapters."),
  shots: column(count, "K of the test episodes: support examples per class (classification) or per task (regression)."),
  innerSteps: column(
    count.nullable(),
    "S of the test episodes: inner steps of adaptation; empty for adapters that take none.",
  ),
  sharingDepth: TRAINING_KEY.sharingDepth,
  adaptDepth: column(
    count.nullable(),
    "Leading layers that adaptation left frozen at test time; empty where they are no prefix, and for adapters that replace the head.",
  ),
  taskStart: column(
    z.enum(TASK_STARTS).nullable(),
    "Where task-specific layers of joint training start on a new task: at the mean of the training tasks' layers, the common draw those started from, " +
      "or a random fresh one; empty where there are none.",
  ),
  trainingTasks: TRAINING_KEY.trainingTasks,
  seed: TRAINING_KEY.seed,
} as const;
