/** The look that all figures share. Nothing here depends on data. */
import { FAINT, INK, PAPER, QUIET } from "../view/palette.ts";

/** Vega-Lite version that specs are written for. */
export const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";

/** Defaults of every figure. Accessibility attributes of single marks are off: the page describes each figure as a whole. */
export const CONFIG = {
  aria: false,
  background: PAPER,
  font: "sans-serif",
  padding: 12,
  title: {
    aria: false,
    anchor: "start",
    color: INK,
    fontSize: 16,
    fontWeight: 600,
    subtitleColor: QUIET,
    subtitleFontSize: 12,
    subtitlePadding: 6,
    offset: 16,
  },
  axis: {
    aria: false,
    labelColor: QUIET,
    labelFontSize: 12,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 10,
    gridColor: FAINT,
    domainColor: QUIET,
    tickColor: QUIET,
    labelPadding: 5,
  },
  axisX: { grid: false, labelAngle: 0 },
  axisY: { domain: false, ticks: false },
  header: {
    labelColor: INK,
    labelFontSize: 13,
    labelFontWeight: 600,
    titleColor: QUIET,
    titleFontSize: 12,
    titleFontWeight: "normal",
  },
  legend: {
    aria: false,
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 240,
    titleColor: QUIET,
    titleFontSize: 12,
    titleFontWeight: "normal",
    symbolSize: 90,
    symbolBaseFillColor: INK,
    symbolBaseStrokeColor: INK,
    rowPadding: 5,
  },
  view: { stroke: FAINT },
} as const;
