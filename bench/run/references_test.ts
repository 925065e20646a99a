import assert from "node:assert/strict";
import { dataSets } from "../../data/mod.ts";
import { glyphsDataSet } from "../../data/testing/glyphs.ts";
import { SINUSOID } from "../sweeps/parts.ts";
import { referenceRows } from "./references.ts";

Deno.test("references are scored on the test episodes of the sweep, for every number of shots, with what their row says", async () => {
  const sinusoid = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
  const glyphs = glyphsDataSet(3);
  const entries = [
    { ...SINUSOID, shots: [5, 10], episodes: 30 },
    { ...SINUSOID, name: "glyphs", ways: 3, shots: [1], episodes: 27, testQueries: 2 },
    { ...SINUSOID, name: "skipped" },
  ];
  const rows = referenceRows({ datasets: entries }, new Map([["sinusoid", sinusoid], ["glyphs", glyphs]]));
  assert.deepEqual(
    rows.map(({ dataset, reference, shots, metric, role }) => [dataset, reference, shots, metric, role]),
    [
      ["sinusoid", "zero", 5, "mse", "floor"],
      ["sinusoid", "zero", 10, "mse", "floor"],
      ["sinusoid", "mean", 5, "mse", "floor"],
      ["sinusoid", "mean", 10, "mse", "floor"],
      ["glyphs", "nearest-mean", 1, "accuracy", "floor"],
    ],
  );
  assert.deepEqual(rows.map(({ episodes }) => episodes), [30, 30, 30, 30, 27]);
  // Of zero, the mean square of the targets themselves, over all episodes.
  const { queryY } = sinusoid.episodes("test", 0, 30, 5, 100);
  const square = queryY.reduce((sum, y) => sum + y * y, 0) / queryY.length;
  assert(Math.abs(rows[0].mean! - square) < 1e-9 && rows[0].mean === rows[1].mean);
  assert(rows[0].meanLog! < Math.log(rows[0].mean!), "the mean of logarithms is below the logarithm of the mean");
  assert.equal(rows[4].meanLog, null);
  assert(rows[4].mean! > 1 / 3 && rows[4].mean! <= 1);
});
