import type { Metric } from "../../data/contract/dataset.ts";
import type { Interval } from "../statistics/interval.ts";
import { shown } from "../view/select.ts";

/**
 * Round numbers for a logarithmic axis: 1, 2, 5, 10, ..., or fewer where that would crowd.
 *
 * @param from natural logarithm of the axis's start
 * @param to natural logarithm of its end
 */
export function logTicks(from: number, to: number): number[] {
  const decades = (to - from) / Math.LN10;
  const mantissas = decades < 1 ? [1, 1.5, 2, 3, 5, 7] : decades < 3 ? [1, 2, 5] : [1];
  const every = Math.ceil(decades / 8);
  const ticks: number[] = [];
  for (let power = Math.floor(from / Math.LN10); power <= to / Math.LN10; power++) {
    if (power % every !== 0) continue;
    // Parsed from decimal text: 2 * 10 ** -3 would not be 0.002 to the last digit everywhere.
    for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${power}`));
  }
  return ticks.filter((tick) => Math.log(tick) >= from && Math.log(tick) <= to);
}

/**
 * A logarithmic axis with a grid; what is beyond its ends is drawn at them.
 *
 * @param from natural logarithm of its start
 * @param to natural logarithm of its end
 */
export function logAxis(from: number, to: number) {
  return {
    scale: { type: "log" as const, nice: false, clamp: true, domain: [Math.exp(from), Math.exp(to)] },
    axis: { format: "~g", values: logTicks(from, to), grid: true },
  };
}

/**
 * The scale of a score axis. Means decide its extent and intervals widen it by at most half of that on either side: with two seeds an interval is
 * so wide that it would flatten everything else.
 *
 * @param intervals comparable numbers, at least one
 * @returns the scale, the axis, and whether an interval is cut
 */
export function scoreScale(metric: Metric, intervals: readonly Interval[]) {
  const means = intervals.map(({ mean }) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const span = Math.max(high - low, metric === "accuracy" ? 2 : 0.2);
  const bottom = Math.min(...intervals.map((interval) => interval.low ?? interval.mean));
  const top = Math.max(...intervals.map((interval) => interval.high ?? interval.mean));
  const limits = metric === "accuracy" ? [0, 100] : [-Infinity, Infinity];
  const margin = 0.05 * span;
  const from = Math.max(limits[0], Math.max(bottom, low - span / 2) - margin);
  const to = Math.min(limits[1], Math.min(top, high + span / 2) + margin);
  return {
    scale: {
      domain: [shown(metric, from), shown(metric, to)],
      nice: false,
      clamp: true,
      ...(metric === "mse" ? { type: "log" as const } : { type: "linear" as const, zero: false }),
    },
    axis: metric === "mse" ? { values: logTicks(from, to), format: "~g" } : { tickCount: 6 },
    cut: bottom < from || top > to,
  };
}

const SHOTS_LABEL = "datum.value + (datum.value == 1 ? ' shot' : ' shots')";

/** Heads of rows of panels: left of the axis's title, a line per part of the label. */
export const ROW_HEADER = {
  title: null,
  labelAngle: 0,
  labelAlign: "left",
  labelPadding: 16,
  labelExpr: "split(datum.value, ', ')",
} as const;

/** A facet with a column of panels per `shots` and, where there are several, a row per `panel`. @param rows labels of the rows, from the top; [] for one row */
export function panelsByShots(rows: readonly string[] = []) {
  return {
    column: { field: "shots", type: "ordinal" as const, header: { title: null, labelExpr: SHOTS_LABEL } },
    ...(rows.length > 0
      ? {
        row: {
          field: "panel",
          type: "ordinal" as const,
          sort: [...rows],
          header: ROW_HEADER,
        },
      }
      : {}),
  };
}

const OF_LABEL = "[datum.label]";

/** Vega expression that shows texts in place of an axis's labels; a text of several lines is a list. */
export function textsExpr(texts: Readonly<Record<string, string | readonly string[]>>): string {
  return `(${JSON.stringify(texts)})${OF_LABEL}`;
}

/** The texts of `textsExpr`; undefined where an expression is another one. */
export function textsIn(expression: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof expression !== "string" || !expression.startsWith("({") || !expression.endsWith(OF_LABEL)) {
    return undefined;
  }
  return JSON.parse(expression.slice(1, -OF_LABEL.length - 1));
}
