import { match, ok, strictEqual } from "node:assert/strict";
import type { PublishedRow } from "../../reports/rows/rows.ts";
import { pageOf } from "./reproduction_page.ts";

const row: PublishedRow = {
  ...{ dataset: "omniglot", algorithm: "maml", method: "MAML", source: "A paper, table 1", shots: 1, innerSteps: 3 },
  ...{ norm: "batch", adapter: "gradient", sharingDepth: 0, metric: "accuracy" },
  ...{ published: 0.897, publishedError: 0.011, publishedIterations: 60_000, mean: 0.864, lo95: 0.857, hi95: 0.871 },
  ...{
    seeds: 3,
    episodes: 600,
    iterations: 12_000,
    trainS: 360,
    outcome: "not reached",
    differs: "fewer | iterations",
  },
};

Deno.test("the page has a line per published number, with hours, and what differs once per source", () => {
  const page = pageOf([row, { ...row, shots: 5 }, {
    ...row,
    metric: "mse",
    published: 0.67,
    publishedError: null,
    mean: 0.6,
    hi95: 0.7,
  }]);
  match(
    page,
    /\| MAML \| omniglot, 1-shot, 3 steps \| 89\.7 ± 1\.1 \| 86\.4 ± 0\.7 \| 3 \| 12,000 of 60,000 \| 0\.1 h \| not reached \|/,
  );
  match(page, /Of 3 numbers: 3 not reached\./);
  match(page, /## Mean squared error[\s\S]*\| 0\.670 \| 0\.600 ± 0\.100 \|/);
  strictEqual(page.split("- **MAML**").length, 2);
  ok(page.includes("fewer \\| iterations"));
});
