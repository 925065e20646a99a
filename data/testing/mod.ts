/** Helpers of this folder's tests. */
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { zipSync } from "fflate";
import { createHash } from "node:crypto";
import { type Archive, type ArchiveSet, DRAWINGS, ORIGINAL_SIDE, PACKED_BYTES, PIXELS } from "../omniglot/contents.ts";
import { resample } from "../omniglot/resample.ts";
import { missingArchives } from "../omniglot/drawings.ts";
import { OMNIGLOT } from "../omniglot/contents.ts";
import { defaultDataDir, DOWNLOADS } from "../../common/project.ts";
import { rng } from "../../common/random.ts";

/** A temporary folder that is removed at the end of the `using` block. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "bridgebench-data-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/**
 * The data folder that holds the real Omniglot, or undefined: the one named by BENCH_DATA_DIR, the project's own, or
 * `../shared/data` beside the project, where several checkouts may share one.
 */
export async function findOmniglot(): Promise<string | undefined> {
  const shared = join(dirname(dirname(DOWNLOADS)), "..", "shared", "data");
  for (const dir of [defaultDataDir(), DOWNLOADS, shared]) {
    if (await missingArchives(OMNIGLOT, dir) === undefined) return dir;
  }
  return undefined;
}

/** Small archives in Omniglot's layout, made of random drawings. */
export interface Synthetic {
  readonly archiveSet: ArchiveSet;
  /** Per archive: entry name -> PNG. */
  readonly entries: readonly Record<string, Uint8Array>[];
  /** Per archive: the zip file. */
  readonly zips: readonly Uint8Array<ArrayBuffer>[];
  /** All drawings as the reader must return them. */
  readonly pixels: Uint8Array;
}

/** An 8-bit grey PNG of 0 = ink and 255 = paper. */
export function greyPng(width: number, height: number, isInk: (x: number, y: number) => boolean): Uint8Array {
  const data = Uint8Array.from(
    { length: width * height },
    (_, i) => isInk(i % width, Math.floor(i / width)) ? 0 : 255,
  );
  return encode({ width, height, data, channels: 1, depth: 8 });
}

/** Makes two archives of two and one characters. */
export function syntheticOmniglot(): Synthetic {
  const layout = [
    { file: "first.zip", firstCharacter: 1, characters: ["Alpha/character01", "Alpha/character02"] },
    { file: "second.zip", firstCharacter: 3, characters: ["Beta/character01"] },
  ];
  const allPixels: Uint8Array[] = [];
  const made = layout.map(({ file, firstCharacter, characters }) => {
    const entries: Record<string, Uint8Array> = {};
    const packed = new Uint8Array(characters.length * DRAWINGS * PACKED_BYTES);
    characters.forEach((character, c) => {
      for (let d = 0; d < DRAWINGS; d++) {
        const random = rng(["synthetic", firstCharacter + c, d]);
        const [x0, y0, size] = [random.int(70), random.int(70), 5 + random.int(30)];
        const isInk = (x: number, y: number) => x >= x0 && y >= y0 && x < x0 + size && y < y0 + size;
        const bits = packed.subarray((c * DRAWINGS + d) * PACKED_BYTES, (c * DRAWINGS + d + 1) * PACKED_BYTES);
        for (let bit = 0; bit < ORIGINAL_SIDE ** 2; bit++) {
          if (isInk(bit % ORIGINAL_SIDE, Math.floor(bit / ORIGINAL_SIDE))) bits[bit >> 3] |= 0x80 >> (bit & 7);
        }
        const pixels = new Uint8Array(PIXELS);
        resample(bits, pixels, 0);
        allPixels.push(pixels);
        const name = `${String(firstCharacter + c).padStart(4, "0")}_${String(d + 1).padStart(2, "0")}.png`;
        entries[`${file.replace(".zip", "")}/${character}/${name}`] = greyPng(ORIGINAL_SIDE, ORIGINAL_SIDE, isInk);
      }
    });
    const zip = zipSync(entries, { mtime: "2020-01-01" });
    const archive: Archive = {
      file,
      firstCharacter,
      characters,
      md5: createHash("md5").update(zip).digest("hex"),
      contentDigest: createHash("sha256").update(packed).digest("hex"),
    };
    return { archive, entries, zip };
  });
  const pixels = new Uint8Array(allPixels.length * PIXELS);
  allPixels.forEach((drawing, i) => pixels.set(drawing, i * PIXELS));
  return {
    archiveSet: {
      archives: made.map(({ archive }) => archive),
      pixelDigest: createHash("sha256").update(pixels).digest("hex"),
    },
    entries: made.map(({ entries }) => entries),
    zips: made.map(({ zip }) => zip),
    pixels,
  };
}
