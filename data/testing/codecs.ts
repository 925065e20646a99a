/** Encoders of the formats that tests need, from the packages whose decoders are used. */
import encodeJpeg, { init as initJpeg } from "@jsquash/jpeg/encode.js";
import jpegCode from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm" with { type: "bytes" };
import encodeWebp, { init as initWebp } from "@jsquash/webp/encode.js";
import webpCode from "@jsquash/webp/codec/enc/webp_enc.wasm" with { type: "bytes" };

type Hooks = Parameters<typeof initJpeg>[0];

async function hooksOf(code: Uint8Array<ArrayBuffer>) {
  const module = await WebAssembly.compile(code);
  const hooks = {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
  return hooks as unknown as Hooks;
}

/** An image whose four bytes a pixel come from a function. */
export function imageOf(width: number, height: number, pixel: (x: number, y: number) => readonly number[]): ImageData {
  const image = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set(pixel(x, y), 4 * (y * width + x));
  }
  return image;
}

/** A JPEG file. */
export async function jpeg(image: ImageData): Promise<Uint8Array> {
  await initJpeg(await hooksOf(jpegCode));
  return new Uint8Array(await encodeJpeg(image, { quality: 95 }));
}

/** A WebP file without loss. */
export async function webp(image: ImageData): Promise<Uint8Array> {
  await initWebp(await hooksOf(webpCode));
  return new Uint8Array(await encodeWebp(image, { lossless: 1 }));
}
