import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import {
  comparable,
  distinct,
  hasVariants,
  list,
  plural,
  type PointScore,
  primaryRows,
  range,
  scorePoints,
  SHOWN,
  shown,
} from "../view/select.ts";
import { panelsByShots, scoreScale } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { type AdaptationAxis, adaptationAxis, axisLabels } from "../view/adaptation.ts";
import { depthPanels, panelSentences } from "./panels.ts";
import { referenceLayer, referenceLines } from "./reference_lines.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Score against inner steps: a column of panels per number of shots, a row per sharing depth, a line per algorithm. */
export const scoreBySteps: Figure = { name: "score_by_steps", draw };

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const rows = primaryRows(input.cells, dataset.name);
  const points = scorePoints(rows);
  if (points.length === 0) return undefined;
  const { metric } = dataset;
  const names = algorithmOrder(input, points.map(({ algorithm }) => algorithm));
  const title = (name: string) => titleOf(input.algorithms, name);
  const styles = stylesOf(input, names);
  const adaptations = adaptationAxis(input, points);
  const { labels: steps, counted, others } = adaptations;
  const drawn = depthPanels(names, rows, points, title, dataset);
  const { panels } = drawn;
  const multiple = panels.length > 1;
  const { scale, axis, cut } = scoreScale(metric, points.map(({ interval }) => interval));
  const untrained = referenceLines(input, dataset, distinct(points.map(({ shots }) => shots)), scale.domain);
  const values = panels.flatMap(({ label, points }) => [
    ...points.map((point) => ({
      ...datum(point, label, title(point.algorithm), dataset, adaptations),
      prominent: styles[names.indexOf(point.algorithm)].prominent,
    })),
    ...untrained.lines.filter(({ shots }) => points.some((point) => point.shots === shots))
      .map((line) => ({ ...line, panel: label })),
  ]);

  const seeds = range(points.map(({ interval }) => interval.n));
  const missing = rows.filter((row) => comparable(row) === null).length;
  const colour = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { domain: names.map(title), range: styles.map((style) => style.colour) },
    legend: { symbolOpacity: 1 },
  } as const;
  const shape = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { domain: names.map(title), range: styles.map((style) => style.shape) },
  } as const;
  const x = {
    field: "steps",
    type: "ordinal",
    sort: steps,
    title: "inner steps",
    axis: { labelExpr: axisLabels(adaptations) },
    scale: { domain: steps, paddingInner: names.length < 4 ? 0.6 : 0.35, paddingOuter: 0.2 },
  } as const;
  const xOffset = { field: "algorithm", type: "nominal", scale: { domain: names.map(title) } } as const;
  const y = { field: "score", type: "quantitative", title: SHOWN[metric], scale, axis } as const;
  return {
    title: `${dataset.title}: score against inner steps`,
    caption: [
      `Each point is the mean over ${plural(seeds, "training seed")} of the ${
        metric === "accuracy" ? "accuracy" : "geometric mean of the MSE"
      } on the same test episodes for all.`,
      seeds === "1"
        ? "With one seed there is no interval over seeds."
        : "Bars are 95 % t intervals over seeds: they show how much trainings differ, not how episodes do.",
      cut ? "Bars that leave the panel are cut at its frame." : "",
      `The axis of inner steps is not to scale${
        others.length === 0 ? "" : `; ${list(others)} ${others.length === 1 ? "has" : "have"} none`
      }.`,
      ...untrained.sentences,
      drawn.deep ? "d is the sharing depth: layers 1..d are the same for every task." : "",
      ...panelSentences(drawn, dataset),
      hasVariants(input.cells, dataset.name)
        ? "Of several task starts or adaptation depths, the first one of the sweep is shown; the others are in cells.csv."
        : "",
      missing === 0 ? "" : `${plural(missing, "cell")} without a score left out; the table of statuses lists them.`,
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `Mean over ${plural(seeds, "seed")}${seeds === "1" ? "" : "; bars: 95 % t intervals over seeds"}.${
      untrained.names.length === 0 ? "" : " Grey dashed lines need no training."
    } The axis of inner steps is not to scale.`,
    alt: altText(dataset, points, names.map((name) => [name, title(name)])),
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: `${dataset.title}: score against inner steps`,
        subtitle: `mean over ${plural(seeds, "seed")}${seeds === "1" ? "" : ", bars: 95 % t interval over seeds"}`,
      },
      data: { values },
      facet: panelsByShots(multiple ? panels.map(({ label }) => label) : []),
      spec: {
        width: Math.max(240, steps.length * Math.max(24 + 8 * names.length, others.length > 1 ? WORD_STEP : 0)),
        height: multiple ? 190 : 260,
        encoding: { x, xOffset, y },
        layer: [
          ...referenceLayer(untrained, metric, y),
          ...[false, true].map((prominent) => ({
            transform: [{ filter: { field: "prominent", equal: prominent } }, {
              filter: { field: "steps", oneOf: counted },
            }],
            mark: { type: "line" as const, strokeWidth: prominent ? 2.8 : 1.4, opacity: prominent ? 0.9 : 0.7 },
            encoding: { color: colour, detail: { field: "adapter" } },
          })),
          {
            transform: TRAINED,
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: { color: colour, y: { ...y, field: "low" }, y2: { field: "high" } },
          },
          {
            transform: TRAINED,
            mark: { type: "point", filled: true, size: 46, opacity: 1 },
            encoding: { color: colour, shape, detail: { field: "panel" } },
          },
        ],
      },
      resolve: { scale: { xOffset: "shared" } },
    },
  };
}

/** Leaves out what needs no training. */
const TRAINED = [{ filter: { field: "score", valid: true } }];

/** As wide as a word on the axis. */
const WORD_STEP = 68;

function datum(
  point: PointScore,
  panel: string,
  title: string,
  { metric }: DataSetDescription,
  adaptations: AdaptationAxis,
) {
  const { adapter, shots, sharingDepth, interval } = point;
  return {
    algorithm: title,
    shots,
    steps: adaptations.labelOf(point),
    adapter,
    panel,
    sharingDepth,
    score: shown(metric, interval.mean),
    low: shown(metric, interval.low ?? interval.mean),
    high: shown(metric, interval.high ?? interval.mean),
    seeds: interval.n,
  };
}

function altText(dataset: DataSetDescription, points: readonly PointScore[], names: readonly (readonly string[])[]) {
  const shots = distinct(points.map((point) => point.shots));
  const best = names.map(([name, title]) => {
    const own = points.filter(({ algorithm, shots: k }) => algorithm === name && k === shots.at(-1));
    const values = own.map(({ interval }) => shown(dataset.metric, interval.mean));
    if (values.length === 0) return `${title}: no score`;
    return dataset.metric === "accuracy"
      ? `${title} ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} %`
      : `${title} ${Math.min(...values).toPrecision(2)} to ${Math.max(...values).toPrecision(2)}`;
  });
  return `Line chart of ${SHOWN[dataset.metric]} on ${dataset.title} against inner steps, in panels for ${
    list(shots.map((k) => plural(k, "shot")))
  }. Ranges at ${plural(shots.at(-1) ?? 0, "shot")}: ${best.join("; ")}.`;
}
