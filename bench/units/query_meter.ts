/** Looks at single predictions of a classification: how sure the network is, and of which classes it is right. */
import type { Data } from "../../algorithms/tensor/backend.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { type Bin, binOf, BINS, sayingOf } from "../../reports/statistics/calibration.ts";
import type { QueryMeasures } from "../store/measures.ts";
import type { Observer } from "./episodes.ts";

/** The labels of one task's queries. */
export interface LabelledQueries {
  /** [nQuery, N], one-hot */
  readonly targets: ArrayLike<number>;
  /** [N]: positions of the classes in the test split. */
  readonly classes: ArrayLike<number>;
}

/** Sums over episodes, at one point of an adaptation curve. */
export class QuerySums {
  #nll = 0;
  readonly #bins: number[][] = Array.from({ length: BINS }, () => [0, 0, 0]);
  readonly #queries: number[];
  readonly #right: number[];

  /** @param classes of the test split */
  constructor(classes: number) {
    this.#queries = new Array(classes).fill(0);
    this.#right = new Array(classes).fill(0);
  }

  /** Adds an episode; one with a prediction that is not finite has no score, and no part here either. */
  add(predictions: ArrayLike<number>, { targets, classes }: LabelledQueries): void {
    for (let i = 0; i < targets.length; i++) if (!Number.isFinite(predictions[i])) return;
    const ways = classes.length;
    for (let row = 0; row < targets.length; row += ways) {
      let truth = 0;
      while (targets[row + truth] !== 1) truth++;
      const { confidence, nll, right } = sayingOf(predictions, row, ways, truth);
      const bin = this.#bins[binOf(confidence)];
      bin[0]++;
      bin[1] += confidence;
      this.#queries[classes[truth]]++;
      this.#nll += nll;
      if (!right) continue;
      bin[2]++;
      this.#right[classes[truth]]++;
    }
  }

  /** What was added. */
  at(innerSteps: number | null): QueryMeasures {
    return {
      innerSteps,
      nll: this.#nll,
      bins: this.#bins.map(([queries, confidence, right]): Bin => [queries, confidence, right]),
      queries: this.#queries,
      right: this.#right,
    };
  }
}

/** The labels of a batch's task. */
export function labelsOf({ tasks, queryY, classes }: EpisodeBatch, task: number): LabelledQueries {
  const own = <T extends Float32Array | Int32Array>(values: T) => {
    const size = values.length / tasks;
    return values.subarray(task * size, (task + 1) * size);
  };
  return { targets: own(queryY), classes: own(classes ?? new Int32Array()) };
}

/** Measures the predictions of an adaptation program after each number of inner steps. */
export class QueryMeter implements Observer {
  readonly outputs = [];
  readonly #sums: ReadonlyMap<number, QuerySums>;

  constructor(innerSteps: readonly number[], dataSet: DataSet) {
    const classes = dataSet.classesOf?.("test").length ?? 0;
    // Regression has no classes.
    this.#sums = new Map(classes === 0 ? [] : innerSteps.map((steps) => [steps, new QuerySums(classes)]));
  }

  see(batch: EpisodeBatch, outputs: Readonly<Record<string, Data>>): void {
    for (const [steps, sums] of this.#sums) {
      const predictions = outputs[`step${steps}`];
      const length = predictions.length / batch.tasks;
      for (let t = 0; t < batch.tasks; t++) {
        sums.add(predictions.subarray(t * length, (t + 1) * length), labelsOf(batch, t));
      }
    }
  }

  /** What was seen after so many steps; undefined for regression. */
  at(innerSteps: number): QueryMeasures | undefined {
    return this.#sums.get(innerSteps)?.at(innerSteps);
  }
}
