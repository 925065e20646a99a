/** The look of figures in print: one unit of a drawing is one point (1/72 inch). Nothing here depends on data. */
import { FAINT, INK, PAPER, QUIET } from "../view/palette.ts";

/** Column widths in points: what a two-column paper has room for. */
export const WIDTHS = { single: 3.25 * 72, double: 6.75 * 72 } as const;

export type WidthName = keyof typeof WIDTHS;

/** No text in a figure is smaller, in points. */
export const MIN_TEXT = 6;

/** From a page's pixels to print, for marks and the like. */
export const PRINT_SCALE = 7 / 12;

/** The font that PDFs embed; an SVG falls back to what its reader has. */
export const FONT = "DejaVu Sans, sans-serif";

/** Dashes by place in a legend, in points: what tells lines apart without colour. */
export const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [4, 1.5],
  [1, 1],
  [5, 1.2, 1, 1.2],
  [2.2, 1.2],
  [6, 2],
  [3, 1, 1, 1, 1, 1],
  [1, 2],
  [8, 1.5],
  [4, 1, 1, 1],
  [2, 2.2],
  [6, 1, 2, 1],
];

/** The dashes in a place: those of {@linkcode DASHES}, then longer ones of the same kinds, so that no two are alike. */
export function dashesAt(place: number): readonly number[] {
  const round = Math.floor(place / DASHES.length);
  const dashes = DASHES[place % DASHES.length];
  if (round === 0) return dashes;
  // A longer unbroken line would be the same line.
  const kind = place % DASHES.length === 0 ? [10, 1] : dashes;
  return kind.map((length, i) => i % 2 === 0 ? length * (1 + 0.75 * round) : length + 0.5 * round);
}

/** Defaults of every figure in print. */
export const PRINT_CONFIG = {
  aria: false,
  background: PAPER,
  font: FONT,
  padding: 1.5,
  title: {
    aria: false,
    anchor: "start",
    color: INK,
    fontSize: 7,
    fontWeight: "bold",
    subtitleColor: QUIET,
    subtitleFontSize: 6.5,
    subtitlePadding: 1.5,
    offset: 3,
  },
  axis: {
    aria: false,
    labelColor: INK,
    labelFontSize: 6.5,
    titleColor: INK,
    titleFontSize: 7,
    titleFontWeight: "normal",
    titlePadding: 3,
    gridColor: FAINT,
    gridWidth: 0.5,
    domainColor: QUIET,
    domainWidth: 0.5,
    tickColor: QUIET,
    tickWidth: 0.5,
    tickSize: 2.5,
    labelPadding: 2,
  },
  axisX: { grid: false, labelAngle: 0 },
  axisY: { domain: false, ticks: false },
  header: {
    labelColor: INK,
    labelFontSize: 7,
    labelFontWeight: "bold",
    labelPadding: 2.5,
    titleColor: QUIET,
    titleFontSize: 7,
    titleFontWeight: "normal",
  },
  legend: {
    aria: false,
    orient: "bottom",
    direction: "horizontal",
    titleOrient: "left",
    gradientLength: 175,
    gradientThickness: 6,
    labelColor: INK,
    labelFontSize: 6.5,
    labelLimit: 200,
    labelOffset: 2.5,
    titleColor: INK,
    titleFontSize: 6.5,
    titleFontWeight: "normal",
    titlePadding: 4,
    symbolSize: 30,
    symbolStrokeWidth: 1,
    symbolBaseFillColor: INK,
    symbolBaseStrokeColor: INK,
    rowPadding: 1.5,
    columnPadding: 7,
    offset: 5,
    layout: { bottom: { direction: "vertical", anchor: "middle", margin: 3 } },
  },
  view: { stroke: FAINT, strokeWidth: 0.5 },
} as const;
