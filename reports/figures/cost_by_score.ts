import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { titleOf } from "../view/input.ts";
import { INK } from "../view/palette.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import {
  distinct,
  list,
  plural,
  type PointScore,
  primaryRows,
  range,
  scorePoints,
  SHOWN,
  shown,
} from "../view/select.ts";
import { adaptedText } from "../view/adaptation.ts";
import { settingKey, settingLabel, settingsAmong, settingsDiffer, varying } from "../view/settings.ts";
import { logTicks, panelsByShots, scoreScale } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Operations of training against score: a point per algorithm and shots, each in the form of its authors. */
export const costByScore: Figure = { name: "cost_by_score", draw };

/** A point with what its training costs. */
interface Costed {
  readonly point: PointScore;
  readonly gflop: number;
}

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const points = scorePoints(primaryRows(input.cells, dataset.name));
  const costed = nativeForms(input, dataset, points).flatMap((point): Costed[] => {
    const gflop = operationsOf(point);
    return gflop === undefined ? [] : [{ point, gflop }];
  });
  if (costed.length === 0) return undefined;
  const { metric } = dataset;
  const names = algorithmOrder(input, costed.map(({ point }) => point.algorithm));
  const title = (name: string) => titleOf(input.algorithms, name);
  const styles = stylesOf(input, names);
  const several = varying(dataset).length > 0;
  const rows = several ? settingsAmong(costed.map(({ point }) => point)).map((one) => settingLabel(dataset, one)) : [];
  const { scale, axis, cut } = scoreScale(metric, costed.map(({ point: { interval } }) => interval));
  const [bottom, top] = [Math.min(...scale.domain), Math.max(...scale.domain)];
  const within = (value: number) => Math.min(top, Math.max(bottom, shown(metric, value)));
  const values = costed.map(({ point, gflop }) => ({
    algorithm: title(point.algorithm),
    shots: point.shots,
    panel: settingLabel(dataset, point),
    form: formText(input, point),
    gflop,
    score: shown(metric, point.interval.mean),
    low: within(point.interval.low ?? point.interval.mean),
    high: within(point.interval.high ?? point.interval.mean),
    seeds: point.interval.n,
  }));
  const front = [...Map.groupBy(values, ({ shots, panel }) => `${shots} ${panel}`).values()].flatMap((own) =>
    paretoFront(own, metric === "accuracy" ? 1 : -1)
      .map(({ shots, panel, gflop, score }, place) => ({ shots, panel, gflop, score, place, front: FRONT }))
  );
  const untrained = algorithmOrder(input, points.map(({ algorithm }) => algorithm)).filter((name) =>
    !names.includes(name)
  );
  const seeds = range(costed.map(({ point }) => point.interval.n));
  const logs = costed.map(({ gflop }) => Math.log(gflop));
  const [from, to] = [Math.min(...logs) - 0.4, Math.max(...logs) + 0.4];
  const heading = `${dataset.title}: what training costs`;
  const forms = names.map((name) => {
    const own = distinct(costed.filter(({ point }) => point.algorithm === name).map(({ point }) => point.sharingDepth));
    const texts = costed.filter(({ point }) => point.algorithm === name).map(({ point }) => formText(input, point));
    return own.length === 0 ? "" : `${title(name)}: ${list([...new Set(texts)])}`;
  });
  const x = {
    field: "gflop",
    type: "quantitative" as const,
    title: "operations of training (GFLOP)",
    scale: { type: "log" as const, nice: false, domain: [Math.exp(from), Math.exp(to)] },
    axis: { grid: true, format: "~g", values: logTicks(from, to) },
  };
  const y = { field: "score", type: "quantitative", title: SHOWN[metric], scale, axis } as const;
  const series = { domain: names.map(title) };
  return {
    title: heading,
    caption: [
      `Counted operations of training against the score, each algorithm in the form of its authors, mean over ${
        plural(seeds, "seed")
      }${seeds === "1" ? "" : " with 95 % t intervals over seeds"}; ${
        metric === "accuracy" ? "up" : "down"
      } and left is better.`,
      "Dashed: what nothing cheaper beats; differences along it can be noise.",
      untrained.length === 0 ? "" : `Without a training, so not drawn: ${list(untrained.map(title))}.`,
      cut ? "Longer intervals end at the frame." : "",
      settingsDiffer(dataset),
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `Each algorithm as its authors use it, mean over ${plural(seeds, "seed")}${
      seeds === "1" ? "" : "; bars: 95 % t intervals over seeds"
    }; dashed: what nothing cheaper beats.`,
    alt: `Scatter plot of operations of training against ${SHOWN[metric]} on ${dataset.title}. ${
      forms.join("; ")
    }. GFLOP: ${
      names.map((name) => {
        const own = costed.filter(({ point }) => point.algorithm === name).map(({ gflop }) => gflop);
        return `${title(name)} ${range([...new Set(own.map((value) => Number(value.toPrecision(2))))])}`;
      }).join(", ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `each in the form of its authors, mean over ${plural(seeds, "seed")}${
          seeds === "1" ? "" : ", bars: 95 % t interval over seeds"
        }`,
      },
      data: { values: [...values, ...front] },
      facet: panelsByShots(rows),
      spec: {
        width: 300,
        height: several ? 230 : 280,
        layer: [
          {
            transform: [{ filter: "isValid(datum.front)" }],
            mark: { type: "line", color: INK, strokeWidth: 1.4, interpolate: "step-after" },
            encoding: {
              x,
              y,
              strokeDash: {
                field: "front",
                type: "nominal",
                title: null,
                scale: { domain: [FRONT], range: [[5, 4]] },
                legend: { symbolType: "stroke", symbolSize: 500, symbolStrokeColor: INK },
              },
              order: { field: "place", type: "quantitative" },
            },
          },
          {
            transform: [{ filter: "isValid(datum.low)" }],
            mark: { type: "rule", strokeWidth: 1.6 },
            encoding: {
              x,
              y: { ...y, field: "low" },
              y2: { field: "high" },
              color: {
                field: "algorithm",
                type: "nominal",
                title: null,
                scale: { ...series, range: styles.map(({ colour }) => colour) },
                legend: { symbolOpacity: 1, symbolSize: 90 },
              },
            },
          },
          {
            transform: [{ filter: "isValid(datum.low)" }],
            mark: { type: "point", filled: true, opacity: 1, size: 95 },
            encoding: {
              x,
              y,
              color: { field: "algorithm", type: "nominal", scale: series },
              shape: {
                field: "algorithm",
                type: "nominal",
                title: null,
                scale: { ...series, range: styles.map((style) => style.shape) },
              },
              tooltip: ["algorithm", "form", "gflop", "score", "seeds"].map((field) => ({ field, type: "nominal" })),
            },
          },
        ],
      },
    },
  };
}

/**
 * Of each algorithm, shots and setting, the point in the form of its authors: at their sharing depth, adapted their way, with the most inner steps. Where
 * that depth or adapter is not in the run, the first there is.
 */
function nativeForms(
  input: ReportInput,
  { nativeDepths }: DataSetDescription,
  points: readonly PointScore[],
): PointScore[] {
  const groups = Map.groupBy(points, (point) => JSON.stringify([settingKey(point), point.algorithm, point.shots]));
  return [...groups.values()].map((group) => {
    const [{ algorithm }] = group;
    const natives = input.algorithms.find(({ name }) => name === algorithm)?.nativeAdapters ?? [];
    const atDepth = preferred(group, ({ sharingDepth }) => sharingDepth === (nativeDepths[algorithm] ?? null));
    const sameDepth = atDepth.filter(({ sharingDepth }) => sharingDepth === atDepth[0].sharingDepth);
    const adapted = preferred(sameDepth, ({ adapter }) => natives.includes(adapter));
    const own = adapted.filter(({ adapter }) => adapter === adapted[0].adapter);
    return own.reduce((best, point) => (point.innerSteps ?? 0) > (best.innerSteps ?? 0) ? point : best);
  });
}

/** Those that pass, or all where none does. */
function preferred<T>(items: readonly T[], passes: (item: T) => boolean): readonly T[] {
  const passing = items.filter(passes);
  return passing.length > 0 ? passing : items;
}

/** "d = 2, ridge head" */
function formText(input: ReportInput, point: PointScore): string {
  const depth = point.sharingDepth === null ? [] : [`d = ${point.sharingDepth}`];
  return [...depth, adaptedText(input, point)].join(", ");
}

const FRONT = "nothing cheaper is better";

/**
 * What nothing else beats in both: cheapest first, each dearer one strictly better than all before it.
 *
 * @param sign 1 where larger scores are better, -1 where smaller ones are
 */
export function paretoFront<T extends { readonly gflop: number; readonly score: number }>(
  points: readonly T[],
  sign: 1 | -1,
): T[] {
  let best = -Infinity;
  return points.toSorted((a, b) => a.gflop - b.gflop || sign * (b.score - a.score)).filter(({ score }) => {
    if (sign * score <= best) return false;
    best = sign * score;
    return true;
  });
}

/** Geometric mean over seeds; undefined where nothing was trained or counted. */
function operationsOf({ rows }: PointScore): number | undefined {
  const logs = rows.flatMap(({ trainGflop }) => trainGflop === null || trainGflop <= 0 ? [] : [Math.log(trainGflop)]);
  return logs.length === 0 ? undefined : Math.exp(logs.reduce((total, value) => total + value, 0) / logs.length);
}
