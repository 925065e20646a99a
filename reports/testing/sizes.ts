/** Made-up results over numbers of training tasks and classes. */
import type { CellRow } from "../rows/rows.ts";
import type { ReportInput } from "../view/input.ts";
import { withDerivedSet } from "./domains.ts";

/** An input whose sinusoids were trained with several numbers of tasks, and whose Omniglot with several numbers of classes. */
export function overSizes(input: ReportInput): ReportInput {
  const tasks = [10, 40, 160];
  const sinusoids = input.cells.flatMap((row): CellRow[] =>
    row.dataset !== "sinusoid" ? [{ ...row, trainingClasses: 400 }] : tasks.map((trainingTasks) => ({
      ...row,
      trainingTasks,
      trainingUnit: `${row.trainingUnit}/${trainingTasks}`,
      meanLog: row.meanLog === null ? null : row.meanLog - 0.3 * Math.log(trainingTasks),
    }))
  );
  const datasets = input.datasets.map((own) => own.name === "sinusoid" ? { ...own, trainingTasks: tasks } : own);
  let all: ReportInput = { ...input, datasets, cells: sinusoids };
  for (const [classes, factor] of [[100, 1.5], [25, 2.2]] as const) {
    const name = `omniglot-of-${classes}-classes`;
    all = withDerivedSet(
      all,
      "omniglot",
      name,
      { trainedOn: name, trainedTitle: `Omniglot, ${classes} training classes, 5-way`, trainingClasses: classes },
      factor,
    );
  }
  return all;
}
