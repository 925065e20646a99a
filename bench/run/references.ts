/** Scores of what is known before any training, on the test episodes of every cell. */
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { inEpisodeOrder, isVaried } from "../../data/contract/varied.ts";
import type { Reference } from "../../data/contract/reference.ts";
import { referencesOf } from "../../data/references/floors.ts";
import type { ReferenceRow } from "../../reports/rows/rows.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import { CHUNK } from "../units/episodes.ts";
import { scoreEpisode } from "../units/score.ts";
import { summarise } from "./summaries.ts";

/** Rows of references.csv: per data set and reference, one for every number of shots. */
export function referenceRows(
  { datasets }: Pick<Sweep, "datasets">,
  opened: ReadonlyMap<string, DataSet>,
): ReferenceRow[] {
  return datasets.flatMap((entry) => {
    const dataSet = opened.get(entry.name);
    return dataSet === undefined ? [] : rowsOf(entry, dataSet);
  });
}

function rowsOf(entry: DataSetSweep, dataSet: DataSet): ReferenceRow[] {
  const references = referencesOf(dataSet);
  const axis = [...new Set(entry.shots)];
  const scores = axis.map((shots) => referenceScores(entry, dataSet, references, shots));
  const { metric } = dataSet;
  return references.flatMap(({ name, title, role }, r) =>
    axis.map((shots, k) => {
      const { mean, sd, median, meanLog, episodes } = summarise(scores[k][r], metric === "mse");
      return { dataset: entry.name, reference: name, title, role, shots, metric, mean, sd, median, meanLog, episodes };
    })
  );
}

/** Per reference, its score on every test episode. */
export function referenceScores(
  { episodes, testQueries }: Pick<DataSetSweep, "episodes" | "testQueries">,
  dataSet: DataSet,
  references: readonly Reference[],
  shots: number,
): (number | null)[][] {
  if (isVaried(dataSet)) {
    const shapes = dataSet.shapes(episodes);
    const found = shapes.map(({ numbers, dataSet: own }) =>
      referenceScores({ episodes: numbers.length, testQueries }, own, referencesOf(own), shots)
    );
    return references.map((_, r) => inEpisodeOrder(shapes, (shape) => found[shape][r]));
  }
  const scores: (number | null)[][] = references.map(() => []);
  for (let first = 0; first < episodes; first += CHUNK) {
    const batch = dataSet.episodes("test", first, Math.min(CHUNK, episodes - first), shots, testQueries);
    for (let t = 0; t < batch.tasks; t++) {
      const { queryY, ...task } = taskOf(batch, t);
      references.forEach((reference, r) =>
        scores[r].push(scoreEpisode(dataSet.kind, reference.predict(task), queryY, dataSet.outputs))
      );
    }
  }
  return scores;
}

/** One task of a batch. */
function taskOf({ tasks, supportX, supportY, queryX, queryY }: EpisodeBatch, task: number) {
  const own = (values: Float32Array) => {
    const size = values.length / tasks;
    return values.subarray(task * size, (task + 1) * size);
  };
  return { supportX: own(supportX), supportY: own(supportY), queryX: own(queryX), queryY: own(queryY) };
}
