/** A family of functions as a data set: keyed K-shot regression tasks. */
import { type Rng, rng } from "../../common/random.ts";
import { requireCount, requireTaskIds } from "../contract/checks.ts";
import type { DataSet, DataSetEntry, EpisodeBatch, TaskPool } from "../contract/dataset.ts";
import type { FamilyTask, TaskFamily } from "../contract/task_family.ts";

/** Makes the data set of a family. */
export function familyDataSet(family: TaskFamily): DataSet {
  const { name, inputShape, digest, grid, meanTarget } = family;
  const length = inputShape.reduce((product, own) => product * own, 1);
  const gridPoints = grid.length / length;

  function emptyBatch(tasks: number, nSupport: number, nQuery: number): EpisodeBatch {
    return {
      tasks,
      nSupport,
      nQuery,
      supportX: new Float32Array(tasks * nSupport * length),
      supportY: new Float32Array(tasks * nSupport),
      queryX: new Float32Array(tasks * nQuery * length),
      queryY: new Float32Array(tasks * nQuery),
    };
  }

  /** Episodes of fresh examples: for each task, its support set and then its query set. */
  function freshEpisodes(
    random: Rng,
    tasks: number,
    taskAt: (t: number) => FamilyTask,
    shots: number,
    queries: number,
  ): EpisodeBatch {
    requireCount("shots", shots);
    requireCount("queries", queries);
    const batch = emptyBatch(tasks, shots, queries);
    for (let t = 0; t < tasks; t++) {
      const task = taskAt(t);
      task.examples(random, shots, batch.supportX, batch.supportY, t * shots);
      task.examples(random, queries, batch.queryX, batch.queryY, t * queries);
    }
    return batch;
  }

  return {
    name,
    kind: "regression",
    metric: "mse",
    inputShape,
    outputs: 1,
    digest,

    trainBatch(tasks, shots, queries, key) {
      requireCount("tasks", tasks);
      const random = rng([name, "train", ...key]);
      return freshEpisodes(random, tasks, () => family.drawTask(random, "train"), shots, queries);
    },

    episodes(split, first, count, shots) {
      requireCount("episodes", count);
      requireCount("shots", shots);
      const batch = emptyBatch(count, shots, gridPoints);
      for (let e = 0; e < count; e++) {
        const random = rng([name, split, first + e]);
        const task = family.drawTask(random, split);
        task.examples(random, shots, batch.supportX, batch.supportY, e * shots);
        batch.queryX.set(grid, e * grid.length);
        for (let i = 0; i < gridPoints; i++) batch.queryY[e * gridPoints + i] = task.target(grid, i);
      }
      return batch;
    },

    pool(size, seed): TaskPool {
      requireCount("pool tasks", size);
      const random = rng([name, "pool", seed]);
      const tasks = Array.from({ length: size }, () => family.drawTask(random, "train"));
      return {
        size,
        batch(taskIds, examplesPerTask, key) {
          requireTaskIds(taskIds, size);
          requireCount("examples", examplesPerTask);
          const x = new Float32Array(taskIds.length * examplesPerTask * length);
          const y = new Float32Array(taskIds.length * examplesPerTask);
          const draw = rng([name, "pool-batch", ...key]);
          taskIds.forEach((id, t) => tasks[id].examples(draw, examplesPerTask, x, y, t * examplesPerTask));
          return { tasks: taskIds.length, nExamples: examplesPerTask, x, y };
        },
        episodes(taskIds, shots, queries, key) {
          requireTaskIds(taskIds, size);
          const draw = rng([name, "pool-episodes", ...key]);
          return freshEpisodes(draw, taskIds.length, (t) => tasks[taskIds[t]], shots, queries);
        },
      };
    },

    ...(meanTarget === undefined ? {} : { meanTarget }),
  };
}

/** What the table of data sets says of a generated family beside what the family itself says. */
export type FamilyFacts = Pick<DataSetEntry, "title" | "summary" | "source" | "sourceFiles">;

/** The line of a generated family in the table of data sets. */
export function familyEntry(family: TaskFamily, facts: FamilyFacts): DataSetEntry {
  return {
    ...facts,
    name: family.name,
    kind: "regression",
    metric: "mse",
    inputShape: family.inputShape,
    missing: () => Promise.resolve(undefined),
    open: () => Promise.resolve(familyDataSet(family)),
  };
}
