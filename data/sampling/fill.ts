/** Writes what was drawn of a collection into the arrays of a batch. */
import type { Collection } from "../contract/collection.ts";
import type { EpisodeBatch, ExampleBatch } from "../contract/dataset.ts";
import type { DrawnClass } from "./episode.ts";

/** Some examples of one class of a split. */
interface ClassExamples {
  /** Position of the class in the split. */
  readonly classId: number;
  readonly examples: readonly number[];
}

/** Numbers in one input. */
export function inputLength({ inputShape }: Pick<Collection, "inputShape">): number {
  return inputShape.reduce((product, length) => product * length, 1);
}

/**
 * Writes tasks whose examples are known.
 *
 * @param split the classes that positions stand for, as positions in `collection.classes`
 * @param tasks T tasks of N classes each; all have the same number of examples in sum
 */
export function fillEpisodes(
  collection: Collection,
  split: readonly number[],
  tasks: readonly (readonly DrawnClass[])[],
): EpisodeBatch {
  const part = (name: "support" | "query") =>
    fillExamples(
      collection,
      split,
      tasks.map((task) => task.map((drawn) => ({ classId: drawn.classId, examples: drawn[name] }))),
    );
  const [support, query] = [part("support"), part("query")];
  return {
    tasks: tasks.length,
    nSupport: support.nExamples,
    nQuery: query.nExamples,
    supportX: support.x,
    supportY: support.y,
    queryX: query.x,
    queryY: query.y,
    classes: support.classes,
  };
}

/** Writes labelled examples without a support/query split; parameters as in {@linkcode fillEpisodes}. */
export function fillExamples(
  collection: Collection,
  split: readonly number[],
  tasks: readonly (readonly ClassExamples[])[],
): ExampleBatch & { readonly classes: Int32Array } {
  const length = inputLength(collection);
  const ways = tasks[0]?.length ?? 0;
  const nExamples = tasks[0]?.reduce((sum, { examples }) => sum + examples.length, 0) ?? 0;
  const x = new Float32Array(tasks.length * nExamples * length);
  const y = new Float32Array(tasks.length * nExamples * ways);
  let row = 0;
  for (const task of tasks) {
    task.forEach(({ classId, examples }, label) => {
      // A small function that writes one class: with `write` inlined into the loops around it, V8 takes twice as long.
      examples.forEach((example, i) => collection.write(split[classId], example, x, (row + i) * length));
      for (const end = row + examples.length; row < end; row++) y[row * ways + label] = 1;
    });
  }
  return { tasks: tasks.length, nExamples, x, y, classes: classesOf(tasks.map((task) => task.map((c) => c.classId))) };
}

/** [T, N], from T lists of N. */
export function classesOf(tasks: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from(tasks.flat());
}
