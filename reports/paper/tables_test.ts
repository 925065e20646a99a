import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { CellRow } from "../rows/rows.ts";
import { FIGURES } from "../figures/registry.ts";
import { INPUTS } from "../testing/figures.ts";
import { OMNIGLOT, SINUSOID, synthetic } from "../testing/synthetic.ts";
import { figureCaption, runNote } from "./captions.ts";
import { latexFigure, latexTable, latexText } from "./latex.ts";
import { markdownTable } from "./markdown.ts";
import { costsTable, resultTable } from "./tables.ts";

const full = synthetic();
const base = full.cells.find((row) => row.dataset === "omniglot") ?? full.cells[0];

function row(algorithm: string, seed: number, innerSteps: number | null, changes: Partial<CellRow>): CellRow {
  const adapter = innerSteps === null ? "ridge" : "gradient";
  const shared = { algorithm, seed, innerSteps, adapter, sharingDepth: 1, shots: 5, diverged: 0 } as const;
  return { ...base, ...shared, taskStart: null, adaptDepth: null, ...changes };
}

/** MTL solved: 90 and 92 %; MAML at 10 steps: 80, 82 and 84 %; other adaptations score 1 %. */
const cells = [
  ...[0.9, 0.92].flatMap((mean, seed) => [row("mtl", seed, null, { mean }), row("mtl", seed, 10, { mean: 0.01 })]),
  ...[0.8, 0.82, 0.84].flatMap((mean, seed) => [
    row("maml", seed, 10, { mean }),
    row("maml", seed, 1, { mean: 0.01 }),
    row("maml", seed, null, { mean: 0.01 }),
  ]),
];

Deno.test("a result is the score at native adaptation, with its interval over seeds and n where seeds are missing", () => {
  const table = resultTable({ ...full, cells }, OMNIGLOT);
  deepStrictEqual(table?.columns.map(({ heading }) => heading), ["algorithm", "d", "adapter", "5 shots"]);
  // t(0.975; 1) = 12.706, t(0.975; 2) = 4.303; standard errors are 1 and 2 / sqrt(3).
  deepStrictEqual(table?.rows, [
    ["MTL", "1", "ridge head", "91.0 ± 12.7 (n = 2)"],
    ["MAML", "1", "10 steps", "82.0 ± 5.0"],
  ]);
});

Deno.test("regression results are geometric means with the interval on their own scale", () => {
  const log = (value: number, seed: number) =>
    row("maml", seed, 10, { dataset: "sinusoid", metric: "mse", mean: 9, meanLog: Math.log(value) });
  const table = resultTable({ ...full, cells: [log(0.5, 0), log(0.5, 1)] }, SINUSOID);
  deepStrictEqual(table?.rows, [["MAML", "1", "10 steps", "0.500 [0.500, 0.500]"]]);
});

Deno.test("there is no table of nothing", () => {
  strictEqual(resultTable({ ...full, cells: [] }, OMNIGLOT), undefined);
  strictEqual(costsTable({ ...full, timings: [] }), undefined);
});

Deno.test("tables and the note to all figures state seeds, episodes, estimator, what intervals cover and the margin", () => {
  const texts = full.datasets.flatMap((dataset) => [
    [dataset.metric, resultTable(full, dataset)?.caption ?? ""],
    [dataset.metric, runNote(full, dataset)],
  ]);
  for (const [metric, text] of texts) {
    match(text, /n = (2 to )?3 training seeds, 200 test episodes per cell/);
    match(
      text,
      /95 % Student t intervals over training seeds.*how trainings differ, not the choice of test episodes/,
    );
    match(text, /Intervals of differences .* bootstrap over seeds and episodes/);
    match(text, metric === "mse" ? /geometric mean of the MSE/ : /accuracy in %, mean over the episodes/);
    match(text, metric === "mse" ? /between 1\/1\.1 and 1\.1/ : /±1 percentage point of accuracy/);
  }
  match(resultTable(synthetic({ seeds: 1 }), OMNIGLOT)?.caption ?? "", /One seed: there is no interval/);
});

/** Characters that three lines across a page hold. */
const THREE_LINES = 345;

Deno.test("a caption in print has three lines at most, says n, names the intervals that are drawn, and asks for no mouse", () => {
  const drawn = new Set<string>();
  for (const [kind, input] of Object.entries(INPUTS)) {
    for (const dataset of input.datasets) {
      for (const [name, figure] of Object.entries(FIGURES)) {
        const drawing = figure.draw(input, dataset);
        if (drawing === undefined) continue;
        drawn.add(name);
        const caption = figureCaption(drawing, input, dataset);
        ok(caption.length <= THREE_LINES, `${name} of "${kind}": ${caption.length} characters: ${caption}`);
        doesNotMatch(caption, /hover|click|table of/);
        if (!drawing.scoreless && runNote(input, dataset) !== "") match(caption, /n = \d.* test episodes? per cell\.$/);
        // Intervals of verdicts are bootstrapped, those of scores are not.
        const verdicts = ["verdict_grid", "forest", "depth_heatmap", "train_by_test_difference"].includes(name);
        doesNotMatch(caption, verdicts ? /t interval/ : /bootstrap/);
      }
    }
  }
  ok(drawn.size >= 8, [...drawn].join());
});

Deno.test("LaTeX prints every special character as it is", () => {
  strictEqual(
    latexText("50 % of {a_b} & #1 $x^2$ ~ \\end <i> | ± 1\n\n2"),
    "50\\,\\% of \\{a\\_b\\} \\& \\#1 \\$x\\textasciicircum{}2\\$ \\textasciitilde{} \\textbackslash{}end \\textless{}i\\textgreater{} \\textbar{} $\\pm$ 1 2",
  );
});

Deno.test("names cannot end a cell, a row, a comment or a caption", () => {
  const hostile = "a & b \\\\ % } \\input{x}\n% |";
  const input = {
    ...full,
    algorithms: full.algorithms.map((algorithm) => ({ ...algorithm, title: hostile })),
    datasets: [{ ...OMNIGLOT, title: hostile }],
  };
  const table = resultTable(input, input.datasets[0]);
  if (table === undefined) throw new Error("no table");
  const latex = latexTable(table);
  for (const line of latex.split("\n").filter((text) => text.endsWith("\\\\"))) {
    strictEqual(line.replaceAll("\\&", "").split("&").length, table.columns.length, line);
  }
  ok(!/(?<!\\)%/.test(latex.replace(/^% Needs.*/, "")));
  ok(!latex.includes("\\input"));
  strictEqual(latex.replace(/\\[{}]/g, "").match(/\{/g)?.length, latex.replace(/\\[{}]/g, "").match(/\}/g)?.length);
  match(latexFigure("a_b-c", hostile), /\\includegraphics\{a_b-c-single\.pdf\}[^]*\\label\{fig:a-b-c\}/);
  for (const line of markdownTable(table).split("\n").filter((text) => text.startsWith("|"))) {
    strictEqual(line.replaceAll("\\|", "").split("|").length, table.columns.length + 2, line);
  }
});

Deno.test("LaTeX tables are in the booktabs style, with a rule above, below the headings, and below", () => {
  const table = costsTable(full);
  if (table === undefined) throw new Error("no table");
  const latex = latexTable(table);
  match(
    latex,
    /\\begin\{tabular\}\{llrrrrrrrrl\}\n\s+\\toprule\n.*\\\\\n\s+\\midrule\n[^]*\\bottomrule\n\s+\\end\{tabular\}/,
  );
  strictEqual(latex.match(/\\\\$/gm)?.length, table.rows.length + 1);
  match(table.caption, /3 seeds/);
});
