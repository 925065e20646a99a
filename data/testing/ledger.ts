/** Collections whose inputs say what they are, so that a batch can be read back. */
import fc from "fast-check";
import type { Collection } from "../contract/collection.ts";
import type { Split } from "../contract/dataset.ts";

/** Classes of one split: per class its number of examples, and its group. */
export type LedgerSplit = readonly { readonly examples: number; readonly group?: string }[];

/** Makes a collection whose every input is [position of the class in the collection, number of the example]. */
export function ledger(splits: Readonly<Record<Split, LedgerSplit>>): Collection {
  const order: readonly Split[] = ["validation", "train", "test"];
  const classes = order.flatMap((split) =>
    splits[split].map((own, position) => ({ name: `${split} class ${position}`, ...own }))
  );
  const ids = (split: Split) => classes.flatMap(({ name }, id) => name.startsWith(split) ? [id] : []).reverse();
  return {
    name: "ledger",
    inputShape: [2],
    digest: "1".repeat(64),
    classes,
    splits: { train: ids("train"), validation: ids("validation"), test: ids("test") },
    write(classId, example, out, at) {
      out[at] = classId;
      out[at + 1] = example;
    },
  };
}

/** One row of a batch. */
export interface LedgerRow {
  readonly classId: number;
  readonly example: number;
}

/** Reads inputs back. */
export function ledgerRows(x: Float32Array): LedgerRow[] {
  return Array.from({ length: x.length / 2 }, (_, row) => ({ classId: x[2 * row], example: x[2 * row + 1] }));
}

/** Splits of at least so many classes with at least so many examples each, in three groups. */
export function ledgers(minClasses: number, minExamples: number): fc.Arbitrary<Collection> {
  const split = fc.array(
    fc.record({
      examples: fc.integer({ min: minExamples, max: minExamples + 9 }),
      group: fc.constantFrom("a", "b", "c"),
    }),
    { minLength: minClasses, maxLength: minClasses + 20 },
  );
  return fc.record({ train: split, validation: split, test: split }).map(ledger);
}
