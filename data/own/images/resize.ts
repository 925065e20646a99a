/** Images to squares of a given side: exact area averages where they shrink, linear interpolation where they grow. */

/** One plane of grey or colour values per channel, interleaved, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** Which part of an image is used. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The middle square of an image, or all of it. */
export function frameOf({ width, height }: Pick<Raster, "width" | "height">, fit: "crop" | "stretch"): Frame {
  if (fit === "stretch") return { left: 0, top: 0, width, height };
  const side = Math.min(width, height);
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), width: side, height: side };
}

/** What one target takes of its sources: weights of `first`, `first + 1`, ..., which add up to one. */
interface Share {
  readonly first: number;
  readonly weights: readonly number[];
}

/** The shares of all targets along one axis. */
export function sharesOf(from: number, to: number): Share[] {
  return Array.from(
    { length: to },
    (_, target) => from >= to ? areaShare(from, to, target) : linearShare(from, to, target),
  );
}

/** The sources that lie within the target, each by the part of it that does. */
function areaShare(from: number, to: number, target: number): Share {
  const scale = from / to;
  const [start, end] = [target * scale, Math.min(from, (target + 1) * scale)];
  const first = Math.floor(start);
  const last = Math.min(from, Math.ceil(end - 1e-9));
  const parts = Array.from(
    { length: last - first },
    (_, i) => Math.max(0, Math.min(end, first + i + 1) - Math.max(start, first + i)),
  );
  const sum = parts.reduce((total, part) => total + part, 0);
  return { first, weights: parts.map((part) => part / sum) };
}

/** The two sources whose centres are nearest to the target's, the outermost beyond the edges. */
function linearShare(from: number, to: number, target: number): Share {
  const centre = Math.min(from - 1, Math.max(0, (target + 0.5) * from / to - 0.5));
  const first = Math.min(Math.floor(centre), Math.max(0, from - 2));
  const rest = centre - first;
  return { first, weights: from === 1 ? [1] : [1 - rest, rest] };
}

/**
 * Brings a frame of an image to `side` x `side`.
 *
 * @param out whole numbers are written here, rounded to the nearest, from `at` on
 */
export function resize(image: Raster, frame: Frame, side: number, out: Uint8Array, at: number): void {
  const { width, channels, data } = image;
  if (frame.width === side && frame.height === side && width === side) {
    const from = frame.top * width * channels;
    for (let i = 0; i < side * side * channels; i++) out[at + i] = Math.round(data[from + i]);
    return;
  }
  const [columns, rows] = [sharesOf(frame.width, side), sharesOf(frame.height, side)];
  const across = new Float64Array(frame.height * side * channels);
  for (let y = 0; y < frame.height; y++) {
    const row = ((frame.top + y) * width + frame.left) * channels;
    for (let x = 0; x < side; x++) {
      const { first, weights } = columns[x];
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * data[row + (first + i) * channels + channel];
        across[(y * side + x) * channels + channel] = sum;
      }
    }
  }
  const length = side * channels;
  for (let y = 0; y < side; y++) {
    const { first, weights } = rows[y];
    for (let x = 0; x < length; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * across[(first + i) * length + x];
      out[at + y * length + x] = Math.round(sum);
    }
  }
}
