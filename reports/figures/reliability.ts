import { type Place, placeKey } from "../rows/place.ts";
import type { CalibrationRow } from "../rows/rows.ts";
import { BINS, expectedCalibrationError } from "../statistics/calibration.ts";
import { adaptedText } from "../view/adaptation.ts";
import { type DataSetDescription, type ReportInput, titleOf } from "../view/input.ts";
import { INK, QUIET } from "../view/palette.ts";
import { list, plural } from "../view/select.ts";
import { settingsDiffer, varying } from "../view/settings.ts";
import { settingText } from "../rows/setting.ts";
import type { Drawing, Figure } from "./figure.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Share of right predictions against how sure the network is of them: a panel per side of the answer's comparisons. */
export const reliability: Figure = { name: "reliability", draw };

/** Panels that fit beside each other. */
const MOST_PANELS = 4;

/** Bins of one place, all seeds together. */
interface Panel {
  readonly label: string;
  readonly bins: readonly { readonly confidence: number; readonly accuracy: number; readonly queries: number }[];
  /** Mean over seeds, in per cent. */
  readonly error: number;
  readonly seeds: number;
}

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const places = placesOf(input, dataset);
  const panels = places.flatMap((place) => panelOf(input, dataset, place) ?? []).slice(0, MOST_PANELS);
  if (panels.length === 0) return undefined;
  const values = panels.flatMap(({ label, bins }) => {
    const most = Math.max(...bins.map(({ queries }) => queries));
    return [
      ...[0, 1].map((at) => ({ panel: label, kind: "perfect", confidence: at, accuracy: at, queries: 0, share: 0 })),
      ...bins.map((bin) => ({ panel: label, kind: "observed", ...bin, share: bin.queries / most })),
    ];
  });
  const heading = `${dataset.title}: how far probabilities can be believed`;
  const labels = panels.map(({ label }) => label);
  const [{ shots }] = places;
  const share = (field: "confidence" | "accuracy", title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { domain: [0, 1], nice: false },
    axis: { grid: true, format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
  });
  const errors = panels.map(({ label, error }) => `${label}: ${error.toFixed(1)} %`);
  return {
    title: heading,
    scoreless: true,
    caption: [
      `Queries of all test episodes with ${
        plural(shots, "shot")
      } in ${BINS} bins by the largest probability that the adapted network gives: how many of a bin are right.`,
      "On the diagonal a network is right as often as it is sure; below it, it is too sure. Larger points: more queries.",
      `All seeds together (${plural(Math.max(...panels.map(({ seeds }) => seeds)), "seed")}).`,
      `Expected calibration error, mean over seeds: ${errors.join("; ")}.`,
      settingsDiffer(dataset),
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint:
      "Share of right queries per bin of confidence; on the dashed line a network is right as often as it is sure.",
    alt: `Reliability diagrams of ${list(labels)} on ${dataset.title}. Expected calibration error: ${
      errors.join("; ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: { text: heading, subtitle: `${plural(shots, "shot")}, ${BINS} bins of confidence` },
      data: { values },
      facet: { field: "panel", type: "nominal", sort: labels, header: { title: null } },
      columns: panels.length,
      spec: {
        width: 220,
        height: 220,
        encoding: { x: share("confidence", "confidence"), y: share("accuracy", "accuracy") },
        layer: [
          {
            transform: [{ filter: { field: "kind", equal: "perfect" } }],
            mark: { type: "line", strokeWidth: 1.2, strokeDash: [4, 3], color: QUIET },
          },
          {
            transform: [{ filter: { field: "kind", equal: "observed" } }],
            mark: { type: "line", strokeWidth: 1.6, color: INK, opacity: 0.7 },
          },
          {
            transform: [{ filter: { field: "kind", equal: "observed" } }],
            mark: { type: "point", filled: true, color: INK, opacity: 1 },
            encoding: {
              size: {
                field: "share",
                type: "quantitative",
                scale: { domain: [0, 1], range: [12, 130] },
                legend: null,
              },
            },
          },
        ],
      },
    },
  };
}

/** The sides of the answer's comparisons on a data set, at the shots of the first of them. */
function placesOf({ families, verdicts }: ReportInput, { name }: DataSetDescription): Place[] {
  const answering = new Set(families.filter(({ purpose }) => purpose === "answer").map((family) => family.name));
  const own = verdicts.map(({ key }) => key).filter((key) => key.dataset === name && answering.has(key.family));
  const places = own.filter(({ a }) => a.shots === own[0].a.shots).flatMap(({ a, b }) => [a, b]);
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

function panelOf(input: ReportInput, dataset: DataSetDescription, place: Place): Panel | undefined {
  const key = placeKey(place);
  const own = (input.calibration ?? []).filter((row) => row.dataset === dataset.name && placeKey(row) === key);
  if (own.length === 0) return undefined;
  const seeds = [...Map.groupBy(own, ({ seed }) => seed).values()];
  const errors = seeds.map((rows) => 100 * (expectedCalibrationError(rows.map(binOf)) ?? 0));
  const bins = [...Map.groupBy(own, ({ bin }) => bin)].sort(([a], [b]) => a - b).map(([, rows]) => {
    const [queries, confidence, right] = [0, 1, 2].map((i) => rows.reduce((sum, row) => sum + binOf(row)[i], 0));
    return { confidence: confidence / queries, accuracy: right / queries, queries };
  });
  const parts = [titleOf(input.algorithms, place.algorithm), adaptedText(input, place)];
  const settings = varying(dataset).map((field) => settingText(field, place));
  return {
    label: [...parts, ...settings].join(", "),
    bins,
    error: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    seeds: seeds.length,
  };
}

function binOf({ queries, confidence, accuracy }: CalibrationRow): [number, number, number] {
  return [queries, queries * confidence, queries * accuracy];
}
