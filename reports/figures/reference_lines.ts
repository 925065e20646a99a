/** What needs no training as dashed lines across the panels of a figure of scores. */
import type { ReferenceRow } from "../rows/rows.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { INK, QUIET } from "../view/palette.ts";
import { list, plural, SHOWN, shown } from "../view/select.ts";

/** Colours in the order in which they are given out: no method has them. */
const COLOURS = [INK, QUIET] as const;
const DASHES = [5, 4];

/** A line in a panel. */
export interface ReferenceLine {
  readonly reference: string;
  readonly shots: number;
  /** As its axis shows it. */
  readonly referenceScore: number;
}

/** The lines of a data set's panels, and what there is to say of them. */
export interface ReferenceLines {
  readonly lines: readonly ReferenceLine[];
  /** Words of the legend, in the order of colours. */
  readonly names: readonly string[];
  /** Sentences of the caption; none where nothing is known of the data set. */
  readonly sentences: readonly string[];
}

/**
 * The references of a data set that are within an axis; the caption has the scores of those beyond it, which would flatten all others.
 *
 * @param domain ends of the axis, as it shows them
 */
export function referenceLines(
  { references }: Pick<ReportInput, "references">,
  { name, metric }: DataSetDescription,
  shots: readonly number[],
  [from, to]: readonly number[],
): ReferenceLines {
  const own = references.filter((row) => row.dataset === name && shots.includes(row.shots)).flatMap((row) => {
    const value = metric === "mse" ? row.meanLog : row.mean === null ? null : 100 * row.mean;
    return value === null || !Number.isFinite(value) ? [] : [{ row, score: shown(metric, value) }];
  });
  const within = own.filter(({ score }) => score >= from && score <= to);
  const beyond = own.filter(({ score }) => score < from || score > to);
  const words = (row: ReferenceRow) => `${row.reference} (${row.role})`;
  const told = [...new Set(within.map(({ row }) => `${words(row)}, ${row.title}`))];
  const left = beyond.map(({ row, score }) =>
    `${words(row)} at ${plural(row.shots, "shot")}: ${textOf(metric, score)}`
  );
  return {
    lines: within.map(({ row, score }) => ({ reference: words(row), shots: row.shots, referenceScore: score })),
    names: [...new Set(within.map(({ row }) => words(row)))],
    sentences: [
      ...(told.length === 0 ? [] : [`Dashed lines need no training: ${list(told)}.`]),
      ...(left.length === 0 ? [] : [`Beyond the axis: ${list(left)}.`]),
    ],
  };
}

function textOf(metric: DataSetDescription["metric"], score: number): string {
  return metric === "accuracy" ? `${score.toFixed(1)} %` : score.toPrecision(2);
}

/** The layer that draws them, over a scale of y that others share; no layer where there are none. */
export function referenceLayer({ names }: ReferenceLines, metric: DataSetDescription["metric"], y: object) {
  if (names.length === 0) return [];
  return [{
    transform: [{ filter: { field: "reference", oneOf: [...names] } }],
    mark: { type: "rule" as const, strokeWidth: 1.5, strokeDash: DASHES },
    encoding: {
      x: { value: 0 },
      x2: { value: "width" as const },
      xOffset: { value: 0 },
      y: { ...y, field: "referenceScore", type: "quantitative" as const, title: SHOWN[metric] },
      // Not by colour or dashes, whose scales are those of methods.
      stroke: {
        field: "reference",
        type: "nominal" as const,
        title: null,
        scale: { domain: [...names], range: names.map((_, i) => COLOURS[i % COLOURS.length]) },
        legend: { symbolOpacity: 1, symbolType: "stroke", symbolDash: DASHES, symbolSize: 300, symbolStrokeWidth: 1.5 },
      },
    },
  }];
}
