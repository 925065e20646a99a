/** One drawing: PNG bytes to bits. */
import { decode } from "fast-png";
import { ORIGINAL_SIDE } from "./contents.ts";

/** Bytes up to and including the size, depth and colour type in a PNG's header. */
const HEADER_BYTES = 26;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a black-on-white grey PNG of 1 or 8 bits per pixel.
 *
 * The size is read from the header before anything is decompressed, so a small file cannot ask for a huge picture.
 *
 * @param png a whole PNG file
 * @param out 105 x 105 bits are written here, row by row, most significant bit first, 1 = ink; must be zero before
 * @throws Error saying what is wrong, as the end of a sentence that begins with the drawing's name
 */
export function decodeDrawing(png: Uint8Array, out: Uint8Array): void {
  if (png.length < HEADER_BYTES || PNG_SIGNATURE.some((byte, i) => png[i] !== byte)) throw new Error("is not a PNG");
  const header = new DataView(png.buffer, png.byteOffset, HEADER_BYTES);
  const [width, height, depth, colour] = [
    header.getUint32(16),
    header.getUint32(20),
    header.getUint8(24),
    header.getUint8(25),
  ];
  if (width !== ORIGINAL_SIDE || height !== ORIGINAL_SIDE) {
    throw new Error(`is ${width} x ${height} pixels instead of ${ORIGINAL_SIDE} x ${ORIGINAL_SIDE}`);
  }
  if (colour !== 0 || (depth !== 1 && depth !== 8)) {
    throw new Error(`has colour type ${colour} with ${depth} bits per pixel instead of grey with 1 or 8`);
  }
  const data = decodeGrey(png);
  const rowBytes = depth === 1 ? Math.ceil(ORIGINAL_SIDE / 8) : ORIGINAL_SIDE;
  if (data.length !== rowBytes * ORIGINAL_SIDE) throw new Error(`holds ${data.length} bytes of pixels`);
  for (let y = 0, bit = 0; y < ORIGINAL_SIDE; y++) {
    for (let x = 0; x < ORIGINAL_SIDE; x++, bit++) {
      const white = depth === 1 ? data[y * rowBytes + (x >> 3)] & (0x80 >> (x & 7)) : data[y * rowBytes + x] & 0x80;
      if (white === 0) out[bit >> 3] |= 0x80 >> (bit & 7);
    }
  }
}

function decodeGrey(png: Uint8Array): ArrayLike<number> {
  try {
    return decode(png, { checkCrc: true }).data;
  } catch (error) {
    throw new Error(`is damaged (${error instanceof Error ? error.message.replace(/:\s*$/, "") : error})`);
  }
}
