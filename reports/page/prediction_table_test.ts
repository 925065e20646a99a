import { match, ok, strictEqual } from "node:assert/strict";
import { outcomeCounts, predictionTable } from "./prediction_table.ts";
import { synthetic } from "../testing/synthetic.ts";
import { page } from "./page.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });

Deno.test("every prediction is shown with its outcome, its reason, its source and what was found", () => {
  const { text } = predictionTable(input);
  for (const { outcome, found } of input.predictions) {
    ok(text.includes(` ${outcome}</span>`));
    ok(found.split("; ").every((one) => text.includes(one)));
  }
  strictEqual(text.match(/<th scope="row">/g)?.length, input.predictions.length);
  match(text, /the run has no data set elsewhere/);
  strictEqual(outcomeCounts(input.predictions), "1 held, 1 failed, 1 undecided and 1 not tested");
});

Deno.test("a sweep without predictions says so, and names of a sweep file are escaped", () => {
  match(page({ ...input, predictions: [] }, []), /states no predictions/);
  const [first] = input.predictions;
  const attack = "<script>alert(1)</script>";
  const { text } = predictionTable({
    ...input,
    predictions: [{ ...first, statement: attack, source: attack, dataset: attack, found: attack, flags: attack }],
  });
  ok(!text.includes("<script>"));
});
