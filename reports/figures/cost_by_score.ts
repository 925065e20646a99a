import type { TimingRow } from "../rows/rows.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { INK } from "../view/palette.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import { trained } from "../view/select.ts";
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
import { adaptationAxis } from "../view/adaptation.ts";
import { settingKey, settingLabel, settingsAmong, settingsDiffer, varying } from "../view/settings.ts";
import { logTicks, panelsByShots, scoreScale } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Training seconds against score: a point per algorithm, sharing depth, shots and inner steps. */
export const costByScore: Figure = { name: "cost_by_score", draw };

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const timings = new Map(input.timings.map((row) => [row.trainingUnit, row]));
  const points = scorePoints(primaryRows(input.cells, dataset.name));
  const costed = points.flatMap((point) => {
    const seconds = trainSeconds(point, timings);
    return seconds === undefined ? [] : [{ point, seconds }];
  });
  if (costed.length === 0) return undefined;
  const { metric } = dataset;
  const names = algorithmOrder(input, costed.map(({ point }) => point.algorithm));
  const title = (name: string) => titleOf(input.algorithms, name);
  const styles = stylesOf(input, names);
  const adaptations = adaptationAxis(input, costed.map(({ point }) => point));
  const { counted, others } = adaptations;
  const several = varying(dataset).length > 0;
  const rows = several ? settingsAmong(costed.map(({ point }) => point)).map((one) => settingLabel(dataset, one)) : [];
  const multiple = distinct(costed.map(({ point }) => point.sharingDepth).filter((depth) => depth !== null)).length > 1;
  const letters = lettersOf(others);
  const rankings = rankingsOf(
    costed.map(({ point }) => point),
    metric,
    (point) => letters.get(adaptations.labelOf(point)) ?? "",
  );
  const best = bestOfEach(costed.map(({ point }) => point), metric);
  const values = costed.map(({ point, seconds }) => ({
    algorithm: title(point.algorithm),
    shots: point.shots,
    panel: settingLabel(dataset, point),
    steps: adaptations.labelOf(point),
    stepped: point.innerSteps !== null,
    ranking: rankings.get(point) ?? "",
    line: `${point.algorithm} ${point.sharingDepth} ${point.adapter}`,
    order: point.innerSteps ?? -1,
    label: multiple && best.has(point) ? String(point.sharingDepth ?? "") : "",
    seconds,
    score: shown(metric, point.interval.mean),
    seeds: point.interval.n,
  }));
  const front = [...Map.groupBy(values, ({ shots, panel }) => `${shots} ${panel}`).values()].flatMap((own) =>
    paretoFront(own, metric === "accuracy" ? 1 : -1)
      .map(({ shots, panel, seconds, score }, rank) => ({ shots, panel, seconds, score, rank, front: FRONT }))
  );
  const shape = {
    field: "algorithm",
    type: "nominal",
    title: null,
    scale: { domain: names.map(title), range: styles.map((style) => style.shape) },
  } as const;
  const untrained = algorithmOrder(input, points.map(({ algorithm }) => algorithm)).filter((name) =>
    !names.includes(name)
  );
  const seeds = range(costed.map(({ point }) => point.interval.n));
  const { scale, axis } = scoreScale(
    metric,
    costed.map(({ point: { interval } }) => ({ ...interval, low: null, high: null })),
  );
  const logs = costed.map((entry) => Math.log(entry.seconds));
  const [from, to] = [Math.min(...logs) - 0.3, Math.max(...logs) + 0.3];
  const heading = `${dataset.title}: what training costs`;
  return {
    title: heading,
    caption: [
      `Seconds of training on the machine of the run (geometric mean over ${
        plural(seeds, "seed")
      }) against the score of the trained state; ${metric === "accuracy" ? "up" : "down"} and left is better.`,
      counted.length > 0
        ? "Lines join one training setting adapted with more and more inner steps, larger marks for more steps."
        : "",
      others.length === 0
        ? ""
        : letters.size === 0
        ? `Hollow marks: ${others[0]} instead.`
        : `Hollow marks: ${
          list(others.map((other) => `${other} (${letters.get(other)})`))
        } instead, with their letters beside the best one in the order of their scores.`,
      multiple ? "Numbers: the sharing depth d, beside the best score of each." : "",
      "Dashed: the Pareto front, what no other setting of the panel beats in both training time and score; differences along it can be noise.",
      "An algorithm whose training does not depend on shots or steps trains once for all of them.",
      settingsDiffer(dataset),
      untrained.length === 0 ? "" : `Not drawn, as there is no training time: ${list(untrained.map(title))}.`,
    ].filter((sentence) => sentence !== "").join(" "),
    alt: `Scatter plot of training time against ${SHOWN[metric]} on ${dataset.title}. Median training seconds: ${
      names.map((name) => {
        const own = costed.filter(({ point }) => point.algorithm === name).map(({ seconds }) => seconds).sort((a, b) =>
          a - b
        );
        return `${title(name)} ${Number(own[own.length >> 1].toPrecision(2))}`;
      }).join(", ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: { text: heading, subtitle: `mean over ${plural(seeds, "seed")}` },
      data: { values: [...values, ...front] },
      facet: panelsByShots(rows),
      spec: {
        width: 300,
        height: several ? 230 : 280,
        encoding: {
          x: {
            field: "seconds",
            type: "quantitative",
            title: "training time (s)",
            scale: { type: "log", nice: false, domain: [Math.exp(from), Math.exp(to)] },
            axis: { grid: true, format: "~g", values: logTicks(from, to) },
          },
          y: { field: "score", type: "quantitative", title: SHOWN[metric], scale: scale, axis },
          color: {
            field: "algorithm",
            type: "nominal",
            title: null,
            scale: { domain: names.map(title), range: styles.map(({ colour }) => colour) },
            legend: { symbolOpacity: 1, symbolSize: 90 },
          },
        },
        layer: [
          {
            transform: [{ filter: "isValid(datum.front)" }],
            mark: { type: "line", color: INK, strokeWidth: 1.6, strokeDash: [5, 4], interpolate: "step-after" },
            encoding: {
              color: { value: INK },
              detail: { field: "front" },
              order: { field: "rank", type: "quantitative" },
            },
          },
          {
            transform: [{ filter: "datum.stepped" }],
            mark: { type: "line", strokeWidth: 1.2, opacity: 0.55 },
            encoding: { detail: { field: "line" }, order: { field: "order", type: "quantitative" } },
          },
          {
            transform: [{ filter: "datum.stepped" }],
            mark: { type: "point", filled: true, opacity: 0.9 },
            encoding: {
              shape,
              size: {
                field: "steps",
                type: "ordinal",
                sort: counted,
                title: "inner steps",
                scale: { domain: counted, range: [22, 130] },
              },
            },
          },
          {
            transform: [{ filter: "datum.stepped === false" }],
            mark: { type: "point", filled: false, size: 80, strokeWidth: 1.8, opacity: 1 },
            encoding: { shape, detail: { field: "steps" } },
          },
          ...(letters.size === 0 ? [] : [{
            transform: [{ filter: "datum.ranking" }],
            mark: { type: "text" as const, align: "right" as const, dx: -8, fontSize: 9.5, fontWeight: 700 as const },
            encoding: { text: { field: "ranking", type: "nominal" as const }, color: { value: INK } },
          }]),
          ...(multiple
            ? [{
              transform: [{ filter: "datum.label" }],
              mark: { type: "text" as const, align: "left" as const, dx: 7, fontSize: 11 },
              encoding: { text: { field: "label", type: "nominal" as const }, color: { value: INK } },
            }]
            : []),
        ],
      },
    },
  };
}

/** Of each setting, algorithm, sharing depth and shots, the point with the best score. */
function bestOfEach(points: readonly PointScore[], metric: DataSetDescription["metric"]): Set<PointScore> {
  const groups = Map.groupBy(
    points,
    (point) => JSON.stringify([settingKey(point), point.algorithm, point.sharingDepth, point.shots]),
  );
  const better = (a: PointScore, b: PointScore) => metric === "accuracy" === a.interval.mean > b.interval.mean;
  return new Set([...groups.values()].map((group) => group.reduce((a, b) => better(b, a) ? b : a)));
}

/** Of points without steps that share a training and shots, the letters from the best score to the worst, at the best one. */
function rankingsOf(
  points: readonly PointScore[],
  metric: DataSetDescription["metric"],
  letterOf: (point: PointScore) => string,
): ReadonlyMap<PointScore, string> {
  const sign = metric === "accuracy" ? -1 : 1;
  const groups = Map.groupBy(
    points.filter(({ innerSteps }) => innerSteps === null),
    (point) => JSON.stringify([settingKey(point), point.algorithm, point.sharingDepth, point.shots]),
  );
  return new Map([...groups.values()].map((group) => {
    const ranked = group.toSorted((a, b) => sign * (a.interval.mean - b.interval.mean));
    return [ranked[0], ranked.map(letterOf).join("")];
  }));
}

/** A letter per label, none twice, where there are several to be told apart. */
function lettersOf(labels: readonly string[]): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  if (labels.length < 2) return letters;
  labels.forEach((label, i) => {
    const free = [...label.toUpperCase().replace(/[^A-Z]/g, ""), String(i + 1)];
    letters.set(label, free.find((letter) => ![...letters.values()].includes(letter)) ?? String(i + 1));
  });
  return letters;
}

const FRONT = "Pareto front";

/**
 * What nothing else beats in both: cheapest first, each dearer one strictly better than all before it.
 *
 * @param sign 1 where larger scores are better, -1 where smaller ones are
 */
export function paretoFront<T extends { readonly seconds: number; readonly score: number }>(
  points: readonly T[],
  sign: 1 | -1,
): T[] {
  let best = -Infinity;
  return points.toSorted((a, b) => a.seconds - b.seconds || sign * (b.score - a.score)).filter(({ score }) => {
    if (sign * score <= best) return false;
    best = sign * score;
    return true;
  });
}

/** Geometric mean over seeds; undefined where nothing was trained or timed. */
function trainSeconds(point: PointScore, timings: ReadonlyMap<string, TimingRow>): number | undefined {
  const seconds = point.rows.flatMap((row) => {
    const timing = timings.get(row.trainingUnit);
    return timing !== undefined && trained(timing) ? [Math.log(timing.trainS ?? 0)] : [];
  });
  return seconds.length === 0
    ? undefined
    : Math.exp(seconds.reduce((total, value) => total + value, 0) / seconds.length);
}
