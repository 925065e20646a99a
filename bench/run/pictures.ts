/** What pictures of test episodes are made of. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TextDataSet } from "../../data/contract/texts.ts";
import type { EpisodePicture } from "../../reports/view/input.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { Collected } from "./collect.ts";

/** Episode 0 at every number of shots, as the states of the first seed see it. */
export function picturesOf(
  { name, shots: axis, testQueries }: DataSetSweep,
  dataSet: DataSet,
  plan: Plan,
  { illustrations: seen }: Pick<Collected, "illustrations">,
  seed: number,
): EpisodePicture[] {
  const cells = plan.cells.filter((cell) => cell.dataset === name && cell.seed === seed);
  return axis.map((shots) => {
    const shown = new Map<string, PlannedCell>();
    for (const cell of cells) {
      if (cell.shots === shots && !shown.has(cell.evaluation)) shown.set(cell.evaluation, cell);
    }
    const states = [...shown.values()].flatMap((cell) => {
      const illustrations = seen.get(cell.evaluation) ?? [];
      const { norm, trainingTasks, algorithm, sharingDepth, adapter, adaptDepth, taskStart } = cell;
      return illustrations.length === 0
        ? []
        : [{ norm, trainingTasks, algorithm, sharingDepth, adapter, adaptDepth, taskStart, seed, illustrations }];
    });
    const episode = dataSet.episodes("test", 0, 1, shots, testQueries);
    return { dataset: name, shots, episode, ...textsOf(dataSet, shots, testQueries), states };
  });
}

/** What episode 0 reads, where its examples are texts. */
function textsOf(dataSet: DataSet | TextDataSet, shots: number, queries: number): Pick<EpisodePicture, "texts"> {
  return "texts" in dataSet ? { texts: dataSet.texts("test", 0, shots, queries) } : {};
}
