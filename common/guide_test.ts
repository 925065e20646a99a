import { Subprocess } from "./subprocess.ts";
import { ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "./project.ts";
import { guideModules } from "./testing/guide.ts";

Deno.test("every module that CONTRIBUTING.md works through has the types that it should have", async () => {
  const modules = await guideModules();
  const guide = await Deno.readTextFile(join(PROJECT_ROOT, "CONTRIBUTING.md"));
  ok(modules.size > 0 && modules.size === guide.split("```ts").length - 1, "every piece of code says where it goes");
  const folder = await Deno.makeTempDir();
  try {
    const copies = [...modules].map(([file, code]) => {
      const copy = join(folder, file.replaceAll("/", "__"));
      Deno.writeTextFileSync(copy, code);
      return copy;
    });
    const args = ["check", "-q", "--config", join(PROJECT_ROOT, "deno.json"), ...copies];
    const { success, stderr } = await Subprocess.deno({ args, env: { NO_COLOR: "1" } }).output();
    ok(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
