/** Texts for people: what a plan comes down to and what a run found. */
import { namesIn } from "../../reports/claims/selection.ts";
import type { Catalog } from "../plan/catalog.ts";
import { type Estimator, formatDuration, wallSeconds } from "../plan/estimate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Family } from "../../reports/claims/comparison.ts";
import { pairingsOf } from "../plan/pairings.ts";
import { familyFor } from "../../reports/view/compared.ts";
import { settingText, varyingAmong } from "../../reports/rows/setting.ts";
import type { Place } from "../../reports/rows/place.ts";
import type { Verdict } from "../../reports/statistics/judge.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import { metricsWords } from "../../reports/statistics/readings.ts";
import type { Trial } from "../plan/tuning.ts";
import type { CellRow, PredictionRow, TuningRow } from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Lines of columns, each as wide as its widest field. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const numeric = rows[0].map((_, column) => rows.slice(1).every((row) => /^[-\d.,\s~%]*$/.test(row[column])));
  return rows.map((row) =>
    row.map((field, column) => numeric[column] ? field.padStart(widths[column]) : field.padEnd(widths[column])).join(
      "  ",
    )
      .trimEnd()
  );
}

/** The saving: how many trainings serve how many cells. */
export function describeSaving(plan: Plan, catalog: Catalog): string {
  const planned = plan.cells.filter(({ skipped }) => skipped === "");
  const trains = (name: string) => catalog.algorithms[name].data !== "none";
  const trainings = planned.filter(({ algorithm }) => trains(algorithm)).length;
  const trained = plan.units.filter(({ spec }) => trains(spec.algorithm)).length;
  return `${plan.units.length} units (${trained} trainings) serve ${planned.length} cells; ` +
    `without sharing it would be ${trainings} trainings`;
}

/**
 * What tuning comes down to; nothing where nothing is tuned.
 *
 * @param missing how many of its trainings are not in the store
 */
export function describeTuning(trials: readonly Trial[], missing: number): string[] {
  if (trials.length === 0) return [];
  const families = countBy(
    trials,
    (trial) => `${trial.dataset} ${trial.norm} ${trial.algorithm} ${trial.sharingDepth}`,
  );
  const left = missing === 0
    ? "all in the store"
    : `${missing} to compute; until then the sweep's own settings stand for what they will choose`;
  return [`Tuning: ${trials.length} trials for ${families.size} pairs of algorithm and sharing depth, ${left}`];
}

/** Trials that could not be made, each reason once. */
export function describeFailedTrials(rows: readonly TuningRow[]): string[] {
  const failed = rows.filter(({ status }) => status === "failed");
  const reasons = countBy(failed, (row) => `failed ${row.dataset} ${row.algorithm}: ${row.reason}`);
  return [...reasons].map(([reason, trials]) => `  ${trials} trials ${reason}`);
}

/**
 * The plan of `--dry-run`.
 *
 * @param missing the units that are not wholly in the store
 */
export function describePlan(
  plan: Plan,
  catalog: Catalog,
  estimator: Estimator,
  missing: readonly TrainingUnit[],
  workers: number,
): string[] {
  const rows = [["data set", "algorithm", "units", "cells", "to compute", "train s/unit", "from"]];
  const key = (dataset: string, algorithm: string) => `${dataset} ${algorithm}`;
  // A training serves cells of every data set that it is tested on.
  const servedBy = new Map(plan.units.map(({ id, spec }) => [id, spec.dataset]));
  const cells = countBy(plan.cells, ({ unit, dataset, algorithm }) => key(servedBy.get(unit) ?? dataset, algorithm));
  const waiting = countBy(missing, ({ spec }) => key(spec.dataset, spec.algorithm));
  const groups = Map.groupBy(plan.units, ({ spec }) => key(spec.dataset, spec.algorithm));
  for (const [group, units] of groups) {
    const estimates = units.map((unit) => estimator.unit(unit));
    const mean = estimates.reduce((total, { trainS }) => total + trainS, 0) / units.length;
    const { dataset, algorithm } = units[0].spec;
    const source = estimates.find((estimate) => estimate.source === "rough")?.source ?? estimates[0].source;
    rows.push([
      dataset,
      algorithm,
      `${units.length}`,
      `${cells.get(group) ?? 0}`,
      `${waiting.get(group) ?? 0}`,
      mean < 10 ? mean.toFixed(1) : mean.toFixed(0),
      source,
    ]);
  }
  rows.push(...servedByOthers(plan, groups, key));
  const skipped = [
    ...new Map(plan.cells.filter((cell) => cell.skipped !== "").map((cell) => [cell.dataset, cell.skipped])),
  ]
    .map(([dataset, reason]) => `Skipped: ${dataset}: ${reason}`);
  return [
    ...(plan.units.length === 0 ? [] : alignColumns(rows)),
    ...skipped,
    describeSaving(plan, catalog),
    describeTime(estimator, missing, workers),
  ];
}

/** Rows of algorithms that have cells and no training of their own, since they train as another one does. */
function servedByOthers(
  { units, cells }: Plan,
  own: ReadonlyMap<string, unknown>,
  key: (dataset: string, algorithm: string) => string,
): string[][] {
  const trainers = new Map(units.map(({ id, spec }) => [id, spec.algorithm]));
  const served = Map.groupBy(
    cells.filter(({ dataset, algorithm, skipped }) => skipped === "" && !own.has(key(dataset, algorithm))),
    ({ dataset, algorithm }) => key(dataset, algorithm),
  );
  return [...served.values()].map((group) => {
    const { dataset, algorithm } = group[0];
    const by = [...new Set(group.map(({ unit }) => trainers.get(unit)))].join(", ");
    return [dataset, algorithm, "0", `${group.length}`, "0", "-", `trained as ${by}`];
  });
}

function describeTime(estimator: Estimator, missing: readonly TrainingUnit[], workers: number): string {
  if (missing.length === 0) return "Nothing to compute: the store has every unit";
  const estimates = missing.map((unit) => estimator.unit(unit));
  const trainings = estimates.filter(({ source }) => source !== "no training").length;
  const rough = estimates.filter(({ source }) => source === "rough").length;
  const from = rough === 0
    ? "from rates measured in the store"
    : rough === trainings
    ? "rough: from counted operations, nothing like it is in the store yet"
    : `${trainings - rough} trainings from measured rates, ${rough} roughly from counted operations`;
  return `Estimated time: ${formatDuration(wallSeconds(estimates, workers))} with ${workers} worker${
    workers === 1 ? "" : "s"
  } for ${missing.length} units (${from})`;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, key)].map(([name, group]) => [name, group.length]));
}

/** How many cells ended how. */
export function describeCounts(rows: readonly CellRow[]): string {
  const counts = countBy(rows, (row) => row.status);
  return ["ok", "diverged", "failed", "skipped"].filter((status) => counts.has(status))
    .map((status) => `${counts.get(status)} ${status}`).join(", ");
}

/** Why cells failed or were skipped, each reason once. */
export function describeReasons(rows: readonly CellRow[]): string[] {
  const reasons = countBy(
    rows.filter(({ status }) => status === "failed" || status === "skipped"),
    (row) => `${row.status} ${row.dataset}${row.status === "failed" ? ` ${row.algorithm}` : ""}: ${row.reason}`,
  );
  return [...reasons].map(([reason, cells]) => `  ${cells} cells ${reason}`);
}

/** The answers in short: how many comparisons ended how, and per data set and shots the first one of the answering family. */
export function describeVerdicts(judged: readonly JudgedPair[], families: readonly Family[]): string[] {
  if (judged.length === 0) return [];
  const counts = countBy(judged, ({ verdict }) => verdict.verdict);
  const total = [...counts].map(([answer, count]) => `${count} ${answer}`).join(", ");
  const answering = familyFor({ families, verdicts: judged }, "answer");
  const settingsOf = (dataset: string) =>
    varyingAmong(judged.filter(({ key }) => key.dataset === dataset).flatMap(({ key: { a, b } }) => [a, b]));
  const settings = new Map([...new Set(judged.map(({ key }) => key.dataset))].map((name) => [name, settingsOf(name)]));
  /** The settings that a and b have in common, of those that vary. */
  const shared = ({ dataset, a, b }: JudgedPair["key"]) =>
    (settings.get(dataset) ?? []).filter((field) => a[field] === b[field]).map((field) => settingText(field, a));
  const groups = Map.groupBy(
    answering,
    ({ key }) => JSON.stringify([key.dataset, shared(key), key.a.shots, key.a.taskStart]),
  );
  const lines = [...groups.values()].map(([{ key, verdict }]) => [
    [key.dataset, ...shared(key), `${key.a.shots} shots`].join(", "),
    `${key.a.algorithm} (${placeOf(key.a, key.b)})`,
    `against ${key.b.algorithm} (${placeOf(key.b, key.a)})`,
    differenceOf(verdict),
    verdict.verdict === "none" ? `no verdict: ${verdict.reason}` : answerOf(verdict, key),
  ]);
  return [
    `${counted(judged.length, "comparison")}: ${total}`,
    ...(lines.length === 0 ? [] : alignColumns(lines).map((line) => `  ${line}`)),
  ];
}

/** "Comparisons: 10, of 148 pairs of cells (native 20, matched 128)", then what `describePairings` says. */
export function describeComparisons(sweep: Sweep, plan: Pick<Plan, "cells">, catalog: Catalog): string[] {
  const pairings = pairingsOf(sweep, plan, catalog);
  const families = Map.groupBy(pairings, ({ comparison }) => comparison.family);
  const count = (group: typeof pairings) => group.reduce((total, { pairs }) => total + pairs.length, 0);
  const parts = [...families].map(([family, group]) => `${family} ${count(group)}`).join(", ");
  return [
    `Comparisons: ${pairings.length}, of ${count(pairings)} pairs of cells${parts === "" ? "" : ` (${parts})`}`,
    ...describePairings(sweep, plan, catalog),
  ];
}

/** Comparisons that compare nothing, and those that say again what an earlier one of their family says; [] where all is well. */
export function describePairings(sweep: Sweep, plan: Pick<Plan, "cells">, catalog: Catalog): string[] {
  const asked = sweep.comparisons.filter(({ a, b }) =>
    namesIn([a, b]).algorithms.every((name) => sweep.algorithms.includes(name))
  );
  const unasked = sweep.comparisons.length - asked.length;
  const pairings = pairingsOf(sweep, plan, catalog, asked);
  const empty = Map.groupBy(pairings.filter(({ reason }) => reason !== ""), ({ reason }) => reason);
  const repeated = pairings.filter(({ repeated, reason }) => repeated > 0 && reason === "");
  return [
    ...(unasked === 0 ? [] : [`${unasked} comparisons name algorithms that are not in this run`]),
    ...[...empty].map(([reason, group]) =>
      `No pair of cells for ${group.map(({ comparison }) => comparison.id).join(", ")}: ${reason}`
    ),
    ...repeated.map(({ comparison, repeated }) =>
      `${comparison.id}: ${repeated} pairs are compared earlier in its family, since they are the same trainings adapted alike`
    ),
  ];
}

/** @param other the other side's place: what both have is said elsewhere */
function placeOf(place: Place, other: Place): string {
  const { adapter, innerSteps, sharingDepth } = place;
  const how = innerSteps === null ? adapter : `${innerSteps} ${adapter} steps`;
  const depth = sharingDepth === null ? [] : [`d = ${sharingDepth}`];
  const own = varyingAmong([place, other]).map((field) => settingText(field, place));
  return [...depth, how, ...own].join(", ");
}

/** "1 prediction", "3 predictions" */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How many predictions ended how, and those that failed. */
export function describePredictions(predictions: readonly PredictionRow[]): string[] {
  if (predictions.length === 0) return [];
  const counts = countBy(predictions, ({ outcome }) => outcome);
  const total = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  const failed = predictions.filter(({ outcome }) => outcome === "failed");
  return [
    `${counted(predictions.length, "prediction")}: ${total}`,
    ...failed.map(({ statement }) => `  failed: ${statement}`),
  ];
}

/** The verdict and, where two metrics do not say the same, what each says. */
function answerOf({ verdict, typical, tail }: Verdict, { a, b }: JudgedPair["key"]): string {
  const metrics = metricsWords(
    typical,
    tail,
    a.algorithm === b.algorithm ? undefined : { a: a.algorithm, b: b.algorithm },
  );
  return metrics === "" ? verdict : `${verdict} (${metrics})`;
}

/** The difference with the interval that the verdict is read from: percentage points, or the ratio of MSEs, typical and of their means. */
function differenceOf({ diff, ratio, lo, hi, diffMean, loMean, hiMean }: Verdict): string {
  if (diff === null || lo === null || hi === null) return "";
  const show = (value: number) => `${Number(value.toPrecision(3))}`;
  if (ratio === null) return `${diff > 0 ? "+" : ""}${show(diff)} points [${show(lo)}, ${show(hi)}]`;
  const ratioOf = (value: number, low: number, high: number) =>
    `x ${show(Math.exp(value))} [${show(Math.exp(low))}, ${show(Math.exp(high))}]`;
  const mean = diffMean === null || loMean === null || hiMean === null
    ? ""
    : `, mean ${ratioOf(diffMean, loMean, hiMean)}`;
  return `MSE ${ratioOf(diff, lo, hi)}${mean}`;
}
