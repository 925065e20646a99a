/** One image: a file's bytes to grey or colour values. Transparent pixels are seen on white. */
import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import { type ImageFormat, readHeader } from "./header.ts";
import type { Raster } from "./resize.ts";

/** The largest image: more pixels than a camera's. */
const MAX_PIXELS = 100_000_000;

/** Four values a pixel: red, green, blue and opacity, 0 .. 255. */
interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

type Decoder = (bytes: Uint8Array) => Promise<Rgba> | Rgba;

/** Decoders by format, each made when the first such image comes. */
const decoders: Partial<Record<ImageFormat, Promise<Decoder>>> = {};

const MAKERS: Readonly<Record<ImageFormat, () => Promise<Decoder>>> = {
  png: () => Promise.resolve(pngToRgba),
  async jpeg() {
    const [{ default: decode, init }, { default: code }] = await Promise.all([
      import("@jsquash/jpeg/decode.js"),
      import("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", { with: { type: "bytes" } }),
    ]);
    return await watched(code, init, decode);
  },
  async webp() {
    const [{ default: decode, init }, { default: code }] = await Promise.all([
      import("@jsquash/webp/decode.js"),
      import("@jsquash/webp/codec/dec/webp_dec.wasm", { with: { type: "bytes" } }),
    ]);
    return await watched(code, init, decode);
  },
};

type Init = typeof import("@jsquash/jpeg/decode.js").init;

/** A WebAssembly decoder that fails where it would only have said on the console that a file ends too early. */
async function watched(
  code: Uint8Array<ArrayBuffer>,
  init: Init,
  decode: (buffer: ArrayBuffer) => Promise<ImageData>,
): Promise<Decoder> {
  const module = await WebAssembly.compile(code);
  let said: string[] = [];
  const hooks = {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
    printErr: (text: string) => void said.push(text),
    print: (text: string) => void said.push(text),
    // A decoder that gives up must not decide how this process ends.
    quit(_: number, reason: unknown) {
      throw reason;
    },
  };
  await init(hooks as Parameters<Init>[0]);
  return async (bytes) => {
    said = [];
    try {
      const image = await decode(bytes.slice().buffer);
      const early = said.find((text) => /premature end|no image/i.test(text));
      if (early !== undefined) throw new Error(early);
      return image;
    } catch (error) {
      throw new Error(said[0] ?? (error instanceof Error ? error.message : "its content cannot be decoded"));
    }
  };
}

/**
 * Decodes an image.
 *
 * @param colour "rgb" for three channels, "grey" for their luma (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B)
 * @throws Error that says what is wrong, as the end of a sentence that begins with the file's name
 */
export async function decodeImage(bytes: Uint8Array, colour: "grey" | "rgb"): Promise<Raster> {
  const { format, width, height } = readHeader(bytes);
  if (width === 0 || height === 0) throw new Error(`is damaged: it has ${width} x ${height} pixels`);
  if (width * height > MAX_PIXELS) {
    throw new Error(`has ${width} x ${height} pixels, more than the ${MAX_PIXELS} that are read`);
  }
  const decoder = await (decoders[format] ??= MAKERS[format]());
  let image: Rgba;
  try {
    image = await decoder(bytes);
  } catch (error) {
    throw new Error(`is damaged (${error instanceof Error ? error.message.replace(/[:.]\s*$/, "") : error})`);
  }
  return flatten(image, colour);
}

/** Any PNG as eight-bit red, green, blue and opacity. */
function pngToRgba(bytes: Uint8Array): Rgba {
  const png = decodePng(bytes, { checkCrc: true });
  const { width, height } = png;
  if (png.palette !== undefined) {
    const channels = png.palette[0].length;
    return { width, height, data: toRgba(convertIndexedToRgb(png), width * height, channels, 255) };
  }
  const { depth, channels } = png;
  const most = 2 ** depth - 1;
  const data = depth < 8 ? unpacked(png.data as Uint8Array, width * channels, height, depth) : png.data;
  return { width, height, data: toRgba(data, width * height, channels, most, png.transparency) };
}

/** Values of fewer than eight bits, each in a byte of its own; rows begin at a byte. */
function unpacked(data: ArrayLike<number>, rowLength: number, height: number, depth: number): Uint8Array {
  const out = new Uint8Array(rowLength * height);
  const rowBytes = Math.ceil(rowLength * depth / 8);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < rowLength; x++) {
      const bit = x * depth;
      out[y * rowLength + x] = data[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7)) & (2 ** depth - 1);
    }
  }
  return out;
}

/** Grey, grey with opacity, colour, or colour with opacity as the last of these. */
function toRgba(
  data: ArrayLike<number>,
  pixels: number,
  channels: number,
  most: number,
  transparent?: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(4 * pixels);
  const colours = channels < 3 ? 1 : 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < 3; c++) out[4 * pixel + c] = 255 * data[pixel * channels + (colours === 1 ? 0 : c)] / most;
    let opacity = colours < channels ? data[pixel * channels + colours] / most : 1;
    if (transparent !== undefined && sameColour(data, pixel * channels, transparent, colours)) opacity = 0;
    out[4 * pixel + 3] = 255 * opacity;
  }
  return out;
}

function sameColour(data: ArrayLike<number>, at: number, colour: ArrayLike<number>, colours: number): boolean {
  for (let c = 0; c < colours; c++) if (data[at + c] !== colour[c]) return false;
  return true;
}

/** Puts an image on white. */
function flatten({ width, height, data }: Rgba, colour: "grey" | "rgb"): Raster {
  const channels = colour === "grey" ? 1 : 3;
  const out = new Float32Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = 4 * pixel;
    const opacity = data[at + 3] / 255;
    const seen = (c: number) => 255 + opacity * (data[at + c] - 255);
    if (channels === 1) out[pixel] = 0.299 * seen(0) + 0.587 * seen(1) + 0.114 * seen(2);
    else for (let c = 0; c < 3; c++) out[3 * pixel + c] = seen(c);
  }
  return { width, height, channels, data: out };
}
