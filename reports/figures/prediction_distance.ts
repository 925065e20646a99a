import type { DistanceRow } from "../rows/rows.ts";
import { tInterval } from "../statistics/interval.ts";
import { meanOf } from "../statistics/moments.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { distinct, list, plural, range } from "../view/select.ts";
import { logAxis, panelsByShots } from "./axes.ts";
import type { Drawing, Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** How far the predictions of two methods are apart over step size times steps, a line per depth of the network: one figure for all data sets of a run. */
export const predictionDistance: Figure = { name: "prediction_distance", draw };

/** Shades of one hue, from shallow to deep. */
const SHALLOW_TO_DEEP = ["#9ecae1", "#6baed6", "#3182bd", "#1d5a99", "#08306b"] as const;
const QUIET_LINE = "#777777";

/** A point: what seeds say of one network, step size and number of steps. */
interface Point {
  readonly shots: number;
  readonly layers: number;
  readonly rate: number;
  readonly x: number;
  readonly distance: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const { distances = [] } = input;
  const all = distances.filter(({ rate, innerSteps, distance }) =>
    (rate ?? 0) > 0 && (innerSteps ?? 0) > 0 && distance > 0
  );
  // One picture for all, beside the first data set that has any.
  if (all.length === 0 || all[0].dataset !== dataset.name) return undefined;
  const { algorithmA, algorithmB } = all[0];
  const own = all.filter((row) => row.algorithmA === algorithmA && row.algorithmB === algorithmB);
  const points = pointsOf(own);
  const [a, b] = [algorithmA, algorithmB].map((name) => titleOf(input.algorithms, name));
  const layers = distinct(points.map((point) => point.layers));
  const rates = distinct(points.map(({ rate }) => rate));
  const between = own.flatMap(({ betweenSeeds }) => betweenSeeds ?? []);
  const floor = between.length === 0 ? [] : distinct(points.map(({ shots }) => shots)).map((shots) => ({
    shots,
    floor: meanOf(own.filter((row) => row.shots === shots).flatMap(({ betweenSeeds }) => betweenSeeds ?? [])),
  }));
  const seeds = range(points.map((point) => point.seeds));
  const heading = `How far the predictions of ${a} and ${b} are apart`;
  const x = axisOver(points.map((point) => point.x), 0.15);
  const y = axisOver([
    ...points.flatMap(({ low, high, distance }) => [low, high, distance]),
    ...floor.map((own) => own.floor),
  ], 0.1);
  const depth = {
    field: "layers",
    type: "ordinal" as const,
    title: "layers",
    scale: { domain: layers, range: shades(layers.length) },
  };
  const rate = { field: "rate", type: "nominal" as const, title: "step size λ", scale: { domain: rates } };
  const distanceAxis = {
    field: "distance",
    type: "quantitative" as const,
    title: "distance of predictions (RMS)",
    ...y,
  };
  const intervals = seeds === "1" ? "" : "bars: 95 % t intervals over seeds";
  return {
    title: heading,
    caption: [
      `Root mean square difference of what ${a} and ${b} predict for the same queries, in the unit of the targets, over step size times inner steps of adaptation; both axes are logarithmic.`,
      `Points: geometric mean over ${plural(seeds, "seed")}${intervals === "" ? "" : `; ${intervals}`}.`,
      layers.length > 1 ? `Darker lines: deeper networks (${list(layers.map(String))} layers).` : "",
      floor.length === 0 ? "" : `Dashed: ${a} at one seed and at another.`,
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint:
      `Root mean square difference of the predictions of ${a} and ${b} for the same queries. Geometric means over ${
        plural(seeds, "seed")
      }${intervals === "" ? "" : `; ${intervals}`}.${floor.length === 0 ? "" : ` Dashed: ${a} at two seeds.`}`,
    alt:
      `Logarithmic chart of the distance of predictions of ${a} and ${b} against step size times steps, for networks of ${
        list(layers.map(String))
      } layers.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `${intervals}${
          floor.length === 0 ? "" : `${intervals === "" ? "" : "; "}dashed: between two seeds of ${a}`
        }`,
      },
      data: {
        values: [
          ...points.map((point) => ({ ...point, kind: "point" })),
          ...floor.map((own) => ({ ...own, kind: "floor" })),
        ],
      },
      facet: panelsByShots(),
      spec: {
        width: 380,
        height: 280,
        layer: [
          {
            transform: [{ filter: "datum.kind == 'floor'" }],
            mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.4, color: QUIET_LINE },
            encoding: { y: { ...distanceAxis, field: "floor" } },
          },
          {
            transform: [{ filter: "datum.kind == 'point'" }],
            mark: { type: "line", strokeWidth: 1.8 },
            encoding: {
              x: { field: "x", type: "quantitative", title: "λτ: step size times steps", ...x },
              y: distanceAxis,
              color: depth,
              detail: { field: "rate" },
            },
          },
          {
            transform: [{ filter: "datum.kind == 'point'" }],
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: {
              x: { field: "x", type: "quantitative", ...x },
              y: { ...distanceAxis, field: "low" },
              y2: { field: "high" },
              color: depth,
            },
          },
          {
            transform: [{ filter: "datum.kind == 'point'" }],
            mark: { type: "point", filled: true, size: 60, opacity: 1 },
            encoding: {
              x: { field: "x", type: "quantitative", ...x },
              y: distanceAxis,
              color: depth,
              shape: rates.length > 1 ? rate : { value: "circle" },
            },
          },
        ],
      },
    },
  };
}

/** As many shades as there are depths, from the lightest to the darkest. */
function shades(count: number): string[] {
  const last = SHALLOW_TO_DEEP.length - 1;
  return Array.from(
    { length: count },
    (_, i) => SHALLOW_TO_DEEP[count === 1 ? last - 2 : Math.round(i * last / (count - 1))],
  );
}

function axisOver(values: readonly number[], margin: number) {
  const logs = values.filter((value) => value > 0).map(Math.log);
  const [from, to] = [Math.min(...logs) - margin, Math.max(...logs) + margin];
  return logAxis(from, to);
}

function pointsOf(rows: readonly DistanceRow[]): Point[] {
  const groups = Map.groupBy(
    rows,
    ({ dataset, shots, rate, innerSteps }) => JSON.stringify([dataset, shots, rate, innerSteps]),
  );
  return [...groups.values()].map((own): Point => {
    const [{ shots, layers, rate, innerSteps }] = own;
    const { mean, low, high, n } = tInterval(own.map(({ distance }) => Math.log(distance))) ??
      { mean: NaN, low: null, high: null, n: 0 };
    return {
      ...{ shots, layers, rate: rate ?? 0, x: (rate ?? 0) * (innerSteps ?? 0), seeds: n },
      distance: Math.exp(mean),
      low: Math.exp(low ?? mean),
      high: Math.exp(high ?? mean),
    };
  }).sort((p, q) => p.layers - q.layers || p.rate - q.rate || p.x - q.x);
}
