/**
 * Evaluations on the test episodes of another data set than the one that was trained on. They stand apart from `types.ts`, which is part of the address of
 * every training: what a state is tested on has no part in it.
 */
import type { EvaluationSpec } from "./types.ts";

/** An evaluation whose test episodes are those of a derived data set. */
export interface CrossedEvaluationSpec extends EvaluationSpec {
  /** Its name, such as "sinusoid-to-sinusoid-frequency". */
  readonly testOn: string;
}

/** The derived data set whose test episodes an evaluation is on; undefined for those of the data set that was trained on. */
export function testOnOf(spec: Omit<EvaluationSpec, "innerSteps">): string | undefined {
  return (spec as Partial<CrossedEvaluationSpec>).testOn;
}
