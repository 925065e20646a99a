/** Small data of a user's own, for tests. */
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { rng } from "../../common/random.ts";
import { type ImagesSource, imagesSource, type TableSource, tableSource } from "../own/source.ts";

/** A source of images with the defaults. */
export function images(path: string, options: Partial<ImagesSource> = {}): ImagesSource {
  return imagesSource.parse({ reader: "images", path, ...options });
}

/** A source of a table with the defaults. */
export function table(path: string, options: Partial<TableSource> = {}): TableSource {
  return tableSource.parse({ reader: "table", path, ...options });
}

/** Writes a file, and the folders it lies in. */
export function write(path: string, content: string | Uint8Array): string {
  Deno.mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  return path;
}

/** A PNG of three channels whose brightness tells its class, with a little noise. */
export function colouredPng(side: number, brightness: number, example: number): Uint8Array {
  const random = rng(["coloured", brightness, example]);
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const value = brightness + 20 * random.normal() + (i % 3) * 10;
    return Math.max(0, Math.min(255, Math.round(value)));
  });
  return encode({ width: side, height: side, channels: 3, depth: 8, data });
}

/** Writes folders of classes `class 00`, `class 01`, ... @returns the folder */
export function writeFolders(folder: string, classes: number, perClass: number, side = 8): string {
  for (let c = 0; c < classes; c++) {
    for (let e = 0; e < perClass; e++) {
      const name = `class ${String(c).padStart(2, "0")}`;
      write(join(folder, name, `${String(e).padStart(2, "0")}.png`), colouredPng(side, 10 + 240 * c / classes, e));
    }
  }
  return folder;
}

/** A table of `tasks` lines, each with its own slope and height: task, x, y. */
export function linesCsv(tasks: number, rows: number): string {
  const random = rng(["lines"]);
  const lines = Array.from({ length: tasks }, (_, t) => {
    const [slope, height] = [random.normal(), random.normal()];
    return Array.from({ length: rows }, () => {
      const x = random.uniform(-1, 1);
      return `line${String(t).padStart(2, "0")},${x.toFixed(4)},${(slope * x + height).toFixed(4)}`;
    });
  });
  return ["task,x,target", ...lines.flat()].join("\n") + "\n";
}
