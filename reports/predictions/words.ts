/** Findings in words. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { Cell } from "../statistics/cells.ts";
import type { PredictionRow } from "../rows/rows.ts";
import { type SettingField, settingText } from "../rows/setting.ts";
import { ALPHA, type Claim } from "./claims.ts";
import type { Prediction } from "../claims/prediction.ts";

/** What a place says beyond the cells themselves. */
export interface Told {
  /** Settings of training that there are several values of, so that it says which. */
  readonly settings: readonly SettingField[];
  /** Two numbers of inner steps that a claim is about. */
  readonly innerSteps?: readonly [number, number];
}

/** "5 shots, mtl (d = 2, ridge) against maml (d = 0, 10 gradient steps)": algorithms and adapters by their names, as in every CSV file. */
export function placeText({ settings, innerSteps }: Told, a: Cell, b?: Cell): string {
  const cell = ({ place }: Cell) => {
    const how = place.innerSteps === null
      ? place.adapter
      : innerSteps === undefined
      ? `${place.innerSteps} ${place.adapter} steps`
      : `${innerSteps[0]} and ${innerSteps[1]} ${place.adapter} steps`;
    const frozen = place.adaptDepth === null || place.adaptDepth === place.sharingDepth ||
        place.sharingDepth === null || place.innerSteps === 0
      ? ""
      : `, adapted beyond ${place.adaptDepth}`;
    const start = place.taskStart === null || place.taskStart === "mean" ? "" : `, ${place.taskStart} start`;
    const depth = place.sharingDepth === null ? "" : `d = ${place.sharingDepth}, `;
    const setting = settings.map((field) => `, ${settingText(field, place)}`).join("");
    return `${place.algorithm} (${depth}${how}${frozen}${start}${setting})`;
  };
  const of = ({ place: { shots } }: Cell) => `${shots} ${shots === 1 ? "shot" : "shots"}`;
  const shots = b === undefined || of(a) === of(b) ? of(a) : `${of(a)} against ${of(b)}`;
  return `${shots}, ${cell(a)}${b === undefined ? "" : ` against ${cell(b)}`}`;
}

/** One comparison with its numbers. */
export function claimText(
  { kind }: Prediction,
  { where, claim: { estimate, lo95, hi95 }, seeds, episodes }: {
    readonly where: string;
    readonly claim: Claim;
    readonly seeds: number;
    readonly episodes: number;
  },
  metric: Metric,
): string {
  const show = shower(kind, metric);
  const what = {
    "comparison": "",
    "at-floor": "",
    "gap-grows": "gap grows by ",
    "steps-over-algorithm": "steps ahead by ",
    "order-kept": estimate < 0
      ? "the order turns round, in the smaller of both differences by "
      : "the smaller of both differences is ",
    "distance-trend": "distance goes as x to the power of ",
  };
  return `${where}: ${what[kind]}${show(estimate)} (95 % ${
    interval(kind, metric, lo95, hi95)
  }), ${seeds} seeds x ${episodes} episodes`;
}

/** Why a prediction is undecided or failed, about the comparison that says most. */
export function openText(
  prediction: Prediction,
  outcome: PredictionRow["outcome"],
  where: string,
  claim: Claim,
  metric: Metric,
): string {
  const between = interval(prediction.kind, metric, claim.lo95, claim.hi95);
  const margin = claim.margin === null ? "" : marginText(prediction.kind, metric, claim.margin);
  if (outcome === "failed") {
    return `${where}: the 95 % interval ${between} speaks against it${
      margin === "" ? "" : ` at a margin of ${margin}`
    }`;
  }
  if (margin === "" && (claim.lo95 > 0 || claim.hi95 < 0)) {
    return claim.pFailed < ALPHA
      ? `${where}: the 95 % interval ${between} speaks against it, but not in view of how many are tested`
      // The interval is that of the nearer one of two differences, and both must be real.
      : claim.pHeld < 1
      ? `${where}: the 95 % interval ${between} is that of the smaller of two differences; that of the larger one includes 0`
      : `${where}: the 95 % interval ${between} is on the other side, in the smaller of two differences; that of the larger one includes 0`;
  }
  return margin === ""
    ? `${where}: the 95 % interval ${between} includes no difference in size`
    : `${where}: the 95 % interval ${between} allows it and its contrary, at a margin of ${margin}`;
}

/** How a number of a claim is said: as ratio of MSEs or in points. */
function shower(kind: Prediction["kind"], metric: Metric): (value: number) => string {
  if (kind === "at-floor") return (value) => `${digits(1 + value)} x the floor`;
  if (kind === "distance-trend") return digits;
  if (kind !== "comparison" && metric === "mse") {
    // A difference of two log ratios, each taken in size.
    return (value) => `a factor ${digits(Math.exp(value))}`;
  }
  return metric === "mse" ? (value) => `MSE x ${digits(Math.exp(value))}` : points;
}

/** Both ends, without the words that the estimate beside it has. */
function interval(kind: Prediction["kind"], metric: Metric, low: number, high: number): string {
  const bare = kind === "at-floor"
    ? (value: number) => digits(1 + value)
    : kind === "distance-trend"
    ? digits
    : metric === "mse"
    ? (value: number) => digits(Math.exp(value))
    : (value: number) => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;
  return `${bare(low)} to ${bare(high)}`;
}

function points(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)} points`;
}

function marginText(kind: Prediction["kind"], metric: Metric, margin: number): string {
  if (kind === "at-floor") return `a factor ${digits(1 + margin)}`;
  return metric === "mse" ? `a factor ${digits(Math.exp(margin))}` : `${digits(margin)} points`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
