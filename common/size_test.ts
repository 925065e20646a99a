import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "./project.ts";

/** Lines that are still read as a whole. */
const MAX_LINES = 300;

/** Files that are longer, and why they stay in one piece. */
const LONG: Readonly<Record<string, string>> = {
  "algorithms/tensor/tfjs.ts": "the table of kernels, the device that they run on and what runs them share its memory",
  "algorithms/tensor/wasm/kernels/matmul.ts": "register blocks are written out by size: AssemblyScript has no macros",
};

function* sourceFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(PROJECT_ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourceFiles(path);
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield path;
  }
}

Deno.test("a file can be read as a whole, or says why it is longer; tests apart", () => {
  const files = ["algorithms", "bench", "common", "data", "links", "reports"].flatMap((folder) => [
    ...sourceFiles(folder),
  ]);
  const long = files.filter((file) => {
    return Deno.readTextFileSync(join(PROJECT_ROOT, file)).trimEnd().split("\n").length > MAX_LINES;
  });
  equal(long.toSorted(), Object.keys(LONG).toSorted(), "split it, or give the reason here");
});
