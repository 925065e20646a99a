import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { adapters } from "../algorithms/adapters/registry.ts";
import { algorithms } from "../algorithms/registry.ts";
import { PROJECT_ROOT } from "./project.ts";

/** Plain data that choose among algorithms and adapters: sweeps, and the entrants of the race, each of which has its twin in PyTorch and JAX. */
const DATA = ["bench/sweeps/", "bench/speed/workloads.ts"];

function* sourceFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(PROJECT_ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourceFiles(path);
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield path;
  }
}

const COMMENTS = /\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm;

/** Places in code that know an algorithm or adapter: its name as a text, a line of a table by its name, or an import of its own file. */
export function namesIn(code: string, names: readonly string[]): string[] {
  const bare = code.replaceAll(COMMENTS, "");
  const any = names.join("|");
  const files = names.map((name) => name.replaceAll("-", "_")).join("|");
  const places = [
    new RegExp(`(["'\`])(?:${any})\\1`, "g"),
    new RegExp(`\\b(?:algorithms|adapters)\\.(?:${any})\\b`, "g"),
    new RegExp(`"[^"\\n]*algorithms/(?:adapters/)?(?:${files})\\.ts"`, "g"),
  ];
  return places.flatMap((place) => [...bare.matchAll(place)].map(([text]) => text));
}

const NAMES = [...Object.keys(algorithms), ...Object.keys(adapters)];

Deno.test("reports and bench know no algorithm and no adapter by its name: what differs is declared in their tables", () => {
  const files = ["reports", "bench"].flatMap((folder) => [...sourceFiles(folder)]).filter((file) =>
    !file.includes("/testing/") && !DATA.some((path) => file.startsWith(path))
  );
  const known = files.flatMap((file) =>
    namesIn(Deno.readTextFileSync(join(PROJECT_ROOT, file)), NAMES).map((text) => `${file}: ${text}`)
  );
  equal(known, []);
});

Deno.test("names are found as texts, as lines of a table and as imports, and not in comments or within longer words", () => {
  const code = `
    import { maml } from "../../algorithms/maml.ts"; // as in "anil"
    /** "mtl" */
    const chosen = row.adapter === "gradient" ? adapters.ridge : algorithms["meta-sgd"];
    const words = "gradient steps, as in maml";
  `;
  equal(namesIn(code, NAMES).sort(), ['"../../algorithms/maml.ts"', '"gradient"', '"meta-sgd"', "adapters.ridge"]);
});
