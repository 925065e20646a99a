import { ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../project.ts";

/** The module that CONTRIBUTING.md shows as `file`, a path of this project, loaded as if it lay there. */
export async function fromGuide<T>(file: string): Promise<T> {
  const guide = await Deno.readTextFile(join(PROJECT_ROOT, "CONTRIBUTING.md"));
  const [, after] = guide.split(`\`${file}\`:\n`);
  const [, code] = after?.match(/^\s*```ts ignore\n(.*?)```/s) ?? [];
  ok(code !== undefined, `CONTRIBUTING.md shows ${file}`);
  const here = pathToFileURL(join(PROJECT_ROOT, dirname(file))).href;
  const folder = await Deno.makeTempDir();
  try {
    const copy = join(folder, "module.ts");
    await Deno.writeTextFile(copy, code.replaceAll('"./', `"${here}/`));
    return await import(pathToFileURL(copy).href);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
