import { encode } from "fast-png";
import type { DataSetDescription, EpisodePicture, Illustration, PicturedState, ReportInput } from "../view/input.ts";
import { INK, QUIET } from "../view/palette.ts";
import { adaptedText } from "../view/adaptation.ts";
import { chosenPicture, type ChosenStates, chosenStates, pictureSettings } from "./pictures.ts";
import { list, plural } from "../view/select.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** One image classification episode: the support set, some queries, and what adapted states say about them. */
export const omniglotEpisode: Figure = { name: "omniglot_episode", draw };

/** What fits: more classes, support or query images are left out and the caption says so. */
const MAX = { classes: 8, support: 5, queries: 5 } as const;

const TILE = 46;
/** Behind images, which stay as they are in the page's dark theme. */
const TILE_PAPER = "#fefefe";

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  if (dataset.inputShape.length !== 3) return undefined;
  const picture = chosenPicture(input, dataset.name);
  if (picture === undefined) return undefined;
  const states = chosenStates(input, picture, dataset);
  const panels = states.flatMap((state) => {
    const verdicts = verdictsOf(state, picture);
    return verdicts === undefined ? [] : [{ ...panelLabels(input, state), verdicts }];
  });
  if (panels.length === 0) return undefined;

  const { episode, shots } = picture;
  const ways = waysOf(picture);
  const queries = episode.nQuery / ways;
  const classes = Math.min(ways, MAX.classes);
  const image = (images: Float32Array, index: number) => dataUrl(images, index, dataset.inputShape);
  const tiles = (count: number, perClass: number, images: Float32Array) =>
    Array.from({ length: classes * count }, (_, tile) => {
      const index = Math.floor(tile / count) * perClass + tile % count;
      return { row: `class ${Math.floor(tile / count) + 1}`, column: tile % count, index, image: image(images, index) };
    });
  const support = tiles(Math.min(shots, MAX.support), shots, episode.supportX);
  const query = tiles(Math.min(queries, MAX.queries), queries, episode.queryX);
  const y = {
    field: "row",
    type: "ordinal",
    sort: Array.from({ length: classes }, (_, i) => `class ${i + 1}`),
    title: null,
    axis: { domain: false, ticks: false, labelFontSize: 12 },
  } as const;
  const x = { field: "column", type: "ordinal", axis: null, scale: { paddingInner: 0.1 } } as const;
  const size = { width: { step: TILE + 8 }, height: { step: TILE + 24 } } as const;
  const picturesLayer = {
    mark: { type: "image", width: TILE, height: TILE, aspect: true },
    encoding: { url: { field: "image", type: "nominal" } },
  } as const;
  const frame = { type: "rect", width: TILE + 5, height: TILE + 5, fill: TILE_PAPER, strokeWidth: 2.5 } as const;
  const heading = `${dataset.title}: one test episode`;
  const counts = panels.map(({ verdicts }) => {
    const right = verdicts.filter((said, i) => said === Math.floor(i / queries)).length;
    return `${right} of ${episode.nQuery} right`;
  });
  const rates = panels.map(({ label }, panel) => `${label}: ${counts[panel]}`);
  const omitted = classes < ways || queries > MAX.queries || shots > MAX.support;
  return {
    title: heading,
    caption: [
      `The first test episode with ${plural(shots, "shot")} and one training seed: an example, not evidence.`,
      "Each is adapted as its authors do where that is pictured.",
      pictureSettings(dataset, states),
      "Each query image shows what the adapted network says: a thin frame and ✓ where it is right, a thick dark frame, ✗ and the number of the class it says (– for none) where it is wrong.",
      omitted
        ? `Shown: ${classes} of ${
          plural(ways, "class")
        }, at most ${MAX.support} support and ${MAX.queries} of ${queries} query images of each; counts are over all.`
          .replace("classs", "classes")
        : "",
      `${rates.join("; ")}.`,
    ].filter((sentence) => sentence !== "").join(" "),
    alt: `Images of ${classes} classes: the support set, and query images with the predictions of ${
      list(panels.map(({ label }) => label))
    }. ${rates.join("; ")}.`,
    spec: {
      $schema: SCHEMA,
      config: { ...CONFIG, view: { stroke: null } },
      title: { text: heading, subtitle: `${plural(shots, "shot")}, one training seed` },
      spacing: 36,
      hconcat: [
        {
          ...size,
          title: panelTitle("support set", ""),
          data: { values: support },
          encoding: { x, y },
          layer: [{ mark: { ...frame, stroke: QUIET, strokeWidth: 1 } }, picturesLayer],
        },
        ...panels.map(({ heading, adapted, verdicts }, panel) => ({
          ...size,
          title: panelTitle(heading, `${adapted}: ${counts[panel]}`),
          data: {
            values: query.map((tile) => {
              const said = verdicts[tile.index];
              const right = said === Math.floor(tile.index / queries);
              return { ...tile, right, says: right ? "✓" : said < 0 ? "✗ –" : `✗ ${said + 1}` };
            }),
          },
          encoding: { x, y: { ...y, axis: null } },
          layer: [
            {
              mark: frame,
              encoding: {
                stroke: { condition: { test: "datum.right", value: QUIET }, value: INK },
                strokeWidth: { condition: { test: "datum.right", value: 1 }, value: 4 },
              },
            },
            picturesLayer,
            {
              mark: { type: "text" as const, dy: TILE / 2 + 10, fontSize: 10.5, color: INK },
              encoding: { text: { field: "says", type: "nominal" as const } },
            },
          ],
        })),
      ],
    },
  };
}

function panelTitle(text: string, subtitle: string) {
  return { text, subtitle: subtitle === "" ? " " : subtitle, fontSize: 13, anchor: "start" as const, offset: 8 };
}

function waysOf({ episode }: EpisodePicture): number {
  return episode.supportY.length / episode.nSupport;
}

/**
 * Per query, the class with the largest logit after the last inner step where there are any, -1 where logits are not finite; undefined
 * where there are no predictions.
 */
function verdictsOf({ native }: ChosenStates, { episode }: EpisodePicture): number[] | undefined {
  const predictions = lastOf(native)?.predictions;
  if (predictions === undefined || predictions.length !== episode.nQuery) return undefined;
  return predictions.map((row) => row.map((logit) => logit ?? NaN)).map((logits) =>
    logits.every(Number.isFinite) ? logits.reduce((best, value, c) => value > logits[best] ? c : best, 0) : -1
  );
}

/** Where a state's adaptation ends. */
function lastOf({ illustrations }: PicturedState): Illustration | undefined {
  return illustrations.toSorted((a, b) => (a.innerSteps ?? 0) - (b.innerSteps ?? 0)).at(-1);
}

/** "MAML, d = 0", "5 steps", and both together: "MAML, d = 0, 5 steps" */
function panelLabels(input: ReportInput, { algorithm, sharingDepth, native }: ChosenStates) {
  const heading = `${titleOf(input.algorithms, algorithm)}${sharingDepth === null ? "" : `, d = ${sharingDepth}`}`;
  const adapted = adaptedText(input, { ...native, innerSteps: lastOf(native)?.innerSteps ?? null });
  return { heading, adapted, label: `${heading}, ${adapted}` };
}

/** An image as a PNG in a `data:` address; ink = 1 becomes black on white. */
function dataUrl(images: Float32Array, index: number, [height, width, channels]: readonly number[]): string {
  const size = height * width * channels;
  const values = images.subarray(index * size, (index + 1) * size);
  const level = (value: number) => Math.round(255 * (1 - Math.min(1, Math.max(0, value))));
  const data = Uint8Array.from({ length: height * width }, (_, i) => level(values[i * channels]));
  return `data:image/png;base64,${encode({ width, height, channels: 1, depth: 8, data }).toBase64()}`;
}
