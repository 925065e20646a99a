/** The floors of every data set of a kind, and all references of a data set. */
import type { DataSet } from "../contract/dataset.ts";
import { onPoints, type Reference, type ReferencedDataSet } from "../contract/reference.ts";

/** All references of a data set: its kind's floors, then those that it declares. */
export function referencesOf(dataSet: DataSet | ReferencedDataSet): Reference[] {
  const { kind, meanTarget, outputs, inputShape } = dataSet;
  const own = "references" in dataSet ? dataSet.references : [];
  if (kind === "classification") return [nearestMean(inputShape.reduce((a, b) => a * b, 1), outputs), ...own];
  return [zero(), ...(meanTarget === undefined ? [] : [meanCurve(meanTarget)]), ...own];
}

/** Predicts zero everywhere. */
function zero(): Reference {
  return { name: "zero", title: "zero everywhere", role: "floor", predict: ({ queryX }) => queryX.map(() => 0) };
}

/** Predicts E[y | x] of the training tasks, which is the best that can be done without looking at a task's support set. */
function meanCurve(mean: (x: number) => number): Reference {
  const curve = onPoints((points) => Float64Array.from(points, mean));
  return {
    name: "mean",
    title: "mean curve of the training tasks",
    role: "floor",
    predict: ({ queryX }) => curve(queryX),
  };
}

/**
 * Class of the nearest mean of the support inputs as they are, without any network: logits -‖x - mean_c‖².
 *
 * @param length numbers in one input
 * @param ways N
 */
export function nearestMean(length: number, ways: number): Reference {
  return {
    name: "nearest-mean",
    title: "nearest class mean of the inputs as they are",
    role: "floor",
    predict({ supportX, supportY, queryX }) {
      const means = new Float64Array(ways * length);
      const counts = new Float64Array(ways);
      for (let i = 0; i < supportY.length / ways; i++) {
        const label = supportY.subarray(i * ways, (i + 1) * ways).indexOf(1);
        counts[label]++;
        for (let d = 0; d < length; d++) means[label * length + d] += supportX[i * length + d];
      }
      for (let k = 0; k < means.length; k++) means[k] /= counts[Math.floor(k / length)];
      const queries = queryX.length / length;
      const logits = new Float64Array(queries * ways);
      for (let q = 0; q < queries; q++) {
        for (let c = 0; c < ways; c++) {
          let square = 0;
          for (let d = 0; d < length; d++) square += (queryX[q * length + d] - means[c * length + d]) ** 2;
          logits[q * ways + c] = -square;
        }
      }
      return logits;
    },
  };
}
