import assert from "node:assert/strict";
import { defaultDataDir } from "../common/project.ts";
import { type DataSetEntry, dataSets, type MostWays } from "./mod.ts";
import { findOmniglot } from "./testing/mod.ts";

const dataDir = await findOmniglot() ?? defaultDataDir();

for (const entry of Object.values<DataSetEntry & { readonly mostWays?: MostWays }>(dataSets)) {
  if (entry.kind !== "classification") continue;
  const ignore = await entry.missing(dataDir) !== undefined;
  Deno.test({
    name: `the most ways of ${entry.name} are those that its splits allow${ignore ? " (it is not there)" : ""}`,
    ignore,
    async fn() {
      const { training, everywhere } = entry.mostWays ?? { training: entry.classes!, everywhere: entry.classes! };
      const data = await entry.open({ dataDir, ways: everywhere });
      assert.equal(data.outputs, everywhere);
      await assert.rejects(entry.open({ dataDir, ways: everywhere + 1 }), new RegExp(`from 2 to ${everywhere}$`));
      const refused = () => data.trainBatch(1, 1, 1, ["ways"], training + 1);
      assert.throws(refused, new RegExp(`from 2 to ${training}$`));
    },
  });
}
