import type { Illustration } from "../view/input.ts";
import type { DataSetDescription, EpisodePicture, ReportInput } from "../view/input.ts";
import { CURVE_COLOURS, INK, PAPER, QUIET } from "../view/palette.ts";
import { adaptedText } from "../view/adaptation.ts";
import { chosenPicture, type ChosenStates, chosenStates, pictureSettings } from "./pictures.ts";
import { list, plural } from "../view/select.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** The classic picture of MAML's paper, of any curve: it, the support points on it, and predictions before and after adaptation. */
export const curveAdaptation: Figure = { name: "curve_adaptation", draw };

const TRUTH = "true curve";

/** How a curve is drawn. */
interface CurveStyle {
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly [number, number];
}

const REPLACED_DASHES = [[2, 3], [7, 2], [1, 2]] as const;

/** How curves are drawn by what they are; curves of several adapters take their turns. */
const CURVES = {
  truth: [{ colour: "#b9c2cc", width: 5, dash: [1, 0] }],
  before: [{ colour: QUIET, width: 1.8, dash: [5, 4] }],
  after: [{ colour: INK, width: 2.4, dash: [1, 0] }, { colour: INK, width: 2.4, dash: [8, 3] }],
  replaced: CURVE_COLOURS.map((colour, i): CurveStyle => ({ colour, width: 2.2, dash: REPLACED_DASHES[i] })),
} as const satisfies Record<string, readonly CurveStyle[]>;

type Kind = keyof typeof CURVES;

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  if (dataset.metric !== "mse" || dataset.inputShape.length !== 1 || dataset.inputShape[0] !== 1) return undefined;
  const picture = chosenPicture(input, dataset.name);
  if (picture === undefined) return undefined;
  const states = chosenStates(input, picture, dataset);
  const panels = states.map((state) => ({
    label: panelLabel(titleOf(input.algorithms, state.algorithm), state),
    curves: curvesOf(input, state),
  })).filter(({ curves }) => curves.length > 0);
  if (panels.length === 0) return undefined;

  const { episode, shots } = picture;
  const order = [...episode.queryX.keys()].sort((a, b) => episode.queryX[a] - episode.queryX[b]);
  const lines = panels.flatMap(({ label, curves }) => [
    ...order.map((i) => ({ panel: label, curve: TRUTH, x: tidy(episode.queryX[i]), y: tidy(episode.queryY[i]) })),
    ...curves.flatMap((curve) =>
      order.filter((i) => Number.isFinite(curve.predictions[i]?.[0])).map((i) => (
        { panel: label, curve: curve.label, x: tidy(episode.queryX[i]), y: tidy(curve.predictions[i][0] ?? NaN) }
      ))
    ),
  ]);
  const points = panels.flatMap(({ label }) =>
    [...episode.supportX.keys()].map((i) => ({
      panel: label,
      point: "support",
      x: tidy(episode.supportX[i]),
      y: tidy(episode.supportY[i]),
    }))
  );
  const kinds = new Map<string, Kind>([[TRUTH, "truth"]]);
  for (const { label, kind } of panels.flatMap(({ curves }) => curves)) kinds.set(label, kind);
  const legend = [...kinds].sort((a, b) => rank(a[1]) - rank(b[1]));
  const domain = legend.map(([label]) => label);
  const style = legend.map(([, kind], i): CurveStyle => {
    const styles: readonly CurveStyle[] = CURVES[kind];
    return styles[(i - legend.findIndex(([, other]) => other === kind)) % styles.length];
  });
  const height = 1.5 * Math.max(1, ...[...episode.queryY, ...episode.supportY].map(Math.abs));
  const extent = [Math.min(...episode.queryX), Math.max(...episode.queryX)];
  const heading = `${dataset.title}: one test episode before and after adaptation`;
  return {
    title: heading,
    caption: `The first test episode with ${plural(shots, "shot")} and one training seed: an example, not evidence. ` +
      "Each is shown at the sharing depth of its authors' use. " +
      `${pictureSettings(dataset, states)} Predictions outside the panel are drawn at its edge.`.trim(),
    inPrint: `One test episode with ${plural(shots, "shot")} and one training seed: an example, not evidence.`,
    alt: `A curve, ${plural(episode.nSupport, "support point")} on it, and the predictions of ${
      list(panels.map(({ label }) => label))
    }. ${
      panels.map(({ label, curves }) =>
        `${label}: ${curves.map((curve) => `MSE ${curve.label} ${mse(curve.predictions, picture)}`).join(", ")}`
      ).join("; ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: { text: heading, subtitle: `${plural(shots, "shot")}, one training seed` },
      data: { name: "curves", values: [...lines, ...points] },
      facet: {
        column: { field: "panel", type: "nominal", sort: panels.map(({ label }) => label), header: { title: null } },
      },
      spec: {
        width: 360,
        height: 260,
        encoding: {
          x: { field: "x", type: "quantitative", title: "x", scale: { domain: extent, nice: false } },
          y: {
            field: "y",
            type: "quantitative",
            title: "y",
            scale: { domain: [-height, height], nice: false, clamp: true },
          },
        },
        layer: [
          {
            transform: [{ filter: "isValid(datum.curve)" }],
            mark: { type: "line", strokeCap: "butt" },
            encoding: {
              color: {
                field: "curve",
                type: "nominal",
                title: null,
                scale: { domain, range: style.map(({ colour }) => colour) },
                legend: { symbolType: "stroke", symbolSize: 700 },
              },
              strokeDash: {
                field: "curve",
                type: "nominal",
                title: null,
                scale: { domain, range: style.map(({ dash }) => [...dash]) },
              },
              strokeWidth: {
                field: "curve",
                type: "nominal",
                sort: domain,
                title: null,
                scale: { type: "ordinal", domain, range: style.map(({ width }) => width) },
              },
            },
          },
          {
            transform: [{ filter: "isValid(datum.point)" }],
            mark: { type: "point", filled: true, color: INK, size: 160, opacity: 1, stroke: PAPER, strokeWidth: 1.2 },
            encoding: {
              shape: {
                field: "point",
                type: "nominal",
                title: null,
                scale: { domain: ["support"], range: ["triangle-up"] },
                legend: { labelExpr: "'support points'" },
              },
            },
          },
        ],
      },
    },
  };
}

interface Curve {
  readonly kind: Kind;
  readonly label: string;
  readonly predictions: Illustration["predictions"];
}

/** Of adapters that take steps, before the first and after the last one; of the others, the one prediction that they make. */
function curvesOf(input: ReportInput, { adapted }: ChosenStates): Curve[] {
  const curves = adapted.flatMap((state) => {
    const { adapter } = state;
    const points = state.illustrations.toSorted((a, b) => (a.innerSteps ?? 0) - (b.innerSteps ?? 0));
    const drawn = points.length > 1 ? [points[0], points[points.length - 1]] : points;
    return drawn.map(({ innerSteps, predictions }, i): Curve => {
      const text = adaptedText(input, { adapter, innerSteps });
      if (innerSteps === null) return { kind: "replaced", label: text, predictions };
      const kind = i === 0 && (drawn.length > 1 || innerSteps === 0) ? "before" : "after";
      return { kind, label: innerSteps === 0 ? "before adaptation" : `after ${text}`, predictions };
    });
  });
  // Before their first step, adapters that take steps say the same.
  return curves.filter(({ label }, i) => curves.findIndex((curve) => curve.label === label) === i);
}

function panelLabel(title: string, { sharingDepth }: ChosenStates): string {
  return sharingDepth === null ? title : `${title}, d = ${sharingDepth}`;
}

function rank(kind: Kind): number {
  return Object.keys(CURVES).indexOf(kind);
}

/** Four decimals are more than a pixel. */
function tidy(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function mse(predictions: Illustration["predictions"], { episode }: EpisodePicture): string {
  const total = predictions.reduce((sum, [value], i) => sum + ((value ?? NaN) - episode.queryY[i]) ** 2, 0);
  return Number.isFinite(total) ? String(Number((total / predictions.length).toPrecision(2))) : "not finite";
}
