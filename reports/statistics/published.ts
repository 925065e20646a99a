/** Published numbers beside those of a run. */
import { type Published, PUBLISHED_KEY } from "../claims/published.ts";
import type { CellRow, PublishedRow, TimingRow } from "../rows/rows.ts";
import { tInterval } from "./interval.ts";
import { meanOf } from "./moments.ts";

type Timed = Pick<TimingRow, "trainingUnit" | "iterations" | "trainS">;

/** One row per published number, in the sweep's order. */
export function publishedRows(
  published: readonly Published[],
  cells: readonly CellRow[],
  timings: readonly Timed[],
): PublishedRow[] {
  const trainings = new Map(timings.map((row) => [row.trainingUnit, row]));
  return published.map((number) => publishedRow(number, cells, trainings));
}

function publishedRow(
  number: Published,
  cells: readonly CellRow[],
  trainings: ReadonlyMap<string, Timed>,
): PublishedRow {
  const own = cells.filter((row) =>
    PUBLISHED_KEY.every((field) => number[field] === undefined || row[field] === number[field])
  );
  const settings = new Set(own.map(({ seed: _, ...row }) => JSON.stringify(PLACE.map((field) => row[field]))));
  const scored = own.filter(({ mean }) => mean !== null && Number.isFinite(mean));
  const interval = settings.size > 1 ? undefined : tInterval(scored.map(({ mean }) => mean ?? NaN));
  const trained = scored.flatMap(({ trainingUnit }) => trainings.get(trainingUnit) ?? []);
  const seconds = trained.flatMap(({ trainS }) => trainS ?? []);
  const [first] = own;
  const metric = first?.metric ?? null;
  const { method, source, score, error, iterations, differs, dataset, algorithm, shots, innerSteps } = number;
  return {
    ...{ dataset, algorithm, method, source, shots, innerSteps, metric },
    norm: first?.norm ?? number.norm ?? null,
    adapter: first?.adapter ?? number.adapter ?? "",
    sharingDepth: first?.sharingDepth ?? number.sharingDepth ?? null,
    ...{ published: score, publishedError: error, publishedIterations: iterations },
    mean: interval?.mean ?? null,
    lo95: interval?.low ?? null,
    hi95: interval?.high ?? null,
    seeds: interval?.n ?? 0,
    episodes: first?.episodes ?? 0,
    iterations: interval === undefined || trained.length === 0
      ? null
      : Math.min(...trained.map((row) => row.iterations)),
    trainS: interval === undefined || seconds.length === 0 ? null : meanOf(seconds),
    outcome: interval === undefined || metric === null ? "not run" : outcomeOf(number, metric, interval),
    differs: interval === undefined ? reasonOf(own, settings.size) : differs,
  };
}

/** What may tell the cells of a published number from each other, but for the seed. */
const PLACE = ["norm", "adapter", "sharingDepth", "adaptDepth", "taskStart", "trainingTasks"] as const;

/** Whether ours is no worse than what was published; open where only its interval over seeds reaches as far. */
function outcomeOf(
  { score, error }: Published,
  metric: CellRow["metric"],
  { mean, low, high }: { readonly mean: number; readonly low: number | null; readonly high: number | null },
): PublishedRow["outcome"] {
  const half = error ?? 0;
  const fits = (value: number) => metric === "accuracy" ? value >= score - half : value <= score + half;
  if (fits(mean)) return "reached";
  return fits((metric === "accuracy" ? high : low) ?? mean) ? "open" : "not reached";
}

function reasonOf(own: readonly CellRow[], settings: number): string {
  if (own.length === 0) return "the run has no such cell";
  if (settings > 1) return `${settings} settings of the run fit: the sweep must say which`;
  return [...new Set(own.map(({ reason }) => reason))].filter((reason) => reason !== "").join("; ") || "no score";
}
