/**
 * Regression on a finite number of tasks with a finite number of examples each.
 *
 * The laws are those of collections: an episode depends on its split and number alone; no example is in both its support and its query set; a support set of
 * K shots is a prefix of that of K + 1; the queries do not depend on K.
 */
import { type Rng, rng } from "../../../common/random.ts";
import { requireCount, requireTaskIds } from "../../contract/checks.ts";
import { DataError, type DataSet, type EpisodeBatch, type Split, type TaskPool } from "../../contract/dataset.ts";
import type { DividedTable, RowGroup } from "./divide.ts";

/** Makes the data set. @param name for messages, and in the names of draws */
export function tableRegression(name: string, table: DividedTable): DataSet {
  const { x, y, groups, features, digest } = table;
  const width = features.length;

  function requireRows(split: Split, needed: number, asked: string): void {
    const scarce = groups[split].find(({ rows }) => rows.length < needed);
    if (scarce === undefined) return;
    throw new DataError(
      `Cannot draw ${asked} of each task of ${name}: "${scarce.name}" has ${scarce.rows.length} rows`,
    );
  }

  function fill(rows: readonly (readonly number[])[]) {
    const count = rows[0].length;
    const [outX, outY] = [new Float32Array(rows.length * count * width), new Float32Array(rows.length * count)];
    rows.flat().forEach((row, i) => {
      outX.set(x.subarray(row * width, (row + 1) * width), i * width);
      outY[i] = y[row];
    });
    return { x: outX, y: outY };
  }

  /** An episode of each task: queries from the front of an order of its rows, shots from the back. */
  function episodesOf(tasks: readonly (readonly [RowGroup, Rng])[], shots: number, queries: number): EpisodeBatch {
    const orders = tasks.map(([{ rows }, random]) => random.permutation(rows.length).map((position) => rows[position]));
    const query = fill(orders.map((order) => order.slice(0, queries)));
    const support = fill(orders.map((order) => order.toReversed().slice(0, shots)));
    return {
      ...{ tasks: tasks.length, nSupport: shots, nQuery: queries },
      ...{ supportX: support.x, supportY: support.y, queryX: query.x, queryY: query.y },
    };
  }

  function requireEpisodes(split: Split, shots: number, queries: number): void {
    requireCount("shots", shots);
    requireCount("queries", queries);
    requireRows(split, shots + queries, `${shots} shots + ${queries} queries`);
  }

  return {
    name,
    kind: "regression",
    metric: "mse",
    inputShape: [width],
    outputs: 1,
    digest,

    trainBatch(tasks, shots, queries, key) {
      requireCount("tasks", tasks);
      requireEpisodes("train", shots, queries);
      const random = rng([name, "train", ...key]);
      const { train } = groups;
      return episodesOf(Array.from({ length: tasks }, () => [train[random.int(train.length)], random]), shots, queries);
    },

    episodes(split, first, count, shots, queries) {
      requireCount("episodes", count);
      requireEpisodes(split, shots, queries);
      const own = groups[split];
      const drawn = Array.from({ length: count }, (_, e) => {
        const random = rng([name, split, first + e]);
        return [own[random.int(own.length)], random] as const;
      });
      return episodesOf(drawn, shots, queries);
    },

    pool(size, seed): TaskPool {
      requireCount("pool tasks", size);
      const { train } = groups;
      if (size > train.length) {
        throw new DataError(`Cannot make a pool of ${size} tasks of ${name}: it has ${train.length} training tasks`);
      }
      const order = rng([name, "pool", seed]).permutation(train.length);
      const tasks = order.slice(0, size).map((position) => train[position]);
      return {
        size,
        batch(taskIds, examplesPerTask, key) {
          requireTaskIds(taskIds, size);
          requireCount("examples", examplesPerTask);
          requireRows("train", examplesPerTask, `${examplesPerTask} examples`);
          const random = rng([name, "pool-batch", ...key]);
          const rows = taskIds.map((id) =>
            random.choose(examplesPerTask, tasks[id].rows.length).map((position) => tasks[id].rows[position])
          );
          return { tasks: taskIds.length, nExamples: examplesPerTask, ...fill(rows) };
        },
        episodes(taskIds, shots, queries, key) {
          requireTaskIds(taskIds, size);
          requireEpisodes("train", shots, queries);
          const random = rng([name, "pool-episodes", ...key]);
          return episodesOf(taskIds.map((id) => [tasks[id], random]), shots, queries);
        },
      };
    },
  };
}
