/** What to beware of in rows, as far as it lies in their trainings. */
import { canonicalJson } from "../../common/digest.ts";
import { collapsedSeeds } from "../../reports/statistics/collapse.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { TrainingResult, TrainingUnit, TrainSpec } from "../store/types.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import { hasLossSpike } from "../units/loss_spike.ts";
import { endedEarly } from "./ended_early.ts";

/** What to beware of in the rows of a training. */
export function flagsOf(
  spec: TrainSpec | undefined,
  training: TrainingResult | undefined,
  entry: DataSetSweep | undefined,
  collapsed: boolean,
): string {
  const flags = [
    ...(endedEarly(spec, training, entry?.validation?.tolerance) ? ["undertrained"] : []),
    ...((training?.restarts ?? 0) > 0 ? ["restarted"] : []),
    ...(hasLossSpike(training?.curve ?? []) ? ["loss-spike"] : []),
    ...(collapsed ? ["collapsed"] : []),
  ];
  return flags.join("; ");
}

/** Addresses of finished trainings whose last validation score is far worse than those of the same training with other seeds. */
export function collapsedTrainings(
  units: readonly TrainingUnit[],
  trainings: ReadonlyMap<string, TrainingResult>,
  { dataSets }: Catalog,
): ReadonlySet<string> {
  const watched = units.filter(({ id }) => {
    const training = trainings.get(id);
    return training?.status === "ok" && training.validation.length > 0;
  });
  const groups = Map.groupBy(watched, ({ spec }) => canonicalJson({ ...spec, seed: null }));
  return new Set([...groups.values()].flatMap((group) => {
    const scores = group.map(({ id }) => trainings.get(id)?.validation.at(-1)?.score ?? null);
    const collapsed = collapsedSeeds(scores, dataSets[group[0].spec.dataset].metric);
    return group.filter((_, i) => collapsed[i]).map(({ id }) => id);
  }));
}
