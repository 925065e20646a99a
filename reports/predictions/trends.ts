/** Whether the predictions of two methods move apart or together along an axis. */
import type { Side, TrendPrediction } from "../claims/prediction.ts";
import { isWord } from "../claims/selection.ts";
import type { DistanceRow } from "../rows/rows.ts";
import { tailOfT, upperT } from "../statistics/distributions.ts";
import { MIN_SEEDS } from "../statistics/judge.ts";
import { meanOf, varianceOf } from "../statistics/moments.ts";
import { logExponents } from "../statistics/trend.ts";
import type { Claim } from "./claims.ts";
import type { Evidence, Tested, Untested } from "./evidence.ts";

/** λτ and L of a row; undefined where the step sizes of the two methods differ, or nothing is adapted. */
function axesOf({ rate, innerSteps, layers }: DistanceRow): readonly [number, number] | undefined {
  return rate === null || rate === 0 || innerSteps === null || innerSteps === 0
    ? undefined
    : [rate * innerSteps, layers];
}

/** Fields of a distance that both sides have. */
const SHARED = ["norm", "adapter", "innerSteps", "trainingTasks"] as const;

/** Whether a distance has the values that a side names; of words, such as "any", each admits all. */
function fits(row: DistanceRow, side: Side, own: { readonly algorithm: string; readonly sharingDepth: number | null }) {
  const allows = (asked: string | number | null | undefined, value: string | number | null) =>
    asked === undefined || asked === value || isWord(asked);
  return allows(side.algorithm, own.algorithm) && allows(side.sharingDepth, own.sharingDepth) &&
    SHARED.every((field) => allows(side[field], row[field]));
}

/** One claim per number of shots: the mean over seeds of the exponent that fits all data sets of the prediction, with its t interval. */
export function trends(prediction: TrendPrediction, { distances }: Evidence): (Tested | Untested)[] {
  const { dataset, across, shots, a, b } = prediction;
  const own = distances.filter((row) =>
    [dataset, ...across].includes(row.dataset) && (shots?.includes(row.shots) ?? true) &&
    fits(row, a, { algorithm: row.algorithmA, sharingDepth: row.depthA }) &&
    fits(row, b, { algorithm: row.algorithmB, sharingDepth: row.depthB }) &&
    row.distance > 0 && axesOf(row) !== undefined
  );
  const missing = [dataset, ...across].filter((name) => !own.some((row) => row.dataset === name));
  if (missing.length > 0) {
    const where = `${a.algorithm ?? "any"} and ${b.algorithm ?? "any"}`;
    return [{ where, reason: `the run has no such distances on ${missing.join(", ")} (keptPredictions)` }];
  }
  return [...Map.groupBy(own, (row) => row.shots)].map(([k, rows]) => claimAt(prediction, k, rows));
}

function claimAt(
  { along, expect }: TrendPrediction,
  shots: number,
  rows: readonly DistanceRow[],
): Tested | Untested {
  const bySeed = [...Map.groupBy(rows, ({ seed }) => seed).values()];
  const most = Math.max(...bySeed.map(({ length }) => length));
  // Seeds that lack a point would lie on another line.
  const whole = bySeed.filter(({ length }) => length === most);
  const where = `${shots} ${shots === 1 ? "shot" : "shots"}, ${rows[0].algorithmA} and ${
    rows[0].algorithmB
  }, ${most} points`;
  const axis = along === "layers" ? 1 : 0;
  const exponents = whole.map((own) =>
    logExponents(own.map((row) => axesOf(row) ?? [1, 1]), own.map(({ distance }) => distance))[axis]
  ).filter((exponent) => exponent !== null);
  if (exponents.length < whole.length) return { where, reason: `nothing varies in ${along} alone` };
  if (whole.length < MIN_SEEDS) {
    return { where, reason: `${whole.length} seeds have distances at all points; a test needs ${MIN_SEEDS}` };
  }
  const episodes = Math.min(...rows.map((row) => row.episodes));
  return { where, claim: claimOf(exponents, expect === "grows" ? 1 : -1), seeds: whole.length, episodes, flags: [] };
}

/** The exponent has the expected sign. Held, or failed: its 95 % interval leaves out 0 on that side, or on the other. */
function claimOf(exponents: readonly number[], sign: 1 | -1): Claim {
  const n = exponents.length;
  const estimate = meanOf(exponents);
  const error = Math.sqrt(varianceOf(exponents) / n);
  const half = upperT(0.025, n - 1) * error;
  const p = error === 0 ? (estimate === 0 ? 1 : 0) : 2 * tailOfT(Math.abs(estimate) / error, n - 1);
  return {
    ...{ estimate, lo95: estimate - half, hi95: estimate + half, margin: null },
    pHeld: sign * estimate > 0 ? p : 1,
    pFailed: sign * estimate < 0 ? p : 1,
  };
}
