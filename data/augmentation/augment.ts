/** Augmentation of training images: crops, mirror images and changes of brightness, contrast and colour, drawn by name. */
import { z } from "zod";
import { type Key, type Rng, rng } from "../../common/random.ts";
import type { Immutable } from "../../common/immutable.ts";

/** What is done to the images of a training; nothing by default. */
export const augmentationSchema = z.strictObject({
  crop: z.int().min(0).max(64).default(0).describe(
    "Pixels of zeros around an image, of which a part of the image's own size is cut at random: 8 for images of 84 x 84, 4 for 32 x 32.",
  ),
  flip: z.boolean().default(false).describe("Whether every other image, at random, is mirrored left to right."),
  jitter: z.number().min(0).max(1).default(0).describe(
    "j: brightness, contrast and, of colour images, saturation are multiplied by factors from 1 - j to 1 + j; 0.4 in most recipes.",
  ),
});

/** What is done to the images of a training. */
export type Augmentation = Immutable<z.infer<typeof augmentationSchema>>;

/** Whether anything is done. */
export function augments({ crop, flip, jitter }: Augmentation): boolean {
  return crop > 0 || flip || jitter > 0;
}

/** Shares of red, green and blue in grey. */
const GREY = [0.299, 0.587, 0.114];

/**
 * Augmented copies of images, each with draws of its own.
 *
 * @param images [n, H, W, C] one after another, values in [0, 1]
 * @param shape [H, W, C]
 * @param key names the draws: the same key, the same copies
 */
export function augmented(images: Float32Array, shape: readonly number[], how: Augmentation, key: Key): Float32Array {
  const [height, width, channels] = shape;
  const random = rng(key);
  const size = height * width * channels;
  const out = new Float32Array(images.length);
  for (let start = 0; start < images.length; start += size) {
    const image = images.subarray(start, start + size);
    const copy = out.subarray(start, start + size);
    placed(image, copy, [height, width, channels], how, random);
    if (how.jitter > 0) jittered(copy, channels, how.jitter, random);
  }
  return out;
}

/** Cuts and mirrors: what lies beyond the image is 0. */
function placed(
  image: Float32Array,
  copy: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  { crop, flip }: Augmentation,
  random: Rng,
): void {
  const [down, right] = crop === 0 ? [0, 0] : [random.int(2 * crop + 1) - crop, random.int(2 * crop + 1) - crop];
  const mirrored = flip && random.int(2) === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = [y + down, (mirrored ? width - 1 - x : x) + right];
      if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
      for (let c = 0; c < channels; c++) {
        copy[(y * width + x) * channels + c] = image[(fromY * width + fromX) * channels + c];
      }
    }
  }
}

/** Brightness, contrast about the mean grey, and saturation about each pixel's grey, in this order; values stay in [0, 1]. */
function jittered(image: Float32Array, channels: number, jitter: number, random: Rng): void {
  const factor = () => random.uniform(1 - jitter, 1 + jitter);
  const [brightness, contrast, saturation] = [factor(), factor(), factor()];
  const limited = (value: number) => Math.min(1, Math.max(0, value));
  const greyOf = (at: number) =>
    channels === 3 ? GREY.reduce((sum, share, c) => sum + share * image[at + c], 0) : image[at];
  for (let i = 0; i < image.length; i++) image[i] = limited(image[i] * brightness);
  let mean = 0;
  for (let at = 0; at < image.length; at += channels) mean += greyOf(at) * channels / image.length;
  for (let i = 0; i < image.length; i++) image[i] = limited(mean + contrast * (image[i] - mean));
  if (channels !== 3) return;
  for (let at = 0; at < image.length; at += channels) {
    const grey = greyOf(at);
    for (let c = 0; c < channels; c++) image[at + c] = limited(grey + saturation * (image[at + c] - grey));
  }
}
