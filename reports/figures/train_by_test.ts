import { DIVERGING, ON_STRONG_TILE, ON_TILE, PAPER } from "../view/palette.ts";
import { commonTitles, headline, seedDifferences } from "../view/compared.ts";
import { isCrossed, matrixOf, type TrainByTest } from "../view/domains.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { nativePoints } from "../view/native_points.ts";
import { list, plural, range, SHOWN, shown } from "../view/select.ts";
import { signed } from "../view/signed.ts";
import { settingLabel } from "../view/settings.ts";
import { algorithmOrder } from "../view/series.ts";
import { meanOf } from "../statistics/moments.ts";
import { ROW_HEADER } from "./axes.ts";
import type { Drawing, Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Heat map of scores, what was trained on down and what was tested on across, a panel per algorithm. */
export const trainByTest: Figure = { name: "train_by_test", draw: drawScores };

/** The same of the difference that answers the primary question. */
export const trainByTestDifference: Figure = { name: "train_by_test_difference", draw: drawDifferences };

/** One tile as it is drawn. */
interface Tile {
  readonly train: string;
  readonly test: string;
  readonly panel: string;
  readonly shots: string;
  /** What its colour says. */
  readonly level: number;
  readonly label: string;
  /** Its interval in words; "" where there is none. */
  readonly spread: string;
}

/** What rows of panels are told apart by. */
function rowOf(dataset: DataSetDescription, point: Parameters<typeof settingLabel>[1] & { readonly shots: number }) {
  return [plural(point.shots, "shot"), settingLabel(dataset, point)].filter((part) => part !== "").join(", ");
}

function digits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function drawScores(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const matrix = matrixOf(input, dataset);
  const { metric } = dataset;
  const all = matrix.flatMap((tile) => nativePoints(input, tile.dataset).map((point) => ({ tile, point })));
  const most = Math.max(...all.map(({ point }) => point.shots));
  const found = all.filter(({ point }) => point.shots === most);
  if (!found.some(({ tile }) => isCrossed(tile))) return undefined;
  const names = algorithmOrder(input, found.map(({ point }) => point.algorithm));
  const titles = names.map((name) => titleOf(input.algorithms, name));
  const tiles = found.map(({ tile, point }): Tile & { readonly seeds: number } => {
    const { mean, low, high, n } = point.interval;
    const ends = [low, high].map((end) => end === null ? "" : digits(shown(metric, end)));
    return {
      ...placeOf(tile),
      panel: titleOf(input.algorithms, point.algorithm),
      shots: rowOf(tile.dataset, point),
      // Better is higher: more accuracy, or less error.
      level: metric === "accuracy" ? mean : -mean,
      label: metric === "accuracy" ? mean.toFixed(1) : digits(shown(metric, mean)),
      spread: low === null ? "" : ends.join(" to "),
      seeds: n,
    };
  });
  const levels = tiles.map(({ level }) => level);
  const [worst, best] = [Math.min(...levels), Math.max(...levels)];
  const middle = (worst + best) / 2;
  const colour = {
    domain: [worst, best === worst ? worst + 1 : best],
    range: [DIVERGING.none, DIVERGING.a],
    strong: `datum.level > ${middle + (best - worst) / 4}`,
    legend: { values: [worst, best], labelExpr: "datum.index == 0 ? 'worse' : 'better'", gradientLength: 90 },
  };
  const seeds = range(tiles.map((tile) => tile.seeds));
  return {
    title: `${dataset.title}: trained on one data set, tested on another`,
    caption: [
      `${SHOWN[metric]} of each algorithm as its authors use it, at ${
        plural(most, "shot")
      } after the most inner steps: rows say what was trained on, columns whose test episodes were scored.`,
      `Mean over ${plural(seeds, "seed")}${seeds === "1" ? "" : "; below it the 95 % t interval over seeds"}.`,
      "One column has the same test episodes in every row; step sizes and strengths were chosen on validation episodes of the row's own data set.",
      "Darker is better.",
    ].join(" "),
    inPrint: `What was trained on (rows) and whose test episodes were scored (columns), mean over ${
      plural(seeds, "seed")
    }${seeds === "1" ? "" : " with 95 % t intervals over seeds"}; darker is better.`,
    alt: `Heat maps of ${SHOWN[metric]} for ${list(titles)}, trained on ${list(axis(matrix, "train"))}, tested on ${
      list(axis(matrix, "test"))
    }.`,
    spec: heatMap(tiles, titles, matrix, `${dataset.title}: trained on one data set, tested on another`, colour),
  };
}

function drawDifferences(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const matrix = matrixOf(input, dataset);
  const accuracy = dataset.metric === "accuracy";
  const judged = matrix.flatMap((tile) => headline(input, tile.dataset.name).map((pair) => ({ tile, pair })));
  if (!judged.some(({ tile }) => isCrossed(tile))) return undefined;
  const { a, b } = commonTitles(input, judged.map(({ pair }) => pair));
  const panel = `${a} minus ${b}`;
  const tiles = judged.flatMap(({ tile, pair }): Tile[] => {
    const differences = seedDifferences(input, pair).map(({ difference }) => difference);
    if (differences.length === 0) return [];
    const mean = meanOf(differences);
    const { lo, hi } = pair.verdict;
    return [{
      ...placeOf(tile),
      panel,
      shots: rowOf(tile.dataset, pair.key.a),
      level: accuracy ? mean : -mean,
      label: signed(mean, accuracy ? 1 : 2),
      spread: lo === null || hi === null ? "" : `± ${((hi - lo) / 2).toFixed(accuracy ? 1 : 2)}`,
    }];
  });
  if (tiles.length === 0) return undefined;
  const extreme = Math.max(...tiles.map(({ level }) => Math.abs(level)), accuracy ? 0.1 : 0.01);
  const colour = {
    domain: [-extreme, 0, extreme],
    range: [DIVERGING.b, DIVERGING.none, DIVERGING.a],
    strong: `abs(datum.level) > ${0.75 * extreme}`,
    legend: {
      values: [-extreme, 0, extreme],
      labelExpr: `datum.value < 0 ? ${JSON.stringify(`${b} better`)} : datum.value > 0 ? ${
        JSON.stringify(`${a} better`)
      } : 'no difference'`,
      gradientLength: 90,
    },
  };
  const unit = accuracy ? "percentage points of accuracy" : "ln(MSE ratio)";
  const title = `${dataset.title}: ${panel}, trained on one data set and tested on another`;
  return {
    title,
    caption: [
      `${panel} in ${unit}, paired by seed on the same test episodes: rows say what both were trained on, columns whose test episodes were scored.`,
      "Below each difference: half the width of the interval that its verdict is read from.",
      `Blue is better for ${a}, orange for ${b}.`,
    ].join(" "),
    inPrint:
      `In ${unit}, paired by seed, ± half the verdict's bootstrap interval; rows: trained on, columns: tested on. Blue: ${a} better, orange: ${b}.`,
    alt: `Heat map of ${panel} in ${unit}, trained on ${list(axis(matrix, "train"))}, tested on ${
      list(axis(matrix, "test"))
    }: from ${tiles.map(({ label }) => label).join(", ")}.`,
    spec: heatMap(tiles, [panel], matrix, title, colour),
  };
}

function placeOf({ trainedTitle, testedTitle }: TrainByTest): Pick<Tile, "train" | "test"> {
  return { train: trainedTitle, test: testedTitle };
}

/** The titles along an axis, in the order of the run. */
function axis(matrix: readonly TrainByTest[], side: "train" | "test"): string[] {
  return [...new Set(matrix.map((tile) => placeOf(tile)[side]))];
}

const QUIET_AXIS = { domain: false, ticks: false, labelLimit: 260 } as const;

function heatMap(
  tiles: readonly Tile[],
  panels: readonly string[],
  matrix: readonly TrainByTest[],
  title: string,
  { domain, range, strong, legend }: {
    readonly domain: readonly number[];
    readonly range: readonly string[];
    /** Vega expression: whether a tile is so dark that text on it is light. */
    readonly strong: string;
    readonly legend: { readonly values: number[]; readonly labelExpr: string; readonly gradientLength: number };
  },
): Drawing["spec"] {
  const rows = [...new Set(tiles.map(({ shots }) => shots))];
  const ink = { condition: { test: strong, value: ON_STRONG_TILE }, value: ON_TILE };
  return {
    $schema: SCHEMA,
    config: { ...CONFIG, view: { stroke: null } },
    title: { text: title },
    data: { values: [...tiles] },
    facet: {
      column: { field: "panel", type: "ordinal", sort: [...panels], header: { title: null } },
      row: { field: "shots", type: "ordinal", sort: rows, header: ROW_HEADER },
    },
    spacing: 14,
    spec: {
      width: { step: 110 },
      height: { step: 52 },
      encoding: {
        x: {
          field: "test",
          type: "ordinal",
          sort: axis(matrix, "test"),
          title: "tested on",
          axis: { ...QUIET_AXIS, labelAngle: -20 },
        },
        y: { field: "train", type: "ordinal", sort: axis(matrix, "train"), title: "trained on", axis: QUIET_AXIS },
        tooltip: [
          { field: "train", type: "nominal", title: "trained on" },
          { field: "test", type: "nominal", title: "tested on" },
          { field: "label", type: "nominal", title: "score" },
          { field: "spread", type: "nominal", title: "interval" },
        ],
      },
      layer: [
        {
          mark: { type: "rect", stroke: PAPER, strokeWidth: 2 },
          encoding: {
            color: {
              field: "level",
              type: "quantitative",
              title: null,
              scale: { domain: [...domain], range: [...range], interpolate: "lab" },
              legend: { ...legend, labelOffset: 6 },
            },
          },
        },
        {
          mark: { type: "text", fontSize: 14, fontWeight: 600, dy: -6 },
          encoding: { text: { field: "label", type: "nominal" }, color: ink },
        },
        {
          mark: { type: "text", fontSize: 11, dy: 11 },
          encoding: { text: { field: "spread", type: "nominal" }, color: ink },
        },
      ],
    },
  };
}
