import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { titleOf } from "../view/input.ts";
import { adaptationAxis } from "../view/adaptation.ts";
import { ON_STRONG_TILE, ON_TILE, PAPER } from "../view/palette.ts";
import { algorithmOrder } from "../view/series.ts";
import { list, plural, type PointScore, primaryRows, range, scorePoints, SHOWN, shown } from "../view/select.ts";
import { settingLabel, settingsAmong, settingsDiffer, varying } from "../view/settings.ts";
import { panelsByShots } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Training x adaptation: how every trained state scores under every way to adapt it, a panel per number of shots. */
export const trainByAdapt: Figure = { name: "train_by_adapt", draw };

/** From the worst score of a panel to its best: grey, as blue and orange are sides of a comparison. */
const FROM_WORST = ["#f4f5f6", "#56636f"] as const;

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const points = crossed(scorePoints(primaryRows(input.cells, dataset.name)), dataset);
  const adaptations = adaptationAxis(input, points);
  const names = algorithmOrder(input, points.map(({ algorithm }) => algorithm));
  if (names.length < 2 || adaptations.labels.length < 2) return undefined;
  const accuracy = dataset.metric === "accuracy";
  const title = (name: string) => titleOf(input.algorithms, name);
  const several = varying(dataset).length > 0;
  const settings = settingsAmong(points).map((setting) => settingLabel(dataset, setting));
  const panels = Map.groupBy(points, (point) => `${point.shots} ${settingLabel(dataset, point)}`);
  const values = [...panels.values()].flatMap((panel) => {
    const goodness = ({ interval: { mean } }: PointScore) => accuracy ? mean : -mean;
    const all = panel.map(goodness);
    const [worst, best] = [Math.min(...all), Math.max(...all)];
    return panel.map((point) => {
      const { low, high, mean, n } = point.interval;
      const share = best > worst ? (goodness(point) - worst) / (best - worst) : 0.5;
      return {
        algorithm: title(point.algorithm),
        adaptation: adaptations.headingOf(adaptations.labelOf(point)),
        shots: point.shots,
        panel: settingLabel(dataset, point),
        score: shown(dataset.metric, mean),
        label: accuracy ? mean.toFixed(1) : digits(Math.exp(mean)),
        interval: low === null || high === null
          ? ""
          : accuracy
          ? `± ${(high - mean).toFixed(1)}`
          : `${digits(Math.exp(low))} to ${digits(Math.exp(high))}`,
        share,
        seeds: n,
      };
    });
  });
  const columns = adaptations.labels.map(adaptations.headingOf);
  const seeds = range(points.map(({ interval }) => interval.n));
  const heading = `${dataset.title}: training by adaptation`;
  const onStrong = { test: "datum.share > 0.75", value: ON_STRONG_TILE };
  return {
    title: heading,
    caption: [
      `${
        SHOWN[dataset.metric].replace(/^./, (letter) => letter.toUpperCase())
      } of every trained state (rows) under every way to adapt it (columns): mean over ${plural(seeds, "seed")}${
        seeds === "1" ? "" : " with 95 % t interval over seeds"
      }.`,
      "The darker, the better among the states of a panel. Of adapters that take steps, the most steps are shown, and each algorithm at its own sharing depth; no tile: the state is not adapted so.",
      settingsDiffer(dataset),
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `Trained states (rows) under every way to adapt them (columns), mean over ${plural(seeds, "seed")}${
      seeds === "1" ? "" : " with 95 % t intervals over seeds"
    }; darker is better.`,
    alt: `Heat map of ${list(names.map(title))} by ${list(columns)}. ${
      [...Map.groupBy(values, ({ shots, panel }) => `${plural(shots, "shot")}${several ? `, ${panel}` : ""}`)].map((
        [where, tiles],
      ) => {
        const best = tiles.reduce((most, tile) => tile.share > most.share ? tile : most);
        return `Best at ${where}: ${best.algorithm} with ${best.adaptation}, ${best.label}`;
      }).join(". ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: { ...CONFIG, view: { stroke: null } },
      title: {
        text: heading,
        subtitle: `${SHOWN[dataset.metric]}, mean over ${plural(seeds, "seed")}${
          seeds === "1" ? "" : ", 95 % t interval over seeds"
        }`,
      },
      data: { values },
      facet: panelsByShots(several ? settings : []),
      spacing: 14,
      spec: {
        width: { step: 92 },
        height: { step: 42 },
        encoding: {
          x: {
            field: "adaptation",
            type: "ordinal",
            sort: columns,
            title: "adapted by",
            axis: { domain: false, ticks: false, labelAngle: 0, labelExpr: "split(datum.label, ' ')" },
          },
          y: {
            field: "algorithm",
            type: "ordinal",
            sort: names.map(title),
            title: "trained by",
            axis: { domain: false, ticks: false, labelLimit: 220 },
          },
        },
        layer: [
          {
            mark: { type: "rect", stroke: PAPER, strokeWidth: 2 },
            encoding: {
              color: {
                field: "share",
                type: "quantitative",
                title: null,
                scale: { domain: [0, 1], range: [...FROM_WORST], interpolate: "lab" },
                legend: {
                  values: [0, 1],
                  labelExpr: "datum.value < 0.5 ? 'worst of its panel' : 'best'",
                  gradientLength: 80,
                  labelOffset: 6,
                },
              },
            },
          },
          {
            mark: { type: "text", fontSize: 13, fontWeight: 600, dy: seeds === "1" ? 0 : -6 },
            encoding: { text: { field: "label" }, color: { condition: onStrong, value: ON_TILE } },
          },
          {
            mark: { type: "text", fontSize: 10, dy: 9 },
            encoding: { text: { field: "interval" }, color: { condition: onStrong, value: ON_TILE } },
          },
        ],
      },
    },
  };
}

/** Of every algorithm its own sharing depth, of adapters with steps the most. */
function crossed(points: readonly PointScore[], { nativeDepths }: DataSetDescription): PointScore[] {
  const native = points.filter(({ algorithm, sharingDepth }) => (nativeDepths[algorithm] ?? null) === sharingDepth);
  const most = new Map<string, number>();
  for (const { adapter, innerSteps } of native) most.set(adapter, Math.max(most.get(adapter) ?? 0, innerSteps ?? 0));
  return native.filter(({ adapter, innerSteps }) => (innerSteps ?? 0) === most.get(adapter));
}

/** Two significant digits, as plain text where that is short. */
function digits(value: number): string {
  return value >= 0.001 && value < 1000 ? String(Number(value.toPrecision(2))) : value.toExponential(1);
}
