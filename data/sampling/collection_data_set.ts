/** A collection as a data set: keyed N-way K-shot episodes, finite sets of tasks, and plain batches over all classes. */
import { createHash } from "node:crypto";
import { type Key, rng } from "../../common/random.ts";
import { requireCount, requireTaskIds } from "../contract/checks.ts";
import type { Collection } from "../contract/collection.ts";
import {
  type ClassBatch,
  DataError,
  type DataSet,
  type EpisodeStyle,
  type Split,
  type TaskPool,
} from "../contract/dataset.ts";
import {
  drawClasses,
  drawExamples,
  mostWays,
  partition,
  refuseScarcity,
  requireExamples,
  requireWays,
  type Roster,
  rosterOf,
} from "./episode.ts";
import { classesOf, fillEpisodes, fillExamples, inputLength } from "./fill.ts";

/**
 * Makes the data set of N-way tasks of a collection.
 *
 * @param ways N of the episodes that are scored, and of training tasks unless a draw says otherwise
 * @param style how tasks are drawn
 * @throws DataError when a split has no task of so many classes, or two splits share a class
 */
export function collectionDataSet(collection: Collection, ways: number, style: EpisodeStyle = {}): DataSet {
  requireDisjoint(collection);
  const { name, splits, inputShape } = collection;
  const { imbalance } = style;
  const rosters: Readonly<Record<Split, Roster>> = {
    train: rosterOf(collection, "train", style),
    validation: rosterOf(collection, "validation", style),
    test: rosterOf(collection, "test", style),
  };
  // A collection that is only tested on has classes in its test split alone.
  const filled = Object.values(rosters).filter(({ classes }) => classes.length > 0);
  const narrowest = filled.reduce((least, own) => mostWays(own) < mostWays(least) ? own : least);
  requireWays(narrowest, ways);
  const { train } = rosters;

  return {
    name,
    kind: "classification",
    metric: "accuracy",
    inputShape,
    outputs: ways,
    trainClasses: train.classes.length,
    digest: digestOf(collection, style),
    classesOf: (split) => rosters[split].classes,
    classBatch: classDrawer(collection, train),

    trainBatch(tasks, shots, queries, key, trainWays = ways) {
      requireCount("tasks", tasks);
      requireWays(train, trainWays);
      requireExamples(train, shots, queries);
      const random = rng([name, "train", ...key]);
      const drawn = Array.from({ length: tasks }, () => {
        const chosen = drawClasses(random, train, trainWays);
        return drawExamples(random, train, chosen, { shots, queries, imbalance });
      });
      return fillEpisodes(collection, splits.train, drawn);
    },

    episodes(split, first, count, shots, queries) {
      const roster = rosters[split];
      requireWays(roster, ways);
      requireCount("episodes", count);
      requireExamples(roster, shots, queries);
      const drawn = Array.from({ length: count }, (_, e) => {
        const random = rng([name, split, first + e]);
        return drawExamples(random, roster, drawClasses(random, roster, ways), { shots, queries, imbalance });
      });
      return fillEpisodes(collection, splits[split], drawn);
    },

    pool(size, seed, trainWays = ways): TaskPool {
      requireCount("pool tasks", size);
      requireWays(train, trainWays);
      const tasks = poolTasks(train, trainWays, size, (round) => rng([name, "pool", seed, round]));
      return {
        size,
        classes: classesOf(tasks),
        batch(taskIds, perClass, key) {
          requireTaskIds(taskIds, size);
          requireCount("examples per class", perClass);
          refuseScarcity(train, perClass, `${perClass} examples`);
          const random = rng([name, "pool-batch", ...key]);
          const drawn = taskIds.map((id) =>
            tasks[id].map((classId) => ({
              classId,
              examples: random.choose(perClass, train.classes[classId].examples),
            }))
          );
          return fillExamples(collection, splits.train, drawn);
        },
        episodes(taskIds, shots, queries, key) {
          requireTaskIds(taskIds, size);
          requireExamples(train, shots, queries);
          const random = rng([name, "pool-episodes", ...key]);
          const drawn = taskIds.map((id) => drawExamples(random, train, tasks[id], { shots, queries, imbalance }));
          return fillEpisodes(collection, splits.train, drawn);
        },
      };
    },
  };
}

/**
 * The first `size` tasks of successive random partitions of the training classes into N-way tasks: the first floor(C / N) tasks have no class in
 * common, and so on.
 */
function poolTasks(roster: Roster, ways: number, size: number, randomOf: (round: number) => ReturnType<typeof rng>) {
  const tasks: (readonly number[])[] = [];
  for (let round = 0; tasks.length < size; round++) tasks.push(...partition(randomOf(round), roster, ways));
  return tasks.slice(0, size);
}

/** See `DataSet.classBatch`. */
function classDrawer(collection: Collection, { name, classes }: Roster): (examples: number, key: Key) => ClassBatch {
  const length = inputLength(collection);
  // END[c]: how many training examples classes 0 .. c have in sum.
  let total = 0;
  const end = Float64Array.from(classes, ({ examples }) => total += examples);
  return (examples, key) => {
    requireCount("examples", examples);
    if (examples > total) {
      throw new DataError(`Cannot draw a batch of ${examples} examples of ${name}: its training classes have ${total}`);
    }
    const x = new Float32Array(examples * length);
    const ids = rng([name, "class-batch", ...key]).choose(examples, total).map((drawn, row) => {
      const classId = firstAbove(end, drawn);
      const before = classId === 0 ? 0 : end[classId - 1];
      collection.write(collection.splits.train[classId], drawn - before, x, row * length);
      return classId;
    });
    return { nExamples: examples, x, classes: Int32Array.from(ids) };
  };
}

/** Position of the first of ascending numbers that is above a value that the last one is above. */
function firstAbove(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function requireDisjoint({ name, classes, splits }: Collection): void {
  const seen = new Set<number>();
  for (const id of Object.values(splits).flat()) {
    if (seen.has(id)) {
      throw new DataError(
        `Cannot use ${name}: class "${classes[id]?.name}" is in its splits twice; name each class once`,
      );
    }
    seen.add(id);
  }
}

/** The collection's own digest where tasks are drawn as usual. */
function digestOf({ digest }: Collection, { hierarchical = false, imbalance }: EpisodeStyle): string {
  if (!hierarchical && imbalance === undefined) return digest;
  return createHash("sha256").update(JSON.stringify({ digest, hierarchical, imbalance })).digest("hex");
}
