/** Classes of a table as a collection: a class of a task is told apart from the other classes of that task. */
import type { Collection } from "../../contract/collection.ts";
import type { DividedTable, RowGroup } from "./divide.ts";

/** Makes the collection; the group of a class is its task. */
export function tableCollection(name: string, { x, features, groups, digest }: DividedTable): Collection {
  const classes = [...groups.train, ...groups.validation, ...groups.test];
  const width = features.length;
  const positions = (own: readonly RowGroup[]) => own.map((group) => classes.indexOf(group));
  return {
    name,
    inputShape: [width],
    digest,
    classes: classes.map(({ name, task, rows }) => ({
      name,
      ...(task === undefined ? {} : { group: task }),
      examples: rows.length,
    })),
    splits: {
      train: positions(groups.train),
      validation: positions(groups.validation),
      test: positions(groups.test),
    },
    write(classId, example, out, at) {
      const row = classes[classId].rows[example];
      out.set(x.subarray(row * width, (row + 1) * width), at);
    },
  };
}
