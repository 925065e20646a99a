/** How hidden layers are normalised, in words: said beside the data set where a run has one way, beside every number where it has several. */
import { type Norm, NORMS } from "../../common/vocabulary.ts";
import { type DataSetDescription, type ReportInput } from "./input.ts";

/** What each word means, as the end of a sentence about hidden layers. */
export const NORM_WORDS: Readonly<Record<Norm, string>> = {
  none: "not normalised",
  batch: "normalised by the statistics of the examples at hand, queries by each other's (transductive)",
  "batch-inductive":
    "normalised by statistics of the support set or of training, never by those of queries (inductive)",
  layer: "normalised over the features of each example",
};

/** "norm batch" */
export function normText(norm: Norm): string {
  return `norm ${norm}`;
}

/** The normalisations among some rows, in the order of the vocabulary. */
export function normsAmong(rows: Iterable<{ readonly norm: Norm }>): Norm[] {
  const found = new Set([...rows].map(({ norm }) => norm));
  return NORMS.filter((norm) => found.has(norm));
}

/** Whether a data set has several normalisations in a run, so that its numbers must say which they are of. */
export function severalNorms({ datasets }: Pick<ReportInput, "datasets">, dataset: string): boolean {
  return (datasets.find(({ name }) => name === dataset)?.norms.length ?? 0) > 1;
}

/** Whether some data set has several, so that tables of all data sets need a column that says which. */
export function normsVary({ datasets }: Pick<ReportInput, "datasets">): boolean {
  return datasets.some(({ norms }) => norms.length > 1);
}

/** "norm batch: hidden layers are normalised ...", a sentence for each normalisation of a data set. */
export function normSentences({ norms }: Pick<DataSetDescription, "norms">): string {
  return norms.map((norm) => `Norm ${norm}: hidden layers are ${NORM_WORDS[norm]}.`).join(" ");
}

/** What a caption says where a figure shows several normalisations; beside the data set it is said what they are. */
export const NORMS_DIFFER = "Norm: how hidden layers are normalised.";

/** A text for the normalisation where there are several, as a list that is empty where there is one. */
export function normPart(input: Pick<ReportInput, "datasets">, row: { readonly dataset: string; readonly norm: Norm }) {
  return severalNorms(input, row.dataset) ? [normText(row.norm)] : [];
}
