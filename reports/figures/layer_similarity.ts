import type { RepresentationRow } from "../rows/rows.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { type Interval, tInterval } from "../statistics/interval.ts";
import { PAPER } from "../view/palette.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import { distinct, hasVariants, list, plural, type Point, primaryRows, range } from "../view/select.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { adapterOf, adapterOrder } from "../view/adaptation.ts";
import { settingKey, settingLabel, settingsAmong } from "../view/settings.ts";
import { depthPanels, panelSentences } from "./panels.ts";
import { panelsByShots } from "./axes.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Linear CKA between each layer's representation before adaptation and after the most inner steps: a column of panels per number of shots, a row per sharing depth. */
export const layerSimilarity: Figure = { name: "layer_similarity", draw };

/** One layer of one algorithm, over seeds. */
interface LayerPoint extends Point {
  readonly layer: number;
  readonly adapted: boolean;
  readonly interval: Interval;
}

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const primary = primaryRows(input.representations, dataset.name);
  const adapters = adapterOrder(input, primary.map(({ adapter }) => adapter));
  const all = primary.filter(({ adapter }) => adapter === adapters[0]);
  const steps = Math.max(0, ...all.map(({ innerSteps }) => innerSteps ?? 0));
  const measured = all.filter(({ innerSteps }) => innerSteps === steps && steps > 0);
  const rows = measured.filter(({ cka }) => cka !== null);
  const points = layerPoints(rows);
  if (points.length === 0) return undefined;
  const names = algorithmOrder(input, points.map(({ algorithm }) => algorithm));
  const title = (name: string) => titleOf(input.algorithms, name);
  const styles = stylesOf(input, names);
  const layers = Array.from({ length: dataset.layers }, (_, index) => layerLabel(index + 1, dataset));
  const drawn = depthPanels(names, rows, points, title, dataset);
  const { panels, deep } = drawn;
  const multiple = panels.length > 1;
  const lowest = Math.min(...points.map(({ interval }) => interval.mean));
  // Debiased similarities of unrelated representations scatter around 0.
  const bottom = lowest < 0 ? Math.floor(lowest * 5) / 5 : 0;
  const values = panels.flatMap(({ label, points }) =>
    points.map(({ algorithm, shots, layer, adapted, interval }) => ({
      algorithm: title(algorithm),
      prominent: styles[names.indexOf(algorithm)].prominent,
      shots,
      panel: label,
      layer: layerLabel(layer, dataset),
      adapted,
      cka: interval.mean,
      low: Math.max(bottom, interval.low ?? interval.mean),
      high: Math.min(1, interval.high ?? interval.mean),
      seeds: interval.n,
    }))
  );
  const seeds = range(points.map(({ interval }) => interval.n));
  const episodes = range(measured.map((row) => row.episodes));
  const undefinedOnes = measured.filter(({ undefinedEpisodes }) => undefinedEpisodes > 0);
  const still = points.filter(({ adapted, layer, ...point }) =>
    !adapted && points.every((other) => !samePlace(point, other) || other.layer >= layer || !other.adapted)
  );
  const scale = { domain: names.map(title) };
  const heading = `${dataset.title}: what adaptation leaves as it was, layer by layer`;
  const x = {
    field: "layer",
    type: "ordinal",
    sort: layers,
    title: "layer",
    scale: { domain: layers, paddingInner: names.length < 4 ? 0.6 : 0.35, paddingOuter: 0.2 },
  } as const;
  const y = {
    field: "cka",
    type: "quantitative",
    title: "linear CKA",
    scale: { domain: [bottom, 1] as number[], clamp: true, nice: false },
    axis: { tickCount: 6, format: "~g" },
  } as const;
  const shape = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { ...scale, range: styles.map((style) => style.shape) },
  } as const;
  return {
    title: heading,
    scoreless: true,
    caption: [
      `Each point says how alike a layer's activations on the query sets are before adaptation and after ${
        plural(steps, "inner step")
      }: debiased linear CKA, 1 where adaptation changed nothing but rotation and scale (the layer's features are reused), 0 where nothing common is left.`,
      `Mean over the first ${plural(episodes, "test episode")}, then over ${plural(seeds, "training seed")}${
        seeds === "1" ? "; one seed has no interval." : "; bars are 95 % t intervals over seeds, cut at 1."
      }`,
      points.some(({ adapted }) => !adapted) ? "Hollow marks: layers that adaptation does not change." : "",
      still.length > 0
        ? "Those before the first changed layer see the same inputs through the same weights: their CKA is 1 by construction, not a finding."
        : "",
      points.length > still.length && points.some((point) => !point.adapted && !still.includes(point))
        ? "Behind a changed layer their inputs move, and so do they."
        : "",
      seen(points, names, title, dataset),
      deep
        ? "d is the sharing depth: training shares layers 1..d among all tasks, or its inner loop leaves them as they are."
        : "",
      ...panelSentences(drawn, dataset),
      adapters.length > 1 ? `Adapted by ${adapterOf(input, all[0]).title}.` : "",
      undefinedOnes.length === 0
        ? ""
        : `Episodes where a layer's activations are constant or not finite have no CKA and are left out: there are some in ${
          plural(undefinedOnes.length, "row")
        } of representations.csv.`,
      hasVariants(input.representations, dataset.name)
        ? "Of several task starts or adaptation depths, the first one of the sweep is shown."
        : "",
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `Debiased linear CKA of each layer before and after adaptation (1: unchanged), mean over ${
      plural(episodes, "episode")
    } and ${plural(seeds, "seed")}${seeds === "1" ? "" : "; bars: 95 % t intervals over seeds"}; hollow: not adapted.`,
    alt: `Line chart of linear CKA between each layer's activations before and after ${
      plural(steps, "inner step")
    } on ${dataset.title}, from layer 1 to the head, in panels for ${
      list(distinct(points.map(({ shots }) => shots)).map((k) => plural(k, "shot")))
    }. ${seen(points, names, title, dataset)}`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `similarity before and after ${plural(steps, "inner step")}, mean over ${plural(seeds, "seed")}${
          seeds === "1" ? "" : ", bars: 95 % t interval over seeds"
        }`,
      },
      data: { values },
      facet: panelsByShots(multiple ? panels.map(({ label }) => label) : []),
      spec: {
        width: Math.max(240, layers.length * (24 + 8 * names.length)),
        height: multiple ? 190 : 260,
        encoding: {
          x,
          xOffset: { field: "algorithm", type: "nominal", scale },
          y,
          color: {
            field: "algorithm",
            type: "nominal",
            title: null,
            scale: { ...scale, range: styles.map((style) => style.colour) },
            legend: { symbolOpacity: 1 },
          },
        },
        layer: [
          ...[false, true].map((prominent) => ({
            transform: [{ filter: { field: "prominent", equal: prominent } }],
            mark: { type: "line" as const, strokeWidth: prominent ? 2.8 : 1.4, opacity: prominent ? 0.9 : 0.7 },
          })),
          { mark: { type: "rule", strokeWidth: 1.5 }, encoding: { y: { ...y, field: "low" }, y2: { field: "high" } } },
          ...[true, false].map((adapted) => ({
            transform: [{ filter: { field: "adapted", equal: adapted } }],
            mark: {
              type: "point" as const,
              filled: adapted,
              size: 46,
              opacity: 1,
              ...(adapted ? {} : { fill: PAPER, strokeWidth: 1.6 }),
            },
            encoding: { shape },
          })),
        ],
      },
      resolve: { scale: { xOffset: "shared" } },
    },
  };
}

function layerPoints(rows: readonly RepresentationRow[]): LayerPoint[] {
  const place = (row: RepresentationRow) =>
    JSON.stringify([settingKey(row), row.algorithm, row.shots, row.innerSteps, row.sharingDepth, row.layer]);
  return [...Map.groupBy(rows, place).values()].flatMap((group): LayerPoint[] => {
    const interval = tInterval(group.flatMap(({ cka }) => cka === null ? [] : [cka]));
    if (interval === undefined) return [];
    const { norm, trainingTasks, algorithm, adapter, shots, innerSteps, sharingDepth, layer, adapted } = group[0];
    const place = { norm, trainingTasks, algorithm, adapter, shots, innerSteps, sharingDepth };
    return [{ ...place, layer, adapted: adapted === "yes", interval }];
  });
}

function samePlace(a: Point, b: Point): boolean {
  return settingKey(a) === settingKey(b) && a.algorithm === b.algorithm && a.shots === b.shots &&
    a.sharingDepth === b.sharingDepth;
}

/** "1", "2", ..., "head" */
function layerLabel(layer: number, { layers }: DataSetDescription): string {
  return layer === layers ? "head" : String(layer);
}

/** Which layer moves most with which algorithm, at the most shots and the least sharing, in the first setting. */
function seen(
  points: readonly LayerPoint[],
  names: readonly string[],
  title: (name: string) => string,
  dataset: DataSetDescription,
): string {
  const shots = Math.max(...points.map((point) => point.shots));
  const [setting] = settingsAmong(points);
  const inSetting = points.filter((point) => settingKey(point) === settingKey(setting));
  const moved = names.flatMap((name) => {
    const own = inSetting.filter((point) => point.algorithm === name && point.shots === shots);
    const depth = distinct(own.map(({ sharingDepth }) => sharingDepth))[0];
    const layers = own.filter(({ sharingDepth }) => sharingDepth === depth);
    if (layers.length === 0) return [];
    const most = layers.reduce((a, b) => b.interval.mean < a.interval.mean ? b : a);
    const label = most.layer === dataset.layers ? "the head" : `layer ${most.layer}`;
    const found = most.interval.mean > 0.995
      ? "none by more than 0.005"
      : `${label} (${most.interval.mean.toFixed(2)})`;
    return [`with ${title(name)}${depth === null ? "" : ` at d = ${depth}`} ${found}`];
  });
  const label = settingLabel(dataset, setting);
  const where = label === "" ? "" : `, ${label},`;
  return `The layer that moves most at ${plural(shots, "shot")}${where} is ${list(moved)}.`;
}
