import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { groupIndex } from "../view/groups.ts";
import { adaptationCostTable } from "./adaptation_cost_table.ts";
import { calibrationTable } from "./calibration_table.ts";
import { groupTable } from "./group_table.ts";
import { page } from "./page.ts";

const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
const [sinusoid, omniglot] = ["sinusoid", "omniglot"].map((name) => input.datasets.find((own) => own.name === name)!);
const index = groupIndex(input.groups ?? []);

/** The text of every cell of a table, row by row, without its head. */
function cells(text: string): string[][] {
  return text.split("<tr>").slice(2).map((row) =>
    row.split(/<t[hd]/).slice(1).map((own) =>
      own.replace(/^[^>]*>/, "").replace(/<small>/g, " ").replace(/<[^>]*>/g, "").trim()
    )
  );
}

Deno.test("the groups that decide are the ends of each comparison's groups, the highest first, called exploratory", () => {
  const { text } = groupTable(input, index, omniglot);
  match(text, /which groups decide.*Exploratory:.*percentage points.*not corrected/s);
  const rows = cells(text);
  ok(rows.length > 0 && rows.length % 6 === 0, `${rows.length}`);
  const differences = rows.slice(0, 6).map((row) => Number(row[7].split(" ")[0].replace("−", "-")));
  equal(differences, differences.toSorted((a, b) => b - a));
  match(rows[0][7], /^[+−][\d.]+ [+−][\d.]+ to [+−]?[\d.]+$/);
  for (const [comparison, , level, , queries] of rows) {
    ok(comparison.includes(" against ") && level === "alphabet" && Number(queries) >= 100);
  }
  match(groupTable(input, index, sinusoid).text, /Geometric mean of the MSE.*ratio of the two/s);
  equal(groupTable(input, groupIndex([]), omniglot).text.trim(), "");
});

Deno.test("calibration stands beside accuracy with its interval over seeds, and regression has none", () => {
  const rows = cells(calibrationTable(input, omniglot).text);
  ok(rows.length > 0);
  for (const row of rows) {
    match(row.at(-1)!, /^\d+\.\d ± \d+\.\d$/);
    match(row.at(-2)!, /^\d\.\d{3} ± \d\.\d{3}$/);
  }
  equal(calibrationTable(input, sinusoid).text.trim(), "");
  const without = { ...input, cells: input.cells.map((row) => ({ ...row, nll: null, ece: null })) };
  equal(calibrationTable(without, omniglot).text.trim(), "");
});

Deno.test("time of adaptation is said to be measured, beside operations, which are counted", () => {
  const { text } = adaptationCostTable(input);
  match(text, /wall time on the machine that computed it.*not reproducible.*ms \(measured\)/s);
  ok(cells(text).every((row) => Number(row.at(-2)) > 0 && Number(row.at(-3)) > 0 && row.at(-1) === "wasm"));
  match(adaptationCostTable({ ...input, adaptationTimes: [] }).text, /No adaptation was timed/);
});

Deno.test("the page has these tables in their places, and a run of an older version has a page without them", () => {
  const text = page(input, []);
  const at = (words: string) => text.indexOf(words);
  ok(at("Omniglot, 5-way: which groups decide") > at("Omniglot, 5-way: scores"));
  ok(at("Omniglot, 5-way: calibration") > 0 && at("Of adapting to a new task") > at("Of every training"));
  const { calibration: _, groups: __, adaptationTimes: ___, ...older } = input;
  ok(!page(older, []).includes("which groups decide"));
});
