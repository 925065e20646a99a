import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { encode } from "fast-png";
import { imageOf, jpeg, webp } from "../../testing/codecs.ts";
import { decodeImage } from "./decode.ts";

const LEFT = [200, 40, 90, 255];
const RIGHT = [20, 160, 240, 255];
const halves = () => imageOf(16, 8, (x) => x < 8 ? LEFT : RIGHT);
const luma = ([red, green, blue]: readonly number[]) => 0.299 * red + 0.587 * green + 0.114 * blue;

Deno.test("PNG, JPEG and WebP give the same picture, in colour and in grey", async () => {
  const { width, height, data } = halves();
  const png = encode({ width, height, channels: 4, depth: 8, data: new Uint8Array(data) });
  for (const [file, tolerance] of [[png, 0], [await webp(halves()), 0], [await jpeg(halves()), 6]] as const) {
    const colour = await decodeImage(file, "rgb");
    equal([colour.width, colour.height, colour.channels], [16, 8, 3]);
    for (const [pixel, wanted] of [[0, LEFT], [15, RIGHT], [7 * 16, LEFT]] as const) {
      for (let c = 0; c < 3; c++) ok(Math.abs(colour.data[3 * pixel + c] - wanted[c]) <= tolerance);
    }
    const grey = await decodeImage(file, "grey");
    equal([grey.channels, grey.data.length], [1, 128]);
    ok(Math.abs(grey.data[0] - luma(LEFT)) <= tolerance + 1e-4);
  }
});

Deno.test("PNGs of every kind are brought to 0 .. 255, and what is transparent is white", async () => {
  const first = async (file: Uint8Array) => Math.round((await decodeImage(file, "grey")).data[0]);
  const one = { width: 1, height: 1 };
  equal(await first(encode({ ...one, channels: 1, depth: 16, data: Uint16Array.of(65_535) })), 255);
  equal(await first(encode({ ...one, channels: 1, depth: 16, data: Uint16Array.of(32_768) })), 128);
  equal(await first(encode({ ...one, channels: 2, depth: 8, data: Uint8Array.of(0, 0) })), 255);
  equal(await first(encode({ ...one, channels: 2, depth: 8, data: Uint8Array.of(0, 51) })), 204);
  equal(await first(encode({ ...one, channels: 4, depth: 8, data: Uint8Array.of(10, 10, 10, 255) })), 10);
  const bits = encode({ width: 9, height: 2, channels: 1, depth: 1, data: Uint8Array.of(0b10000000, 0x80, 0, 0x80) });
  const { data } = await decodeImage(bits, "grey");
  equal([...Array.from(data)].map((value) => value > 0 ? 1 : 0), [
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
  ]);
});

Deno.test("files that are cut off, no images or huge say so, and others are decoded after them", async () => {
  const { width, height, data } = halves();
  const png = encode({ width, height, channels: 4, depth: 8, data: new Uint8Array(data) });
  const noisy = imageOf(32, 32, (x, y) => [(x * 37 + y * 91) % 256, (x * y) % 256, 128, 255]);
  const files = { png, jpeg: await jpeg(noisy), webp: await webp(noisy) };
  for (const file of Object.values(files)) {
    for (const length of [6, 14, 20, Math.floor(file.length / 2), file.length - 30]) {
      await rejects(decodeImage(file.slice(0, length), "grey"), /^Error: is (damaged|no PNG)/);
    }
    await decodeImage(file, "grey");
  }
  const flipped = png.slice();
  flipped[png.length - 20] ^= 0xff;
  await rejects(decodeImage(flipped, "grey"), /^Error: is damaged/);
  await rejects(decodeImage(new Uint8Array(0), "grey"), { message: "is empty" });
  await rejects(decodeImage(new TextEncoder().encode("GIF89a..........."), "grey"), {
    message: "is no PNG, JPEG or WebP image",
  });
  const huge = png.slice();
  new DataView(huge.buffer).setUint32(16, 100_000);
  new DataView(huge.buffer).setUint32(20, 100_000);
  await rejects(decodeImage(huge, "grey"), /^Error: has 100000 x 100000 pixels, more than/);
});
