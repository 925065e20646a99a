/** Examples that people read as text, where inputs are features of it. */
import type { DataSet, EvaluationSplit } from "./dataset.ts";

/** The texts behind an episode, in its order, and the names of its classes. */
export interface EpisodeTexts {
  readonly classes: readonly string[];
  readonly support: readonly string[];
  readonly query: readonly string[];
}

/** A data set that can say what the examples of an episode read. */
export interface TextDataSet extends DataSet {
  texts(split: EvaluationSplit, episode: number, shots: number, queries: number): EpisodeTexts;
}
