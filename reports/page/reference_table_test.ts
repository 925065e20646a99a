import { match, ok, strictEqual } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { page } from "./page.ts";
import { referenceTable } from "./reference_table.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });
const [sinusoid, omniglot] = ["sinusoid", "omniglot"].map((name) => input.datasets.find((own) => own.name === name)!);

/** The text of every cell of the table, row by row. */
function cells(text: string): string[][] {
  return text.split("<tr>").slice(2).map((row) =>
    row.split(/<t[hd]/).slice(1).map((own) =>
      own.replace(/^[^>]*>/, "").replace(/<small>/g, " ").replace(/<[^>]*>/g, "").trim()
    )
  );
}

Deno.test("floors come before ceilings, each with its score at every number of shots: of MSE the geometric mean first", () => {
  const { text } = referenceTable({ ...input, references: input.references.toReversed() }, sinusoid);
  const rows = cells(text);
  strictEqual(rows.length, 2);
  strictEqual(rows[0].slice(0, 3).join(", "), "zero, what zero predicts, floor");
  strictEqual(rows[1][0], "bayes");
  // Half of the mean in the synthetic results
  strictEqual(rows[0][3], "2.13 mean 4.25");
  match(text, /5 shots.*10 shots/s);
});

Deno.test("accuracy is in per cent, and a reference without a score has a dash", () => {
  strictEqual(cells(referenceTable(input, omniglot).text)[0].slice(3).join(", "), "41.9, 69.1");
  const references = input.references.map((row) => ({ ...row, mean: row.shots === 5 ? null : row.mean }));
  strictEqual(cells(referenceTable({ ...input, references }, omniglot).text)[0].slice(3).join(", "), "41.9, –");
});

Deno.test("the table stands under its data set's scores, and a run without references has none", () => {
  const text = page(input, []);
  ok(text.indexOf("Sinusoids: what needs no training") > text.indexOf("Sinusoids: scores"));
  strictEqual(referenceTable({ ...input, references: [] }, sinusoid).text.trim(), "");
});
