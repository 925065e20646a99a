/** Predictors that no training is needed for, beside which scores can be read: floors, and ceilings where theory has one. */
import type { ReferenceRole } from "../../common/reference_roles.ts";
import type { DataSet } from "./dataset.ts";

/** One task as a reference sees it. */
export interface ReferenceTask {
  /** [nSupport, ...inputShape] */
  readonly supportX: Float32Array;
  /** [nSupport, outputs] */
  readonly supportY: Float32Array;
  /** [nQuery, ...inputShape] */
  readonly queryX: Float32Array;
}

/** What is known before any training, as a predictor. */
export interface Reference {
  /** Names it in tables: "zero", "bayes". */
  readonly name: string;
  /** What it predicts, in a few words. */
  readonly title: string;
  /** Whether trained methods should be above it (floor), or cannot be expected to be (ceiling). */
  readonly role: ReferenceRole;
  /** [nQuery, outputs]: predictions, or logits. */
  predict(task: ReferenceTask): ArrayLike<number>;
}

/** A data set that knows references beside those that every data set of its kind has. */
export interface ReferencedDataSet extends DataSet {
  readonly references: readonly Reference[];
}

/** Remembers what was made of the last inputs: episodes of curves are all scored at the same points. */
export function onPoints<T>(make: (inputs: Float32Array) => T): (inputs: Float32Array) => T {
  let known: { readonly inputs: Float32Array; readonly made: T } | undefined;
  return (inputs) => {
    if (known === undefined || !equal(known.inputs, inputs)) known = { inputs: inputs.slice(), made: make(inputs) };
    return known.made;
  };
}

function equal(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
