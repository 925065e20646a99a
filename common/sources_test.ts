import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "./project.ts";

const FOLDERS = ["algorithms", "bench", "common", "data", "links", "reports"];

function* sourceFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(PROJECT_ROOT, folder))) {
    const path = `${folder}/${name}`;
    // What is built and downloaded is not ours.
    if (isDirectory && !["build", "downloads", "runs"].includes(name)) yield* sourceFiles(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

/** Places of the code, tests included, that match a pattern. */
function places(pattern: RegExp, but: readonly string[] = []): string[] {
  return FOLDERS.flatMap((folder) => [...sourceFiles(folder)]).filter((file) =>
    file !== "common/sources_test.ts" && !but.includes(file)
  ).flatMap((file) =>
    Deno.readTextFileSync(join(PROJECT_ROOT, file)).split("\n").flatMap((line, index) =>
      pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []
    )
  );
}

Deno.test("every process is started through Subprocess, which knows the running Deno and the linker's variables", () => {
  equal(places(/\bnew Deno\.Command\(/, ["common/subprocess.ts"]), []);
});

Deno.test("no path is a URL's pathname, where spaces and umlauts are escapes: fileURLToPath gives a path", () => {
  equal(places(/\.pathname\b/).filter((place) => !/new URL\(request\.url\)\.pathname/.test(place)), []);
});
