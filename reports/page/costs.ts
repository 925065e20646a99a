/** What training costs, what equal operations come to, and what it takes to reach a score. */
import { titlesOf } from "../view/compared.ts";
import { placeText } from "../view/comparison_words.ts";
import { costRatio, reachedText, reachOf, timesText } from "../view/cost_ratio.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import type { CostToTargetRow } from "../rows/rows.ts";
import { adaptationCostTable } from "./adaptation_cost_table.ts";
import { costToTargetTable } from "./cost_to_target_table.ts";
import { equalOperationsTable } from "./equal_operations_table.ts";
import { costTable, table } from "./tables.ts";

/** The page's section on cost, below its heading. */
export function costs(input: ReportInput): Html {
  return html`
    <h3>Of one side relative to the other</h3>
    ${costPairs(input)}
    <h3>Of every training</h3>
    ${costTable(input)}
    <h3>Of adapting to a new task</h3>
    ${adaptationCostTable(input)}
    <h3>At equal operations</h3>
    ${equalOperationsTable(input)}
    <h3>To reach a score</h3>
    ${costToTargetTable(input)}
  `;
}

/** The comparisons of the families that answer, each with the costs of its own two trainings. */
export function costPairs(input: ReportInput): Html {
  const answering = new Set(input.families.filter(({ purpose }) => purpose === "answer").map(({ name }) => name));
  const pairs = input.verdicts.filter(({ key }) => answering.has(key.family));
  if (pairs.length === 0) return html`<p class="quiet">No comparison of the answer is in this run.</p>`;
  const rows = pairs.map((pair) => {
    const { a, b } = titlesOf(input, pair.key);
    const { operations, gradients, seconds } = costRatio(input, pair);
    const reach = reachOf(input, pair);
    const times = (ratio: number | null) => by(ratio, ratio === null ? "–" : timesText([ratio]));
    return [
      input.datasets.find(({ name }) => name === pair.key.dataset)?.title ?? pair.key.dataset,
      `${a} against ${b}`,
      placeText(input, pair),
      ...[operations, gradients, seconds].map(times),
      ...[reach?.a, reach?.b].map((row) => row === undefined ? "–" : reached(row)),
    ];
  });
  return table(
    [
      ["data set"],
      ["comparison", "name"],
      ["where", "name"],
      ["operations", "number"],
      ["gradients", "number"],
      ["seconds", "number"],
      ["first to the second’s score", "number"],
      ["second to the first’s", "number"],
    ],
    rows,
    "One training of the first side relative to one of the second with the same seed, geometric mean over seeds; seconds depend on the machine. The last two: operations until a side’s validation curve shows the score that the other ends with, relative to what the other took, median over seeds.",
  );
}

/** "0.043×", and below it the seeds. */
function reached(row: CostToTargetRow): Html {
  const [ratio, seeds] = reachedText(row).split(/ (?=\()/);
  return html`${by(row.ratioMedian, ratio)}<small>${seeds}</small>`;
}

function by(value: number | null, content: string): Html {
  return html`<span data-sort="${value === null ? "" : String(value)}">${content}</span>`;
}
