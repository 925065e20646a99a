import type { ScalingRow } from "../rows/rows.ts";
import { tInterval } from "../statistics/interval.ts";
import { type ScalingAxis, type ScalingCurve, scalingCurves, scalingRowOf } from "../statistics/scaling.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { nativeAmong } from "../view/native_points.ts";
import { list, plural, range, SHOWN } from "../view/select.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import { logAxis, panelsByShots } from "./axes.ts";
import type { Drawing, Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Errors over the number of training tasks or classes on logarithmic axes, with the fitted power laws: a column of panels per number of shots. */
export const scaling: Figure = { name: "scaling", draw };

const COUNTED: Readonly<Record<ScalingAxis, string>> = {
  "training-tasks": "training tasks",
  "training-classes": "training classes",
};

/** A curve with its law. */
interface Drawn {
  readonly curve: ScalingCurve;
  readonly law: ScalingRow;
  readonly panel: string;
}

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const found = drawnOf(input, dataset);
  if (found.length === 0) return undefined;
  const { metric } = dataset;
  const names = algorithmOrder(input, found.map(({ curve }) => curve.row.algorithm));
  const styles = stylesOf(input, names);
  const title = (name: string) => titleOf(input.algorithms, name);
  const axes = [...new Set(found.map(({ curve }) => curve.axis))];
  const panels = [...new Set(found.map(({ panel }) => panel))];
  const values = found.flatMap(({ curve, law, panel }) => {
    const { algorithm, shots } = curve.row;
    const place = { algorithm: title(algorithm), shots, panel, prominent: styles[names.indexOf(algorithm)].prominent };
    const points = curve.points.map(({ size, errors }) => ({
      ...place,
      kind: "point",
      size,
      ...errorOf(errors, metric),
    }));
    const { exponent, coefficient, smallest, largest } = law;
    const line = exponent === null || coefficient === null ? [] : [smallest, largest].map((size) => {
      const error = coefficient * size ** -exponent;
      return { ...place, kind: "fit", size, error, low: error, high: error };
    });
    return [...points, ...line];
  });
  const counted = axes.length === 1 ? COUNTED[axes[0]] : "training tasks, or classes";
  const shownError = metric === "mse" ? SHOWN.mse : "error (share of wrong answers)";
  const seeds = range(found.map(({ curve }) => curve.points[0].errors.length));
  const heading = `${dataset.domain?.fromTitle ?? dataset.title}: error by ${counted}`;
  const logs = (numbers: readonly number[]) => {
    const all = numbers.filter((number) => number > 0).map(Math.log);
    return [Math.min(...all) - 0.1, Math.max(...all) + 0.1] as const;
  };
  const [left, right] = logs(values.map(({ size }) => size));
  const [bottom, top] = logs(values.map(({ error }) => error));
  const y = { field: "error", type: "quantitative" as const, title: shownError, ...logAxis(bottom - 0.1, top + 0.1) };
  const domain = names.map(title);
  const exponents = found.flatMap(({ curve, law, panel }) => {
    if (law.exponent === null) return [];
    const where = [plural(curve.row.shots, "shot"), panel].filter((part) => part !== "").join(", ");
    const ends = law.exponentLo === null || law.exponentHi === null
      ? ""
      : ` (${law.exponentLo.toFixed(2)} to ${law.exponentHi.toFixed(2)})`;
    return [`${title(curve.row.algorithm)} at ${where} ${law.exponent.toFixed(2)}${ends}`];
  });
  return {
    title: heading,
    caption: [
      `${
        metric === "mse" ? "MSE" : "Share of wrong answers"
      } of each algorithm as its authors use it, after the most inner steps, by the number of ${counted}; both axes are logarithmic.`,
      `Points: mean over ${plural(seeds, "seed")}${
        seeds === "1" ? "" : ", bars: 95 % t intervals over seeds, cut at the frame"
      }.`,
      "Lines: the power law error = b N^−c, by least squares of the logarithms.",
      exponents.length === 0
        ? "No line was fitted: an error is 0."
        : `Exponents c${seeds === "1" ? "" : ", with 95 % bootstrap intervals over seeds"}: ${list(exponents)}.`,
    ].join(" "),
    inPrint: `Each algorithm as its authors use it, mean over ${plural(seeds, "seed")}${
      seeds === "1" ? "" : "; bars: 95 % t intervals over seeds"
    }. Lines: fitted power laws error = b N^−c; both axes are logarithmic.`,
    alt: `Logarithmic chart of ${shownError} against the number of ${counted} for ${list(domain)}. Exponents: ${
      exponents.join("; ") || "none"
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `lines: fitted power laws${seeds === "1" ? "" : "; bars: 95 % t interval over seeds"}`,
      },
      data: { values },
      facet: panelsByShots(panels.length > 1 ? panels : []),
      spec: {
        width: 300,
        height: 240,
        encoding: {
          x: { field: "size", type: "quantitative", title: counted, ...logAxis(left, right) },
          color: {
            field: "algorithm",
            type: "nominal",
            title: null,
            scale: { domain, range: styles.map(({ colour }) => colour) },
            legend: { symbolOpacity: 1 },
          },
        },
        layer: [
          ...[false, true].map((prominent) => ({
            transform: [{ filter: `datum.kind == 'fit' && datum.prominent == ${prominent}` }],
            mark: { type: "line" as const, strokeWidth: prominent ? 2.4 : 1.4, opacity: prominent ? 0.9 : 0.7 },
            encoding: { y },
          })),
          {
            transform: [{ filter: "datum.kind == 'point'" }],
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
          },
          {
            transform: [{ filter: "datum.kind == 'point'" }],
            mark: { type: "point", filled: true, size: 46, opacity: 1 },
            encoding: {
              y,
              shape: {
                field: "algorithm",
                type: "nominal",
                title: null,
                scale: { domain, range: styles.map(({ shape }) => shape) },
              },
            },
          },
        ],
      },
    },
  };
}

/** An error with its interval over seeds; what would be 0 or less ends at a hundredth of the mean, below every frame. */
function errorOf(errors: readonly number[], metric: DataSetDescription["metric"]) {
  const { mean, low, high } = tInterval(errors) ?? { mean: NaN, low: null, high: null };
  if (metric === "mse") return { error: Math.exp(mean), low: Math.exp(low ?? mean), high: Math.exp(high ?? mean) };
  const least = Math.max(mean, 1e-6) / 100;
  return { error: Math.max(mean, least), low: Math.max(low ?? mean, least), high: Math.max(high ?? mean, least) };
}

/** The curves that begin with cells of a data set, each algorithm as its authors use it; of variants the first. */
function drawnOf(input: ReportInput, dataset: DataSetDescription): Drawn[] {
  const curves = scalingCurves(input.cells).filter(({ row }) => row.dataset === dataset.name);
  const used = nativeAmong(input, dataset, curves.map((curve) => ({ ...curve.row, curve }))).map(({ curve }) => curve);
  const settings = (curve: ScalingCurve) => panelOf(curve, used);
  const first = new Map(
    used.toReversed().map((curve) =>
      [JSON.stringify([curve.row.algorithm, curve.row.shots, settings(curve)]), curve] as const
    ),
  );
  return used.filter((curve) => [...first.values()].includes(curve)).map((curve) => ({
    curve,
    law: scalingRowOf(curve),
    panel: settings(curve),
  }));
}

/** What a row of panels is told by where there are several: what is counted, and what else differs. */
function panelOf({ axis, row }: ScalingCurve, all: readonly ScalingCurve[]): string {
  const differ = (of: (curve: ScalingCurve) => unknown) => new Set(all.map(of)).size > 1;
  return [
    ...(differ((curve) => curve.axis) ? [COUNTED[axis]] : []),
    ...(differ((curve) => curve.row.norm) ? [`norm ${row.norm}`] : []),
    ...(axis === "training-classes" && differ((curve) => curve.row.trainingTasks)
      ? [row.trainingTasks === null ? "fresh tasks" : plural(row.trainingTasks, "training task")]
      : []),
  ].join(", ");
}
