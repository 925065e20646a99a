import { encode } from "fast-png";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { INK, QUIET } from "../view/palette.ts";
import { episodePanels, panelTitle, rowsOfClasses, waysOf } from "./episode_verdicts.ts";
import { chosenPicture, chosenStates, pictureSettings } from "./pictures.ts";
import { list, plural } from "../view/select.ts";
import { type Drawing, type Figure } from "./figure.ts";
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
  const panels = episodePanels(input, picture, states);
  if (panels.length === 0) return undefined;

  const { episode, shots } = picture;
  const ways = waysOf(picture);
  const queries = episode.nQuery / ways;
  const classes = Math.min(ways, MAX.classes);
  const image = (images: Float32Array, index: number) => dataUrl(images, index, dataset);
  const tiles = (count: number, targets: Float32Array, images: Float32Array) =>
    rowsOfClasses(targets, ways).slice(0, classes).flatMap((rows, label) =>
      rows.slice(0, count).map((index, column) => ({
        row: `class ${label + 1}`,
        column,
        index,
        image: image(images, index),
      }))
    );
  const most = Math.max(...rowsOfClasses(episode.supportY, ways).map(({ length }) => length));
  const support = tiles(MAX.support, episode.supportY, episode.supportX);
  const query = tiles(MAX.queries, episode.queryY, episode.queryX);
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
  const rates = panels.map(({ label, count }) => `${label}: ${count}`);
  const omitted = classes < ways || queries > MAX.queries || most > MAX.support;
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
    inPrint: `One test episode with ${
      plural(shots, "shot")
    } and one training seed, an example: ✓ right, ✗ wrong, with the number of the class that is said.`,
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
        ...panels.map(({ heading, adapted, verdicts, count }) => ({
          ...size,
          title: panelTitle(heading, `${adapted}: ${count}`),
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

/** An image as a PNG in a `data:` address; where 1 is ink, it becomes black on white. */
function dataUrl(
  images: Float32Array,
  index: number,
  { inputShape: [height, width, channels], oneIsLight = false }: Pick<DataSetDescription, "inputShape" | "oneIsLight">,
): string {
  const size = height * width * channels;
  const values = images.subarray(index * size, (index + 1) * size);
  const level = (value: number) => {
    const within = Math.min(1, Math.max(0, value));
    return Math.round(255 * (oneIsLight ? within : 1 - within));
  };
  const data = Uint8Array.from(values, level);
  return `data:image/png;base64,${encode({ width, height, channels, depth: 8, data }).toBase64()}`;
}
