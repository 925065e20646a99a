/** A listing of images and what was decoded of it as a collection; values are in [0, 1]. */
import type { Collection } from "../../contract/collection.ts";
import type { PixelOptions } from "../source.ts";
import type { CountedImages } from "./listing.ts";
import { type ImageContent, imageLength } from "./pixels.ts";

/** Shape of one image: height, width, channels. */
export function imageShape({ size, colour }: Pick<PixelOptions, "size" | "colour">): readonly number[] {
  return [size, size, colour === "grey" ? 1 : 3];
}

/** Makes the collection. */
export function imageCollection(
  name: string,
  listing: CountedImages,
  source: PixelOptions,
  { pixels, digest }: ImageContent,
): Collection {
  const { classes, splits } = listing;
  const length = imageLength(source);
  let before = 0;
  const starts = classes.map(({ files }) => {
    const start = before;
    before += files.length;
    return start;
  });
  const position = new Map(classes.map((own, index) => [own.name, index]));
  const positions = (names: readonly string[]) => names.map((own) => position.get(own)!);
  return {
    name,
    inputShape: imageShape(source),
    digest,
    classes: classes.map((own) => ({
      name: own.name,
      ...(own.name.includes("/") ? { group: own.name.slice(0, own.name.indexOf("/")) } : {}),
      examples: own.files.length,
    })),
    splits: {
      train: positions(splits.train),
      validation: positions(splits.validation),
      test: positions(splits.test),
    },
    write(classId, example, out, at) {
      const from = (starts[classId] + example) * length;
      for (let i = 0; i < length; i++) out[at + i] = pixels[from + i] / 255;
    },
  };
}
