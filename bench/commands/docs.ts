/** `deno task docs`: writes what is generated from the schemas. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { PAGES } from "../docs/pages.ts";

if (import.meta.main) {
  for (const [path, page] of Object.entries(PAGES)) Deno.writeTextFileSync(join(PROJECT_ROOT, path), page());
}
