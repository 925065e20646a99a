/** The tables of a paper, before they are LaTeX or Markdown. */
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { algorithmOrder } from "../view/series.ts";
import { distinct, list, plural, type PointScore, primaryRows, range, scorePoints, shown } from "../view/select.ts";
import { COST_CAPTION, COST_WORDS, costColumns, costRows, duration, format } from "../page/tables.ts";
import { iterationsText, oursText, placeText, publishedText, READING } from "../page/published_table.ts";
import { titleOf } from "../view/input.ts";
import { adaptedText } from "../view/adaptation.ts";
import {
  compareSettings,
  settingHeadings,
  settingKey,
  settingSentences,
  settingValues,
  varying,
} from "../view/settings.ts";
import { design } from "./captions.ts";

/** A table in plain text. */
export interface Table {
  /** Names its files and its label. */
  readonly id: string;
  readonly columns: readonly { readonly heading: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
  readonly caption: string;
}

/**
 * Main result of one data set: a row per algorithm and sharing depth, a column per number of shots. Every algorithm is adapted its native way, by gradient
 * steps at the largest number of steps of the sweep: nothing is chosen by its test score. Settings of training are rows of their own.
 *
 * @returns undefined when no cell has a score
 */
export function resultTable(input: ReportInput, dataset: DataSetDescription): Table | undefined {
  const all = scorePoints(primaryRows(input.cells, dataset.name));
  const order = algorithmOrder(input, all.map(({ algorithm }) => algorithm));
  const isNative = (name: string, adapter: string) =>
    input.algorithms.find((algorithm) => algorithm.name === name)?.nativeAdapters.includes(adapter) ?? false;
  const most = Math.max(...all.map(({ innerSteps }) => innerSteps ?? -1));
  const points = all.filter(({ algorithm, adapter, innerSteps }) =>
    isNative(algorithm, adapter) && (innerSteps === null || innerSteps === most)
  );
  if (points.length === 0) return undefined;
  const shots = distinct(points.map((point) => point.shots));
  const seeds = Math.max(...points.map(({ interval }) => interval.n));
  const groups = [
    ...Map.groupBy(
      points,
      (point) => JSON.stringify([point.algorithm, point.sharingDepth, point.adapter, settingKey(point)]),
    )
      .values(),
  ]
    .sort(
      ([a], [b]) =>
        order.indexOf(a.algorithm) - order.indexOf(b.algorithm) || (a.sharingDepth ?? -1) - (b.sharingDepth ?? -1) ||
        compareSettings(a, b),
    );
  const settings = varying(dataset);
  const rows = groups.map((group) => [
    titleOf(input.algorithms, group[0].algorithm),
    ...settingValues(settings, group[0]),
    String(group[0].sharingDepth ?? "–"),
    adaptedText(input, group[0]),
    ...shots.map((k) => scoreText(group.find((point) => point.shots === k), dataset, seeds)),
  ]);
  const absent = order.filter((name) => !points.some(({ algorithm }) => algorithm === name));
  const diverged = points.flatMap((point) => point.rows).reduce((total, row) => total + row.diverged, 0);
  return {
    id: `results-${dataset.name}`,
    columns: [
      { heading: "algorithm", numeric: false },
      ...settingHeadings(settings).map((heading) => ({ heading, numeric: false })),
      { heading: "d", numeric: true },
      { heading: "adapter", numeric: false },
      ...shots.map((k) => ({ heading: plural(k, "shot"), numeric: true })),
    ],
    rows,
    caption: [
      `${dataset.title}: every algorithm with its native adaptation (where that takes inner steps, the most of the sweep); d is the sharing depth.`,
      design(points.flatMap((point) => point.rows), dataset),
      settingSentences(dataset),
      points.every(({ interval }) => interval.n === seeds) ? "" : "Where fewer seeds have a score, n is given.",
      diverged === 0 ? "" : `${plural(diverged, "episode")} of these cells diverged.`,
      absent.length === 0
        ? ""
        : `Without a score at native adapter: ${list(absent.map((name) => titleOf(input.algorithms, name)))}.`,
    ].filter((sentence) => sentence !== "").join(" "),
  };
}

function scoreText(point: PointScore | undefined, { metric }: DataSetDescription, seeds: number): string {
  if (point === undefined) return "–";
  const { mean, low, high, n } = point.interval;
  const note = n === seeds ? "" : ` (n = ${n})`;
  if (metric === "accuracy") {
    return `${mean.toFixed(1)}${high === null ? "" : ` ± ${(high - mean).toFixed(1)}`}${note}`;
  }
  const between = low === null || high === null ? "" : ` [${format(Math.exp(low))}, ${format(Math.exp(high))}]`;
  return `${format(shown(metric, mean))}${between}${note}`;
}

/** Published numbers beside ours; undefined where the sweep names none. */
export function publishedTable({ published = [], datasets }: ReportInput): Table | undefined {
  if (published.length === 0) return undefined;
  return {
    id: "published",
    columns: [
      { heading: "method", numeric: false },
      { heading: "setting", numeric: false },
      { heading: "published", numeric: true },
      { heading: "ours", numeric: true },
      { heading: "seeds", numeric: true },
      { heading: "iterations", numeric: true },
      { heading: "training", numeric: true },
      { heading: "outcome", numeric: false },
      { heading: "source", numeric: false },
      { heading: "what differs", numeric: false },
    ],
    rows: published.map((row) => [
      row.method,
      `${datasets.find(({ name }) => name === row.dataset)?.title ?? row.dataset}, ${placeText(row)}`,
      publishedText(row),
      oursText(row),
      `${row.seeds}`,
      iterationsText(row),
      row.trainS === null ? "–" : duration(row.trainS),
      row.outcome,
      row.source,
      row.differs,
    ]),
    caption:
      `Published numbers and ours: accuracy in %, or mean MSE. ${READING} Training: mean time of one on this machine.`,
  };
}

/** What the trainings cost, all data sets together; undefined when nothing was timed. */
export function costsTable(input: ReportInput): Table | undefined {
  const rows = costRows(input);
  if (rows.length === 0) return undefined;
  const trainings = Map.groupBy(
    input.timings,
    ({ dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks }) =>
      JSON.stringify([dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks]),
  );
  const seeds = range([...trainings.values()].map((rows) => distinct(rows.map(({ seed }) => seed)).length));
  return {
    id: "costs",
    columns: costColumns(input).map((heading) => ({ heading, numeric: !COST_WORDS.includes(heading) })),
    rows,
    caption: `What training costs (${plural(seeds, "seed")} each, without an interval). ${COST_CAPTION}`,
  };
}
