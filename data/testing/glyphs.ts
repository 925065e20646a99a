/**
 * Made-up characters of made-up alphabets: classification without files, for tests.
 *
 * A character is three bent strokes on a square of 28 x 28 pixels, one of them shared by its alphabet; an example moves their ends and bends them anew,
 * as a hand does. The task is a little easier than Omniglot for the nearest class mean (see the test), and no result on it says anything about real data.
 */
import { createHash } from "node:crypto";
import { type Key, rng } from "../../common/random.ts";
import type { Collection } from "../contract/collection.ts";
import type { DataSet, DataSetEntry } from "../contract/dataset.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";

/** Sizes of a collection of glyphs. */
export interface GlyphSizes {
  /** Width and height, pixels. */
  readonly side: number;
  /** Alphabets in the training, validation and test split. */
  readonly alphabets: readonly [train: number, validation: number, test: number];
  readonly charactersPerAlphabet: number;
  /** A class has from the first to the second number of examples. */
  readonly examples: readonly [fewest: number, most: number];
}

/** 80 training classes of 20 to 24 examples. */
export const GLYPH_SIZES: GlyphSizes = {
  side: 28,
  alphabets: [8, 3, 3],
  charactersPerAlphabet: 10,
  examples: [20, 24],
};

const STROKES = 3;
/** Points of a stroke that are inked. */
const POINTS = 20;
/** Standard deviations of what an example moves each point of a stroke and the whole character by, in sides. */
const [JITTER, SHIFT] = [0.05, 0.05];
/** Radius of the pen in pixels, and half of the width of its soft edge. */
const [PEN, EDGE] = [1.1, 0.5];

/** Two ends and the point in between that bends the stroke: x and y of each, in sides. */
type Stroke = readonly number[];

function drawStroke(key: Key): Stroke {
  const random = rng(key);
  return Array.from({ length: 6 }, () => random.uniform(0.15, 0.85));
}

/** Makes the collection; strokes are drawn when an example is asked for. */
export function glyphs(sizes: GlyphSizes = GLYPH_SIZES): Collection {
  const { side, alphabets: [train, validation, test], charactersPerAlphabet: perAlphabet, examples: [fewest, most] } =
    sizes;
  const characters = Array.from({ length: (train + validation + test) * perAlphabet }, (_, id) => {
    const [alphabet, character] = [Math.floor(id / perAlphabet), id % perAlphabet];
    return {
      name: `Alphabet ${alphabet + 1}/character ${character + 1}`,
      group: `Alphabet ${alphabet + 1}`,
      examples: fewest + rng(["glyphs", "examples", id]).int(most - fewest + 1),
      strokes: Array.from(
        { length: STROKES },
        (_, stroke) => drawStroke(["glyphs", "stroke", alphabet, stroke === 0 ? "common" : character, stroke]),
      ),
    };
  });
  const ids = (first: number, alphabets: number) =>
    Array.from({ length: alphabets * perAlphabet }, (_, i) => first * perAlphabet + i);
  return {
    name: "glyphs",
    inputShape: [side, side, 1],
    digest: createHash("sha256").update(JSON.stringify(sizes)).digest("hex"),
    classes: characters,
    splits: { train: ids(0, train), validation: ids(train, validation), test: ids(train + validation, test) },
    write(classId, example, out, at) {
      const random = rng(["glyphs", "example", classId, example]);
      const image = out.subarray(at, at + side * side).fill(0);
      const shift = [SHIFT * random.normal(), SHIFT * random.normal()];
      for (const stroke of characters[classId].strokes) {
        inkStroke(image, side, stroke.map((own, i) => side * (own + shift[i % 2] + JITTER * random.normal())));
      }
    },
  };
}

/** Inks a quadratic Bézier curve, given in pixels. */
function inkStroke(image: Float32Array, side: number, [x0, y0, x1, y1, x2, y2]: Stroke): void {
  const reach = Math.ceil(PEN + EDGE);
  for (let i = 0; i < POINTS; i++) {
    const t = i / (POINTS - 1);
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    const [x, y] = [a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2];
    const [column, row] = [Math.round(x), Math.round(y)];
    for (let v = Math.max(0, row - reach); v <= Math.min(side - 1, row + reach); v++) {
      for (let u = Math.max(0, column - reach); u <= Math.min(side - 1, column + reach); u++) {
        const ink = (PEN + EDGE - Math.sqrt((u - x) ** 2 + (v - y) ** 2)) / (2 * EDGE);
        image[v * side + u] = Math.max(image[v * side + u], Math.min(1, ink));
      }
    }
  }
}

/** N-way tasks of glyphs. */
export function glyphsDataSet(ways: number, sizes: GlyphSizes = GLYPH_SIZES): DataSet {
  return collectionDataSet(glyphs(sizes), ways);
}

/** A line for a table of data sets, for tests that need one whose files are always there. */
export const glyphsEntry: DataSetEntry = {
  name: "glyphs",
  title: "Glyphs",
  summary: "Classification of made-up characters",
  source: "this project",
  kind: "classification",
  metric: "accuracy",
  inputShape: [GLYPH_SIZES.side, GLYPH_SIZES.side, 1],
  examplesPerClass: GLYPH_SIZES.examples[0],
  classes: GLYPH_SIZES.alphabets[0] * GLYPH_SIZES.charactersPerAlphabet,
  sourceFiles: ["data/testing/glyphs.ts"],
  missing: () => Promise.resolve(undefined),
  open: ({ ways, style }) => Promise.resolve(collectionDataSet(glyphs(), ways, style)),
};
