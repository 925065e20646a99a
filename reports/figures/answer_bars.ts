/** Intervals of the answer as bars on an axis, in the picture and on the page. */
import type { Metric } from "../../data/contract/dataset.ts";
import type { AnswerRow, Measure } from "../view/answer_rows.ts";
import { Html, html } from "../view/html.ts";
import type { Theme } from "../view/palette.ts";
import { logTicks } from "./axes.ts";
import { textWidth } from "./text.ts";

/** Size of labels on the axis. */
const SMALL = 11;

/** An axis centred on no difference. */
export interface Scale {
  /** Where a value of a measure lies, in pixels; what is beyond the axis lies at its end. */
  place(value: number): number;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/**
 * The axis of some rows with one metric: values are those of measures, towards side a is smaller.
 *
 * @param x where it begins
 */
export function scaleOf(
  metric: Metric,
  rows: readonly AnswerRow[],
  [x, width]: readonly [x: number, width: number],
): Scale {
  const measures = rows.flatMap((row) => row.measures);
  const { margin } = rows[0];
  const values = Math.max(...measures.map(({ value }) => Math.abs(value)), 1.5 * margin);
  const ends = Math.max(...measures.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]), 0);
  const reach = 1.06 * Math.max(values, Math.min(ends, 2 * values));
  const place = (value: number) => round(x + width * (Math.min(reach, Math.max(-reach, value)) + reach) / (2 * reach));
  const step = [0.5, 1, 2, 5, 10, 20, 50].find((size) => reach / size < 2.5) ?? 50;
  const ticks = metric === "mse"
    ? spread(logTicks(-reach, reach).map((tick) => ({ at: place(Math.log(tick)), label: `${tick}×` })))
    : [-2, -1, 0, 1, 2].filter((count) => Math.abs(count * step) <= reach).map((count) => ({
      at: place(count * step),
      label: count === 0 ? "0" : `${count < 0 ? "+" : "−"}${Math.abs(count * step)}`,
    }));
  return { place, from: -reach, to: reach, ticks };
}

/** Those ticks whose labels have room: 1× first, then outwards. */
function spread(ticks: readonly { readonly at: number; readonly label: string }[]) {
  const kept: { readonly at: number; readonly label: string }[] = [];
  const order = ticks.toSorted((s, t) =>
    Math.abs(Math.log(parseFloat(s.label))) - Math.abs(Math.log(parseFloat(t.label)))
  );
  for (const tick of order) {
    const room = ({ at, label }: typeof tick) =>
      Math.abs(at - tick.at) > (textWidth(label, SMALL) + textWidth(tick.label, SMALL)) / 2 + 6;
    if (kept.every(room)) kept.push(tick);
  }
  return kept;
}

/** The interval with a round end where it ends, and none where it goes on beyond the panel. */
export function bar(
  { value, low, high, reading }: Measure,
  y: number,
  { place, from, to }: Scale,
  theme: Theme,
): Html[] {
  const colour = theme.lines[reading];
  const dot = value < from || value > to ? [] : [html`
    <circle cx="${place(value)}" cy="${y}" r="4.5" fill="${colour}" stroke="${theme.paper}" stroke-width="1.2" />
  `];
  if (low === null || high === null) return dot;
  const cut = (end: number, way: number) =>
    end >= from && end <= to ? [] : [html`
      <path d="M${place(end) - way * 5} ${y - 4}l${way * 5} 4l${-way *
        5} 4" fill="none" stroke="${colour}" stroke-width="2" />
    `];
  return [
    html`
      <path d="M${place(low)} ${y}H${place(high)}" stroke="${colour}" stroke-width="3.5" />
    `,
    ...cut(low, -1),
    ...cut(high, 1),
    ...dot,
  ];
}

/** To a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}
