/** Rows about trainings: how they went, and what they took. */
import { trainingName } from "../../reports/rows/column.ts";
import type { TimingRow, ValidationRow } from "../../reports/rows/rows.ts";
import type { TIMING_KEY } from "../../reports/rows/training_row.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { Plan } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { TrainingResult, TrainSpec } from "../store/types.ts";

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What names a training in the tables. */
function trainingKey(
  id: string,
  { dataset, norm, algorithm, sharingDepth, shots, innerSteps, seed, hyper }: TrainSpec,
): Pick<TimingRow, typeof TIMING_KEY[number]> {
  const trainingTasks = hyper.pool === 0 ? null : hyper.pool;
  const trainingUnit = trainingName(id);
  return { trainingUnit, dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks, seed };
}

/** How trainings went, on validation episodes. */
export function curveRows({ units }: Plan, trainings: ReadonlyMap<string, TrainingResult>, { dataSets }: Catalog) {
  return units.flatMap(({ id, spec }) =>
    (trainings.get(id)?.validation ?? []).map(({ iteration, score, flops }): ValidationRow => ({
      ...trainingKey(id, spec),
      outerLr: spec.hyper.outerLr,
      innerLr: spec.hyper.innerLr,
      iteration,
      metric: dataSets[spec.dataset].metric,
      score,
      trainGflop: flops / 1e9,
    }))
  );
}

/** What trainings took on the machine that did them. */
export function timingRows(plan: Plan, store: Store, trainings: ReadonlyMap<string, TrainingResult>): TimingRow[] {
  return plan.units.filter(({ id }) => trainings.has(id)).map(({ id, spec, evaluations }): TimingRow => {
    const training = trainings.get(id);
    const timing = store.trainingTiming(id);
    const adapted = evaluations.map((job) => store.evaluationTiming(job.id)).filter((entry) => entry !== undefined);
    const peaks = [timing, ...adapted].flatMap((entry) => entry === undefined ? [] : [entry.peakRssMib]);
    return {
      ...trainingKey(id, spec),
      iterations: training?.iterations ?? 0,
      trainS: timing?.trainS ?? null,
      iterationsPerS: timing?.iterationsPerS ?? null,
      validateS: timing?.validateS ?? null,
      evaluateS: adapted.length === 0 ? null : sum(adapted.map((entry) => entry.evaluateS)),
      trainGflop: training === undefined ? null : training.flops / 1e9,
      peakRssMib: peaks.length === 0 ? null : Math.max(...peaks),
      backend: timing?.backend ?? "",
    };
  });
}
