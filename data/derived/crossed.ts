/** The test episodes of one data set for what was trained on another. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../common/digest.ts";
import type { DataSet, DataSetEntry } from "../contract/dataset.ts";
import type { ReferencedDataSet } from "../contract/reference.ts";
import type { TextDataSet } from "../contract/texts.ts";

/** What is known of test tasks, beside their examples. */
type OfTasks = Partial<
  Pick<ReferencedDataSet, "references"> & Pick<TextDataSet, "texts"> & Pick<DataSet, "meanTarget">
>;

/**
 * Training and validation are those of `trained`; test episodes, with what is known of their tasks, are those of `target`. What adaptation leaves open (its
 * step size, a head's regularisation) is therefore chosen on validation episodes of the data set that was trained on: of the other one nothing is seen but
 * its test episodes.
 */
export function crossedDataSet(name: string, trained: DataSet & OfTasks, target: DataSet & OfTasks): DataSet {
  const { references: _, texts: __, meanTarget: ___, ...own } = trained;
  const { references, texts, meanTarget } = target;
  const { classesOf } = own;
  return {
    ...own,
    ...(references === undefined ? {} : { references }),
    ...(texts === undefined ? {} : { texts }),
    ...(meanTarget === undefined ? {} : { meanTarget }),
    ...(classesOf === undefined ? {} : {
      classesOf: (split) => split === "test" ? target.classesOf?.(split) ?? [] : classesOf(split),
    }),
    name,
    digest: createHash("sha256").update(canonicalJson({ trained: trained.digest, target: target.digest })).digest(
      "hex",
    ),
    episodes: (split, ...rest) => (split === "test" ? target : trained).episodes(split, ...rest),
  };
}

/** Why states trained on one data set cannot be tested on another; undefined where they can. */
export function whyNotTested(trained: DataSetEntry, target: DataSetEntry): string | undefined {
  if (trained.kind !== target.kind) return `the one is ${trained.kind}, the other ${target.kind}`;
  const [inputs, others] = [trained, target].map(({ inputShape }) => inputShape.join(" x "));
  return inputs === others ? undefined : `inputs are ${inputs} there and ${others} here`;
}

/** The line of a pair. */
export interface CrossedEntry extends DataSetEntry {
  /** What its test episodes are of. */
  readonly target: DataSetEntry;
}

/** Makes the line of a pair. What it says of classes and examples is said of training; the target's own entry knows its test. */
export function crossedEntry(name: string, trained: DataSetEntry, target: DataSetEntry): CrossedEntry {
  return {
    ...trained,
    name,
    target,
    title: `${trained.title}, tested on ${target.title}`,
    summary: `${trained.summary}; tested on ${target.name}`,
    source: `${trained.source}; tested on: ${target.source}`,
    sourceFiles: [...new Set([...trained.sourceFiles, ...target.sourceFiles, "data/derived/crossed.ts"])],
    async missing(dataDir) {
      return await trained.missing(dataDir) ?? await target.missing(dataDir);
    },
    async open(options) {
      return crossedDataSet(name, await trained.open(options), await target.open(options));
    },
  };
}
