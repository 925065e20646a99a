/**
 * Every cell, to sort and to filter. Ten thousand rows of HTML would make the page slow to open, so the cells are data in the page and
 * `CELLS_SCRIPT` shows a part of them; it writes them as text, never as markup.
 */
import type { CellRow } from "../rows/rows.ts";
import { titleOf } from "../view/input.ts";
import { adapterOf } from "../view/adaptation.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { dataScript } from "./interactive.ts";
import { plural } from "../view/select.ts";

/** What `CELLS_SCRIPT` expects. */
export interface CellData {
  /** Heading, whether the column holds words (indices into `words`) or numbers, and what else its words are found by. */
  readonly columns: readonly (readonly [
    heading: string,
    kind: "words" | "number",
    names?: Readonly<Record<string, string>>,
  ])[];
  readonly words: readonly string[];
  /** Null for what is missing. */
  readonly rows: readonly (readonly (number | null)[])[];
}

type Value = string | number | null;

/** The columns in order, with the short names of the page. */
function columnsOf(input: ReportInput) {
  const { algorithms, datasets } = input;
  return {
    "data set": ({ dataset }) => datasets.find(({ name }) => name === dataset)?.title ?? dataset,
    algorithm: ({ algorithm }) => titleOf(algorithms, algorithm),
    norm: ({ norm }) => norm,
    "training tasks": ({ trainingTasks }) => trainingTasks,
    adapter: (row) => adapterOf(input, row).short,
    shots: ({ shots }) => shots,
    steps: ({ innerSteps }) => innerSteps,
    d: ({ sharingDepth }) => sharingDepth,
    "adapt d": ({ adaptDepth }) => adaptDepth,
    start: ({ taskStart }) => taskStart,
    seed: ({ seed }) => seed,
    score: scoreOf,
    mean: ({ metric, mean }) => mean === null || metric === "mse" ? mean : 100 * mean,
    median: ({ metric, median }) => median === null || metric === "mse" ? median : 100 * median,
    diverged: ({ diverged }) => diverged,
    strength: ({ adaptStrength }) => adaptStrength,
    "train GFLOP": ({ trainGflop }) => trainGflop,
    "train gradients": ({ trainGradients }) => trainGradients,
    "adapt MFLOP": ({ adaptMflop }) => adaptMflop,
    status: ({ status }) => status,
    flags: ({ flags }) => flags,
    reason: ({ reason }) => reason,
  } as const satisfies Record<string, (row: CellRow) => Value>;
}

const WORDS: readonly string[] = ["data set", "algorithm", "norm", "adapter", "start", "status", "flags", "reason"];

/** Accuracy in percent, or the geometric mean of the MSE. */
function scoreOf({ metric, mean, meanLog }: CellRow): number | null {
  if (metric === "accuracy") return mean === null ? null : 100 * mean;
  return meanLog === null ? null : Math.exp(meanLog);
}

/** More rows would make the page too large to open at once. */
const MAX_CELLS = 20_000;

/** Cells that go into the page: all, or those of the first seeds of a large run, but never more than there is room for. */
export function cellsShown(cells: readonly CellRow[]): { readonly rows: readonly CellRow[]; readonly words: string } {
  if (cells.length <= MAX_CELLS) return { rows: cells, words: "" };
  const bySeed = [...Map.groupBy(cells, ({ seed }) => seed)].sort(([a], [b]) => a - b);
  let count = 0;
  const seeds = bySeed.filter(([, rows]) => (count += rows.length) <= MAX_CELLS).map(([seed]) => seed);
  const kept = new Set(seeds);
  const rows = seeds.length > 0 ? cells.filter(({ seed }) => kept.has(seed)) : cells.slice(0, MAX_CELLS);
  const which = seeds.length > 0 ? `those of ${plural(seeds.length, "seed")}: ${seeds.join(", ")}` : "the first ones";
  return { rows, words: `Of ${cells.length} cells, ${rows.length} are here, ${which}; all are in cells.csv.` };
}

/** The cells as data, numbers to four digits. */
export function cellData(input: ReportInput): CellData {
  const columns = columnsOf(input);
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const short = shortNames(input);
  const words: string[] = [];
  const places = new Map<string, number>();
  const place = (word: string) => {
    const known = places.get(word) ?? words.push(word) - 1;
    places.set(word, known);
    return known;
  };
  const encode = (value: Value) => {
    if (value === null) return null;
    if (typeof value === "string") return value === "" ? null : place(value);
    return Number.isFinite(value) ? Number(value.toPrecision(Number.isInteger(value) ? 15 : 4)) : null;
  };
  return {
    columns: names.map((name) => {
      if (!WORDS.includes(name)) return [name, "number"];
      return Object.hasOwn(short, name) ? [name, "words", short[name]] : [name, "words"];
    }),
    rows: cellsShown(input.cells).rows.map((row) => names.map((name) => encode(columns[name](row)))),
    words,
  };
}

/** By column, the name on the command line of what stands there with its title. */
function shortNames({ algorithms, adapters, datasets }: ReportInput): Readonly<Record<string, Record<string, string>>> {
  return {
    "data set": Object.fromEntries(datasets.map(({ title, name }) => [title, name])),
    algorithm: Object.fromEntries(algorithms.map(({ title, name }) => [title, name])),
    adapter: Object.fromEntries(adapters.map(({ short, name }) => [short, name])),
  };
}

/** Where the table goes, with its data. */
export function cellTable(input: ReportInput): Html {
  if (input.cells.length === 0) return html`<p class="quiet">This run has no cells.</p>`;
  const { words } = cellsShown(input.cells);
  const example = ` algorithm=${input.cells[0].algorithm}`;
  return html`
    <p
      class="caption">One row per cell: score is the accuracy in % or the geometric mean of the MSE over test episodes; diverged counts episodes. Filter by words that a row must contain, and by columns, by the whole name, as in <code>shots=5${example}</code>; the address of the page keeps the filter. Numbers have four digits here; all columns, unrounded, are in <code>cells.csv</code>. ${words}</p>
    <div
      class="cells">${dataScript(
        cellData(input),
      )}<noscript><p>This table needs scripts; the cells are in <code>cells.csv</code> in the folder of the run.</p></noscript></div>
  `;
}
