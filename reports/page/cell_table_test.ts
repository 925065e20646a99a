import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { cellData, cellsShown, cellTable } from "./cell_table.ts";
import { synthetic } from "../testing/synthetic.ts";

const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 1 });
/** Rows as they are shown. */
const decoded = ({ columns, words, rows }: ReturnType<typeof cellData>) =>
  rows.map((row) =>
    Object.fromEntries(columns.map(([name, kind], i) => {
      const value = row[i];
      return [name, value === null ? "" : kind === "words" ? words[value] : value];
    }))
  );

Deno.test("the table of cells has a row per cell, in words and units that readers know", () => {
  const rows = decoded(cellData(input));
  strictEqual(rows.length, input.cells.length);
  const [first] = input.cells;
  const shown = Object.fromEntries(
    ["data set", "algorithm", "shots", "steps", "d", "start", "seed"].map((name) => [name, rows[0][name]]),
  );
  deepStrictEqual(shown, {
    ...{ "data set": "Sinusoids", algorithm: "MTL", shots: first.shots, steps: first.innerSteps },
    ...{ d: first.sharingDepth, start: "mean", seed: 0 },
  });
  strictEqual(rows[0].score, Number(Math.exp(first.meanLog ?? 0).toPrecision(4)));
  const accurate = input.cells.findIndex(({ metric }) => metric === "accuracy");
  strictEqual(rows[accurate].score, Number((100 * (input.cells[accurate].mean ?? 0)).toPrecision(4)));
});

Deno.test("what is missing stays missing, and what comes from a sweep cannot end the data early", () => {
  const attack = "</script><script>alert(1)</script>";
  const hostile = {
    ...input,
    datasets: input.datasets.map((dataset) => ({ ...dataset, title: attack })),
    cells: input.cells.map((row) => ({ ...row, mean: null, meanLog: NaN, reason: attack, flags: "" })),
  };
  const [row] = decoded(cellData(hostile));
  deepStrictEqual([row.score, row.mean, row.flags, row.reason], ["", "", "", attack]);
  const { text } = cellTable(hostile);
  strictEqual(text.match(/<script/g)?.length, 1);
  doesNotMatch(text, /NaN/);
  match(cellTable({ ...input, cells: [] }).text, /no cells/);
});

Deno.test("ten thousand cells are less than two megabytes of page", () => {
  const many = synthetic({ seeds: 10, depths: [0, 1, 2], shots: [1, 2, 5, 10], steps: [0, 1, 2, 5, 10, 20] });
  ok(many.cells.length > 7000, String(many.cells.length));
  const bytes = cellTable(many).text.length * 10_000 / many.cells.length;
  ok(bytes < 2e6, `${bytes} bytes`);
});

Deno.test("of very many cells the page holds those of the first seeds, and says so", () => {
  const many = (seeds: number, each: number) =>
    Array.from({ length: seeds * each }, (_, i) => ({ ...input.cells[0], seed: i % seeds }));
  deepStrictEqual(cellsShown(many(4, 5000)), { rows: many(4, 5000), words: "" });
  const { rows, words } = cellsShown(many(5, 8000));
  strictEqual(rows.length, 16_000);
  ok(rows.every(({ seed }) => seed < 2));
  strictEqual(words, "Of 40000 cells, 16000 are here, those of 2 seeds: 0, 1; all are in cells.csv.");
  strictEqual(cellsShown(many(1, 20_001)).rows.length, 20_000);
  match(cellTable({ ...input, cells: many(5, 8000) }).text, /Of 40000 cells, 16000 are here/);
});
