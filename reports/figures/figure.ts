/** The contract of a figure: a pure function from results to a Vega-Lite spec that holds its own data. */
import type { TopLevelSpec } from "vega-lite";
import type { DataSetDescription, ReportInput } from "../view/input.ts";

/** A Vega-Lite specification. */
export type Spec = TopLevelSpec;

/** One picture with its words. */
export interface Drawing {
  /** What it shows, in a few words. */
  readonly title: string;
  /** How to read it, what the marks mean and what n is. */
  readonly caption: string;
  /** The same in print, where a caption has three lines: the marks, and what its intervals are; one or two short sentences. */
  readonly inPrint: string;
  /** What a reader who cannot see it should know. */
  readonly alt: string;
  readonly spec: Spec;
  /** It shows no scores of test episodes: its caption alone says what its numbers rest on. */
  readonly scoreless?: true;
}

/** One line of the table of figures. */
export interface Figure {
  readonly name: string;
  /** @returns undefined when there is nothing to show of this data set */
  draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined;
}
