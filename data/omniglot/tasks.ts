/**
 * Few-shot tasks over Omniglot's drawings.
 *
 * A class is a character in one of four rotations, as in Vinyals et al. 2016 (arXiv 1606.04080): rotations are new
 * classes in training, validation and test alike. The N classes of a task differ, but two of them may be rotations of one
 * character, as there.
 */
import { createHash } from "node:crypto";
import { requireCount, requireTaskIds } from "../contract/checks.ts";
import {
  DataError,
  type DataSet,
  type EpisodeBatch,
  type ExampleBatch,
  type Split,
  type TaskPool,
} from "../contract/dataset.ts";
import { type Rng, rng } from "../../common/random.ts";
import { type Collection, DRAWINGS, PIXELS, ROTATIONS, SIDE } from "./collection.ts";
import { writeTurned } from "./rotation.ts";

/** What tasks are made of. */
export interface TaskSource {
  readonly name: string;
  /** [characters, 20, 28, 28], see `openDrawings`. */
  readonly drawings: Uint8Array;
  /** Indices of each split's characters. */
  readonly characters: Readonly<Record<Split, readonly number[]>>;
  /** Classes per character: 4, or 1 to use drawings as they are. */
  readonly rotations: number;
  /** See `DataSet.digest`. */
  readonly digest: string;
}

/** A class: a character, turned. */
interface Class {
  readonly character: number;
  readonly quarterTurns: number;
}

/** sha256 over everything that determines what `taskDataSet` draws, beside its code. */
export function contentDigest(
  collection: Collection,
  characters: Readonly<Record<Split, readonly number[]>>,
  rotations: number,
): string {
  const content = {
    archives: collection.archives.map((archive) => archive.contentDigest),
    pixels: collection.pixelDigest,
    characters,
    rotations,
  };
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/**
 * Makes the data set of N-way tasks.
 *
 * @throws DataError when a split has fewer than `ways` classes
 */
export function taskDataSet(source: TaskSource, ways: number): DataSet {
  const { name } = source;
  const classes: Record<Split, readonly Class[]> = {
    train: classesOf(source, "train"),
    validation: classesOf(source, "validation"),
    test: classesOf(source, "test"),
  };
  const fewest = Math.min(...Object.values(classes).map(({ length }) => length));
  if (!Number.isInteger(ways) || ways < 2 || ways > fewest) {
    throw new DataError(`Cannot draw ${ways}-way tasks of ${name}: ways must be a whole number from 2 to ${fewest}`);
  }

  /** Draws a task: which classes, then which of their drawings. */
  function drawTask(
    random: Rng,
    split: Split,
    batch: EpisodeBatch,
    task: number,
    shots: number,
    queries: number,
  ): void {
    const chosen = random.choose(ways, classes[split].length);
    for (let n = 0; n < ways; n++) {
      const order = random.permutation(DRAWINGS);
      // Queries from the front, shots from the back: neither depends on how many there are of the other.
      write(order.slice(0, queries), classes[split][chosen[n]], batch.queryX, (task * ways + n) * queries);
      write(order.reverse().slice(0, shots), classes[split][chosen[n]], batch.supportX, (task * ways + n) * shots);
    }
  }

  function write(drawings: readonly number[], { character, quarterTurns }: Class, x: Float32Array, row: number): void {
    drawings.forEach((drawing, i) => {
      writeTurned(
        source.drawings,
        (character * DRAWINGS + drawing) * PIXELS,
        quarterTurns,
        x,
        (row + i) * PIXELS,
      );
    });
  }

  function emptyBatch(tasks: number, shots: number, queries: number): EpisodeBatch {
    requireCount("shots", shots);
    requireCount("queries per class", queries);
    if (shots + queries > DRAWINGS) {
      throw new DataError(
        `Cannot draw ${shots} shots + ${queries} queries of a character of ${name}: it has ${DRAWINGS} drawings`,
      );
    }
    return {
      tasks,
      nSupport: ways * shots,
      nQuery: ways * queries,
      supportX: new Float32Array(tasks * ways * shots * PIXELS),
      supportY: oneHotRows(tasks, ways, shots),
      queryX: new Float32Array(tasks * ways * queries * PIXELS),
      queryY: oneHotRows(tasks, ways, queries),
    };
  }

  return {
    name,
    kind: "classification",
    metric: "accuracy",
    inputShape: [SIDE, SIDE, 1],
    outputs: ways,
    digest: source.digest,

    trainBatch(tasks, shots, queries, key) {
      requireCount("tasks", tasks);
      const batch = emptyBatch(tasks, shots, queries);
      const random = rng([name, "train", ...key]);
      for (let t = 0; t < tasks; t++) drawTask(random, "train", batch, t, shots, queries);
      return batch;
    },

    episodes(split, first, count, shots, queries) {
      requireCount("episodes", count);
      const batch = emptyBatch(count, shots, queries);
      for (let e = 0; e < count; e++) drawTask(rng([name, split, first + e]), split, batch, e, shots, queries);
      return batch;
    },

    /**
     * Task p holds N classes in a fixed order. The tasks come from successive random partitions of the training classes
     * into N-way tasks: the first floor(classes / N) tasks have no class in common, and so on.
     */
    pool(size, seed): TaskPool {
      requireCount("pool tasks", size);
      const perPartition = Math.floor(classes.train.length / ways);
      const partitions = Array.from(
        { length: Math.ceil(size / perPartition) },
        (_, round) => rng([name, "pool", seed, round]).permutation(classes.train.length),
      );
      const tasks = Array.from({ length: size }, (_, p) => {
        const start = (p % perPartition) * ways;
        return partitions[Math.floor(p / perPartition)].slice(start, start + ways).map((id) => classes.train[id]);
      });
      return {
        size,
        batch(taskIds, perClass, key): ExampleBatch {
          requireTaskIds(taskIds, size);
          requireCount("examples per class", perClass);
          if (perClass > DRAWINGS) {
            throw new DataError(
              `Cannot draw ${perClass} examples of a character of ${name}: it has ${DRAWINGS} drawings`,
            );
          }
          const x = new Float32Array(taskIds.length * ways * perClass * PIXELS);
          const random = rng([name, "pool-batch", ...key]);
          taskIds.forEach((id, t) =>
            tasks[id].forEach((drawn, n) =>
              write(random.choose(perClass, DRAWINGS), drawn, x, (t * ways + n) * perClass)
            )
          );
          return {
            tasks: taskIds.length,
            nExamples: ways * perClass,
            x,
            y: oneHotRows(taskIds.length, ways, perClass),
          };
        },
      };
    },
  };
}

/** All characters of the split in the first rotation, then all in the second, ... */
function classesOf({ characters, rotations }: TaskSource, split: Split): Class[] {
  if (rotations < 1 || rotations > ROTATIONS) throw new RangeError(`internal: ${rotations} rotations`);
  return Array.from(
    { length: rotations },
    (_, quarterTurns) => characters[split].map((character) => ({ character, quarterTurns })),
  ).flat();
}

/** [tasks, ways · perClass, ways]: class 0's rows, then class 1's, ... */
function oneHotRows(tasks: number, ways: number, perClass: number): Float32Array {
  const y = new Float32Array(tasks * ways * perClass * ways);
  for (let row = 0; row < tasks * ways * perClass; row++) y[row * ways + Math.floor(row / perClass) % ways] = 1;
  return y;
}
