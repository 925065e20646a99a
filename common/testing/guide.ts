/** The modules that CONTRIBUTING.md works through, each as if it lay where the guide says. */
import { ok } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../project.ts";

/** Code by the path that the guide gives it, with imports that are found from anywhere. */
export async function guideModules(): Promise<ReadonlyMap<string, string>> {
  const guide = await Deno.readTextFile(join(PROJECT_ROOT, "CONTRIBUTING.md"));
  const shown = guide.matchAll(/`([\w/]+\.ts)`:\n+```ts ignore\n(.*?)```/gs);
  return new Map(Array.from(shown, ([, file, code]) => {
    const here = pathToFileURL(join(PROJECT_ROOT, file));
    return [file, code.replace(/"(\.\.?\/[^"]+)"/g, (_, path) => JSON.stringify(new URL(path, here)))];
  }));
}

/** The module that CONTRIBUTING.md shows as `file`, a path of this project, loaded. */
export async function fromGuide<T>(file: string): Promise<T> {
  const code = (await guideModules()).get(file);
  ok(code !== undefined, `CONTRIBUTING.md shows ${file}`);
  const folder = await Deno.makeTempDir();
  try {
    const copy = join(folder, "module.ts");
    await Deno.writeTextFile(copy, code);
    return await import(pathToFileURL(copy).href);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
