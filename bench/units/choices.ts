/** What evaluations have in common, whether their episodes are of one shape or of several: how what adaptation leaves open is chosen, and the sizes that costs are of. */
import type { DataSet, TaskKind } from "../../data/contract/dataset.ts";
import type { EpisodeSizes } from "./adaptation.ts";
import { CHUNK } from "./episodes.ts";
import { qualityOf } from "./score.ts";
import type { EvaluationSpec } from "../store/types.ts";

/** Validation episodes that step sizes and regularisation strengths are chosen on. */
export const VALIDATION_EPISODES = 50;

/** A full chunk: costs do not depend on how many episodes there are. */
export function sizesOf({ shots, testQueries }: EvaluationSpec, dataSet: DataSet): EpisodeSizes {
  const { nSupport, nQuery } = dataSet.episodes("test", 0, 1, shots, testQueries);
  return { tasks: CHUNK, nSupport, nQuery };
}

/** The step size that does best on validation episodes, for every number of inner steps. */
export async function chooseStepSizes(
  innerLrs: readonly number[],
  innerSteps: readonly number[],
  kind: TaskKind,
  scoresAt: (innerLr: number) => Promise<readonly (readonly (number | null)[])[]>,
): Promise<number[]> {
  const best = innerSteps.map(() => ({ innerLr: innerLrs[0], quality: -Infinity }));
  for (const innerLr of innerLrs) {
    (await scoresAt(innerLr)).forEach((scores, position) => {
      const quality = qualityOf(kind, scores);
      if (quality > best[position].quality) best[position] = { innerLr, quality };
    });
  }
  return best.map(({ innerLr }) => innerLr);
}
