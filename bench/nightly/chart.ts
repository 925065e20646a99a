/** The nights as a picture: scores, speed and counted operations, night by night. */
import type { Spec } from "../../reports/figures/figure.ts";
import { CONFIG, SCHEMA } from "../../reports/figures/theme.ts";
import { stylesOf } from "../../reports/view/series.ts";
import { incomparable } from "./compare.ts";
import { median } from "./cost.ts";
import { type Entry, scoreOf, trainingId } from "./entry.ts";

/** Nights shown, the latest. */
const NIGHTS = 60;

interface Point {
  readonly night: string;
  readonly dataset: string;
  readonly algorithm: string;
  readonly panel: "score" | "speed" | "cost";
  readonly value: number;
}

/** The chart of all complete nights that can be compared with the latest of them; undefined when there is none. */
export function historyChart(history: readonly Entry[]): Spec | undefined {
  const complete = history.filter(({ problems }) => problems.length === 0);
  const latest = complete.at(-1);
  if (latest === undefined) return undefined;
  const shown = complete.filter(({ identity }) => incomparable(identity, latest.identity).length === 0).slice(-NIGHTS);
  // A processor that is unknown cannot even be compared with itself.
  const nights = shown.length === 0 ? [latest] : shown;
  const points = nights.flatMap((entry) => pointsOf(entry, nights[0]));
  const datasets = [...new Set(points.map(({ dataset }) => dataset))];
  const names = [...new Set(points.map(({ algorithm }) => algorithm))].sort();
  const styles = stylesOf({ algorithms: names.map((name, rank) => ({ name, rank })) }, names);
  const legend = { orient: "right", symbolOpacity: 1 } as const;
  const rows = datasets.flatMap((dataset) => {
    const mse = latest.cells.some((cell) => cell.dataset === dataset && cell.metric === "mse");
    const heads = [
      ["score", mse ? "MSE (geometric mean)" : "accuracy"],
      ["speed", `iterations/s ÷ ${nights[0].run}'s`],
      ["cost", `GFLOP ÷ ${nights[0].run}'s`],
    ] as const;
    const panels = heads.filter(([panel]) =>
      points.some((point) => point.dataset === dataset && point.panel === panel)
    );
    return {
      hconcat: panels.map(([panel, title]) => ({
        title: { text: dataset, fontSize: 13 },
        width: 260,
        height: 200,
        transform: [{ filter: { and: [{ field: "dataset", equal: dataset }, { field: "panel", equal: panel }] } }],
        mark: { type: "line", point: { size: 45 }, strokeWidth: 1.5 },
        encoding: {
          x: {
            field: "night",
            type: "ordinal",
            title: null,
            sort: nights.map(({ run }) => run),
            axis: { labelAngle: -60, labelOverlap: true },
          },
          y: {
            field: "value",
            type: "quantitative",
            title,
            scale: panel === "score" ? { zero: false } : { domain: aroundOne(points, panel) },
          },
          color: {
            field: "algorithm",
            type: "nominal",
            title: null,
            scale: { domain: names, range: styles.map(({ colour }) => colour) },
            legend,
          },
          shape: {
            field: "algorithm",
            type: "nominal",
            title: null,
            scale: { domain: names, range: styles.map(({ shape }) => shape) },
            legend,
          },
        },
      })),
    };
  });
  const last = nights[nights.length - 1];
  return {
    $schema: SCHEMA,
    config: CONFIG,
    description:
      `Line charts over ${nights.length} nights, ${
        nights[0].run
      } to ${last.run}: per data set and algorithm, the mean score over all cells, ` +
      `the median speed and the mean counted operations of training, the latter two relative to the first night.`,
    title: {
      text: "Nightly runs",
      subtitle: `${nights[0].run} to ${last.run}, ${latest.identity.backend}, ${latest.identity.machine.cpu ?? ""}`,
    },
    data: { values: points },
    vconcat: rows,
  } as Spec;
}

/** Ratios that hardly differ from one must not look as if they did. */
function aroundOne(points: readonly Point[], shown: Point["panel"]): [number, number] {
  const values = points.filter(({ panel }) => panel === shown).map(({ value }) => value);
  return [Math.min(0.9, ...values), Math.max(1.1, ...values)];
}

function pointsOf(entry: Entry, first: Entry): Point[] {
  const groups = new Map<string, { dataset: string; algorithm: string }>();
  for (const { dataset, algorithm } of entry.cells) groups.set(`${dataset}/${algorithm}`, { dataset, algorithm });
  const before = new Map(first.trainings.map((row) => [trainingId(row), row]));
  return [...groups.values()].flatMap(({ dataset, algorithm }) => {
    const own = (row: { dataset: string; algorithm: string }) => row.dataset === dataset && row.algorithm === algorithm;
    const cells = entry.cells.filter(own);
    const scores = cells.map(scoreOf).filter((score) => score !== null);
    const mean = scores.length === 0 ? undefined : scores.reduce((total, score) => total + score, 0) / scores.length;
    const ratios = (of: "iterationsPerS" | "trainGflop") =>
      median(
        entry.trainings.filter(own).flatMap((row) => {
          const [then, now] = [before.get(trainingId(row))?.[of] ?? 0, row[of] ?? 0];
          return then > 0 && now > 0 ? [now / then] : [];
        }),
      );
    const values = {
      score: mean === undefined ? undefined : cells[0].metric === "mse" ? Math.exp(mean) : mean,
      speed: ratios("iterationsPerS"),
      cost: ratios("trainGflop"),
    };
    return (["score", "speed", "cost"] as const).flatMap((panel) => {
      const value = values[panel];
      return value === undefined || !Number.isFinite(value)
        ? []
        : [{ night: entry.run, dataset, algorithm, panel, value }];
    });
  });
}
