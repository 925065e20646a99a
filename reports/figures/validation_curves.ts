import type { ValidationRow } from "../rows/rows.ts";
import type { Setting } from "../rows/setting.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { type Interval, tInterval } from "../statistics/interval.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import { distinct, list, plural, range, SHOWN, shown } from "../view/select.ts";
import { logTicks, scoreScale } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { settingKey, settingLabel, settingsAmong, varying } from "../view/settings.ts";
import { depthPanels, panelSentences } from "./panels.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Score on validation episodes against the operations of training: a line per algorithm, a panel per sharing depth. */
export const validationCurves: Figure = { name: "validation_curves", draw };

/** One point of a curve, over seeds. */
interface Point extends Setting {
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly iteration: number;
  /** Geometric mean over seeds. */
  readonly gflop: number;
  /** As comparable numbers. */
  readonly interval: Interval;
  /** Of the last point, whether a training of some seed was still improving; "" of the others. */
  readonly end: "" | typeof DONE | typeof RISING;
}

const DONE = "not shown to improve";
const RISING = "still improving";

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const { metric } = dataset;
  const points = pointsOf(input, dataset);
  if (points.length === 0) return undefined;
  const names = algorithmOrder(input, points.map(({ algorithm }) => algorithm));
  const title = (name: string) => titleOf(input.algorithms, name);
  const styles = stylesOf(input, names);
  const drawn = depthPanels(names, points, points, title, dataset);
  const { panels, deep } = drawn;
  const multiple = panels.length > 1;
  const labels = panels.map(({ label }) => label);
  const values = panels.flatMap(({ label, points }) =>
    points.map(({ algorithm, iteration, gflop, interval, end }) => ({
      ...{
        algorithm: title(algorithm),
        prominent: styles[names.indexOf(algorithm)].prominent,
        panel: label,
        iteration,
        gflop,
        end,
      },
      score: shown(metric, interval.mean),
      low: shown(metric, interval.low ?? interval.mean),
      high: shown(metric, interval.high ?? interval.mean),
      seeds: interval.n,
    }))
  );
  const { scale, axis, cut } = scoreScale(metric, points.map(({ interval }) => interval));
  const logs = points.map(({ gflop }) => Math.log(gflop));
  const [from, to] = [Math.min(...logs) - 0.2, Math.max(...logs) + 0.2];
  const seeds = range(points.map(({ interval }) => interval.n));
  const ends = points.filter(({ end }) => end !== "");
  const rising = ends.filter(({ end }) => end === RISING);
  const heading = `${dataset.title}: what training buys`;
  const domain = names.map(title);
  const x = {
    field: "gflop",
    type: "quantitative" as const,
    title: "operations of training (GFLOP)",
    scale: { type: "log" as const, nice: false, domain: [Math.exp(from), Math.exp(to)] },
    axis: { grid: true, format: "~g", values: logTicks(from, to) },
  };
  const y = { field: "score", type: "quantitative", title: `${SHOWN[metric]} on validation`, scale, axis } as const;
  const color = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { domain, range: styles.map(({ colour }) => colour) },
    legend: { symbolOpacity: 1 },
  } as const;
  const shape = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { domain, range: styles.map(({ shape }) => shape) },
  } as const;
  const side = (point: Point) => {
    const where = [
      ...(deep && point.sharingDepth !== null ? [`d = ${point.sharingDepth}`] : []),
      ...[settingLabel(dataset, point)].filter((label) => label !== ""),
    ];
    return `${title(point.algorithm)}${where.length === 0 ? "" : ` (${where.join(", ")})`}`;
  };
  return {
    title: heading,
    scoreless: true,
    caption: [
      `Score on the same validation episodes, adapted each algorithm's native way, against the counted operations of training so far (mean over ${
        plural(seeds, "training seed")
      }); ${metric === "accuracy" ? "up" : "down"} and left is better.`,
      seeds === "1" ? "" : `Bars: 95 % t intervals over seeds${cut ? ", cut at the frame" : ""}.`,
      rising.length === 0
        ? "No training is shown to have been improving at its end by more than the sweep's tolerance."
        : `Hollow ends: still improving in at least one seed (undertrained): ${
          list(rising.map(side))
        }. Filled ends: no improvement shown beyond the sweep's tolerance.`,
      ...panelSentences({ ...drawn, fixed: deep ? drawn.fixed : [] }, dataset),
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `On validation episodes, mean over ${plural(seeds, "seed")}${
      seeds === "1" ? "" : "; bars: 95 % t intervals over seeds"
    }; hollow ends: still improving.`,
    alt: `Line chart of ${
      SHOWN[metric]
    } on validation episodes against operations of training on ${dataset.title}. At the end: ${
      ends.map((point) =>
        `${side(point)} ${Number(shown(metric, point.interval.mean).toPrecision(2))} after ${
          Number(point.gflop.toPrecision(2))
        } GFLOP${point.end === RISING ? ", still improving" : ""}`
      ).join("; ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `mean over ${plural(seeds, "seed")}${seeds === "1" ? "" : ", bars: 95 % t interval over seeds"}`,
      },
      data: { values },
      facet: {
        field: "panel",
        type: "ordinal",
        sort: labels,
        header: multiple ? { title: null } : { title: null, labels: false },
      },
      // A row per setting where panels differ in depth too.
      columns: varying(dataset).length === 0
        ? panels.length
        : Math.max(2, Math.ceil(panels.length / settingsAmong(points).length)),
      spec: {
        width: 340,
        height: 260,
        encoding: { x, y, color },
        layer: [
          ...[false, true].map((prominent) => ({
            transform: [{ filter: { field: "prominent", equal: prominent } }],
            mark: { type: "line" as const, strokeWidth: prominent ? 2.8 : 1.4, opacity: prominent ? 0.9 : 0.7 },
            encoding: { order: { field: "iteration", type: "quantitative" as const } },
          })),
          {
            mark: { type: "rule", strokeWidth: 1.2, opacity: 0.6 },
            encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
          },
          {
            transform: [{ filter: { field: "end", equal: "" } }],
            mark: { type: "point", filled: true, size: 22, opacity: 1 },
            encoding: { shape },
          },
          {
            transform: [{ filter: { field: "end", equal: DONE } }],
            mark: { type: "point", filled: true, size: 80, opacity: 1 },
            encoding: { shape },
          },
          {
            transform: [{ filter: { field: "end", equal: RISING } }],
            mark: { type: "point", filled: false, size: 80, strokeWidth: 2, opacity: 1 },
            encoding: { shape },
          },
        ],
      },
    },
  };
}

function pointsOf({ curves, cells }: ReportInput, { name, metric }: DataSetDescription): Point[] {
  const undertrained = new Set(
    cells.filter(({ flags }) => flags.split("; ").includes("undertrained")).map(({ trainingUnit }) => trainingUnit),
  );
  const served = Map.groupBy(cells.filter(({ dataset }) => dataset === name), ({ trainingUnit }) => trainingUnit);
  // One training may serve cells of several algorithms and settings: its curve is that of each.
  const own = curves.filter(({ dataset, trainGflop }) => dataset === name && trainGflop > 0).flatMap((row) => {
    const places = (served.get(row.trainingUnit) ?? [row]).map(({ norm, trainingTasks, algorithm, sharingDepth }) => ({
      ...{ norm, trainingTasks, algorithm, sharingDepth },
    }));
    const distinctPlaces = new Map(places.map((place) => [JSON.stringify(place), place]));
    return [...distinctPlaces.values()].map((place) => ({ ...row, ...place }));
  });
  const lines = Map.groupBy(
    own,
    (row) => JSON.stringify([settingKey(row), row.algorithm, row.sharingDepth]),
  );
  return [...lines.values()].flatMap((rows) => {
    const iterations = distinct(rows.map(({ iteration }) => iteration));
    const rising = rows.some(({ trainingUnit }) => undertrained.has(trainingUnit));
    return iterations.flatMap((iteration, i): Point[] => {
      const at = rows.filter((row) => row.iteration === iteration);
      const interval = tInterval(at.map((row) => comparable(row, metric)));
      if (interval === undefined) return [];
      const { norm, trainingTasks, algorithm, sharingDepth } = at[0];
      const gflop = Math.exp(at.reduce((total, row) => total + Math.log(row.trainGflop), 0) / at.length);
      const end = i < iterations.length - 1 ? "" : rising ? RISING : DONE;
      return [{ norm, trainingTasks, algorithm, sharingDepth, iteration, gflop, interval, end }];
    });
  });
}

function comparable({ score }: ValidationRow, metric: DataSetDescription["metric"]): number {
  return metric === "accuracy" ? 100 * score : Math.log(Math.max(score, 1e-30));
}
