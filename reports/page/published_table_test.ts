import { match, strictEqual } from "node:assert/strict";
import type { PublishedRow } from "../rows/rows.ts";
import { synthetic } from "../testing/synthetic.ts";
import { publishedTable } from "../paper/tables.ts";
import { iterationsText, oursText, publishedSection, publishedText } from "./published_table.ts";

const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3, steps: [5] });
const row: PublishedRow = {
  ...{ dataset: "omniglot", algorithm: "maml", method: "MAML", source: "a <paper>", shots: 1, innerSteps: 3 },
  ...{ norm: "batch", adapter: "gradient", sharingDepth: 0, metric: "accuracy" },
  ...{ published: 0.897, publishedError: 0.011, publishedIterations: 60_000, mean: 0.864, lo95: 0.857, hi95: 0.871 },
  ...{ seeds: 3, episodes: 600, iterations: 12_000, trainS: 346, outcome: "not reached", differs: "fewer iterations" },
};

Deno.test("a report shows published numbers beside ours only where the sweep names some", () => {
  strictEqual(publishedSection(input).text.trim(), "");
  strictEqual(publishedTable(input), undefined);
  const { text } = publishedSection({ ...input, published: [row] });
  match(text, /<h2 id="published">/);
  for (
    const part of [
      /not reached/,
      /89\.7 ± 1\.1/,
      /86\.4 ± 0\.7/,
      /12,000 of 60,000/,
      /6 min/,
      /a &lt;paper&gt;/,
      /fewer iterations/,
    ]
  ) {
    match(text, part);
  }
  const table = publishedTable({ ...input, published: [row] });
  strictEqual(table?.rows[0].length, table?.columns.length);
  strictEqual(table?.rows[0][2], "89.7 ± 1.1");
});

Deno.test("errors are read as they are, accuracies in percent, and what is missing as a dash", () => {
  strictEqual(publishedText({ ...row, metric: "mse", published: 0.67, publishedError: null }), "0.670");
  strictEqual(oursText({ ...row, mean: null }), "–");
  strictEqual(oursText({ ...row, hi95: null }), "86.4");
  strictEqual(iterationsText({ ...row, iterations: 60_000 }), "60,000");
  strictEqual(iterationsText({ ...row, publishedIterations: null }), "12,000 of ?");
  strictEqual(iterationsText({ ...row, iterations: null }), "– of 60,000");
});
