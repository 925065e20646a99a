import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { countTable } from "./answer.ts";
import { averages } from "./averages.ts";
import { problemTable } from "./statuses.ts";

const textOf = (html: { readonly text: string }) => html.text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

Deno.test("what is left out for one reason is one row, what failed is a row per algorithm", () => {
  const input = synthetic({ algorithms: ["mtl", "maml", "anil"], seeds: 1 });
  const lost = { mean: null, meanLog: null, trainingUnit: "" };
  const cells = input.cells.map((row) =>
    row.dataset === "omniglot"
      ? { ...row, ...lost, status: "skipped" as const, reason: "its files are absent" }
      : { ...row, ...lost, status: "failed" as const, reason: "a disk" }
  );
  const rows = problemTable({ ...input, cells }).text.split("<tr>").slice(2).map((row) => textOf({ text: row }));
  equal(rows.filter((row) => row.includes("its files are absent")).length, 1);
  match(rows.find((row) => row.includes("its files are absent")) ?? "", /MTL, MAML, ANIL/);
  equal(rows.filter((row) => row.includes("a disk")).length, 3);
});

Deno.test("questions that no two cells of a run answer are said as questions, not by their names", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
  const [first] = input.comparisons;
  const comparisons = [...input.comparisons, { ...first, id: "mtl-other-native", question: "Does it match others?" }];
  const text = textOf(countTable({ ...input, comparisons }) ?? { text: "" });
  match(text, /compared by no two cells of this run: 1 question Does it match others\?/);
  ok(!text.includes("mtl-other-native"));
});

Deno.test("data sets without two cells to average have no card", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
  equal(averages(input, input.datasets).text.match(/class="card"/g)?.length, 2);
  const verdicts = input.verdicts.filter(({ key }) => key.dataset === "sinusoid");
  const text = averages({ ...input, verdicts }, input.datasets).text;
  equal(text.match(/class="card"/g)?.length, 1);
  match(textOf(averages({ ...input, verdicts: [] }, input.datasets)), /^ ?No two cells .* both have a score\. ?$/);
});
