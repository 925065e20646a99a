/** What an image file says of itself before anything is decompressed, so that a small file cannot ask for a huge picture. */

/** The formats that are read. */
export type ImageFormat = "png" | "jpeg" | "webp";

/** Format and size. */
export interface ImageHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Reads format and size, by content: names may lie.
 *
 * @throws Error that says what is wrong, as the end of a sentence that begins with the file's name
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  try {
    if (bytes.length === 0) throw new Error("is empty");
    if (PNG.every((byte, i) => bytes[i] === byte)) {
      return { format: "png", width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return { format: "jpeg", ...jpegSize(view) };
    if (text(0) === "RIFF" && text(8) === "WEBP") return { format: "webp", ...webpSize(view, text(12)) };
  } catch (error) {
    if (error instanceof RangeError) throw new Error("is damaged: it ends within its header");
    throw error;
  }
  throw new Error("is no PNG, JPEG or WebP image");
}

/** Goes from marker to marker to the frame header. */
function jpegSize(view: DataView): Pick<ImageHeader, "width" | "height"> {
  for (let at = 2;;) {
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at++;
    if (view.getUint8(at) !== 0xff) throw new Error("is damaged: its JPEG header is broken");
    const marker = view.getUint8(at + 1);
    // Start of a frame, of any kind: all of C0 .. CF but tables (C4), reserved (C8) and conditioning (CC).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
}

function webpSize(view: DataView, chunk: string): Pick<ImageHeader, "width" | "height"> {
  if (chunk === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (chunk === "VP8X") {
    if ((view.getUint8(20) & 2) !== 0) throw new Error("is an animation; images stand still");
    const size = (at: number) => view.getUint16(at, true) + 65_536 * view.getUint8(at + 2) + 1;
    return { width: size(24), height: size(27) };
  }
  throw new Error("is damaged: its WebP header is broken");
}
