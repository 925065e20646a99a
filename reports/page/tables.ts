/** The tables of the page. */
import { SETTING_FIELDS } from "../rows/setting.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { algorithmOrder } from "../view/series.ts";
import { distinct, list, plural, type PointScore, primaryRows, scorePoints, shown } from "../view/select.ts";
import { adaptationAxis } from "../view/adaptation.ts";
import {
  compareSettings,
  settingHeadings,
  settingKey,
  settingValues,
  varying,
  varyingAnywhere,
} from "../view/settings.ts";
import { trained } from "../view/select.ts";
import { skippedText } from "./skipped.ts";

/** A column: its heading, and whether it holds numbers, single lines, long names, sentences, or long words that may break anywhere. */
export type Column = readonly [heading: string, kind?: "number" | "line" | "name" | "wide" | "wrap"];

/** Longer tables scroll on their own. */
const MANY = 40;

/** A table whose rows start with their heading. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | number | Html)[])[],
  caption = "",
): Html {
  // A column of sentences without any would only push the others out of sight.
  const empty = columns.map(([, kind], i) => kind === "wide" && rows.every((row) => isEmpty(row[i])));
  if (empty.includes(true)) {
    const kept = <T>(items: readonly T[]) => items.filter((_, i) => !empty[i]);
    return table(kept(columns), rows.map(kept), caption);
  }
  const attribute = (kind: Column[1]) =>
    new Html(kind === undefined ? "" : ` class="${kind === "number" ? "n" : kind}"`);
  const head = columns.map(([heading, kind]) => html`<th${attribute(kind)} scope="col">${heading}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((value, i) =>
      i === 0
        ? html`<th${attribute(columns[0][1])} scope="row">${value}</th>`
        : html`<td${attribute(columns[i][1])}>${value}</td>`
    );
    return html`<tr>${cells}</tr>${new Html("\n")}`;
  });
  const sortable = new Html(rows.length > 1 ? ' class="sortable"' : "");
  const title = caption === "" ? undefined : html`<p class="caption">${caption}</p>`;
  return html`
    ${title}<div class="scroll${rows.length > MANY ? " tall" : ""}" role="group" aria-label="Table" tabindex="0">
      <table${sortable}>
        <thead>
          <tr>${head}</tr>
        </thead>
        <tbody>${body}</tbody>
        </table>
        </div>
  `;
}

function isEmpty(value: string | number | Html | undefined): boolean {
  const text = value instanceof Html ? value.text.replace(/<[^>]*>/g, "") : String(value ?? "");
  return text.trim() === "" || text.trim() === "–";
}

/** A number in about three significant digits, in exponent form only when it is very large or small. */
export function format(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Math.abs(value) >= 1e6 || digits > 6 ? value.toExponential(1) : value.toFixed(digits);
}

/** "42 s", "12 min", "3.4 h" */
export function duration(seconds: number): string {
  if (seconds < 100) return `${format(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * Mean scores of one data set: a row per algorithm, sharing depth, shots and, where there are several, setting; a column per number of inner steps and
 * per adapter that takes none.
 */
export function scoreTable(input: ReportInput, dataset: DataSetDescription): Html {
  const points = scorePoints(primaryRows(input.cells, dataset.name));
  if (points.length === 0) {
    return html`<p class="quiet">${skippedText(input, dataset) || `No cell of ${dataset.title} has a score.`}</p>`;
  }
  const adaptations = adaptationAxis(input, points);
  const settings = varying(dataset);
  const order = algorithmOrder(input, points.map(({ algorithm }) => algorithm));
  const place = (point: PointScore) =>
    JSON.stringify([settingKey(point), point.algorithm, point.sharingDepth, point.shots]);
  const groups = [...Map.groupBy(points, place).values()].sort(([a], [b]) =>
    a.shots - b.shots || order.indexOf(a.algorithm) - order.indexOf(b.algorithm) ||
    (a.sharingDepth ?? -1) - (b.sharingDepth ?? -1) || compareSettings(a, b)
  );
  const rows = groups.map((group) => {
    const [first] = group;
    const { algorithm, sharingDepth, shots } = first;
    const scores = adaptations.labels.map((label) => {
      const point = group.find((candidate) => adaptations.labelOf(candidate) === label);
      return point === undefined ? "" : scoreCell(point, dataset);
    });
    const name = titleOf(input.algorithms, algorithm);
    return [name, ...settingValues(settings, first), shots, sharingDepth ?? "–", ...scores];
  });
  const columns = adaptations.labels.map((label): Column => [adaptations.headingOf(label), "number"]);
  const told = settingHeadings(settings).map((heading): Column => [heading]);
  return table(
    [["algorithm"], ...told, ["shots", "number"], ["sharing depth", "number"], ...columns],
    rows,
    dataset.metric === "accuracy"
      ? "Accuracy in %: mean over seeds and, from two seeds on, half-width of its 95 % t interval over seeds."
      : "MSE: geometric mean over episodes and seeds and, from two seeds on, its 95 % t interval over seeds. Below: the plain mean, which a few exploded episodes can rule.",
  );
}

function scoreCell({ interval, rows }: PointScore, { metric }: DataSetDescription): Html {
  const { mean, low, high, n } = interval;
  const diverged = rows.reduce((total, row) => total + row.diverged, 0);
  const accuracy = metric === "accuracy";
  const plain = rows.reduce((total, row) => total + (row.mean ?? 0), 0) / rows.length;
  const notes = [
    accuracy || low === null || high === null ? "" : `${format(Math.exp(low))} to ${format(Math.exp(high))}`,
    accuracy ? "" : `mean ${format(plain)}`,
    diverged > 0 ? `${plural(diverged, "episode")} diverged` : "",
    n === 1 ? "1 seed" : "",
  ].filter((note) => note !== "").map((note) => html`<small>${note}</small>`);
  const score = !accuracy
    ? format(shown(metric, mean))
    : high === null
    ? mean.toFixed(1)
    : `${mean.toFixed(1)} ± ${(high - mean).toFixed(1)}`;
  return html`${score}${notes}`;
}

const COST_COLUMNS = [
  "algorithm",
  "data set",
  "sharing depth",
  "shots",
  "inner steps",
  "seeds",
  "GFLOP",
  "train s",
  "iterations/s",
  "peak memory MiB",
  "backend",
] as const;

/** Headings of `costRows`. */
export function costColumns(input: ReportInput): string[] {
  const [algorithm, dataset, ...numbers] = COST_COLUMNS;
  return [algorithm, dataset, ...settingHeadings(varyingAnywhere(input)), ...numbers];
}

/** Headings of columns of words. */
export const COST_WORDS: readonly string[] = ["algorithm", "data set", ...settingHeadings(SETTING_FIELDS), "backend"];

/** How to read `costRows`. */
export const COST_CAPTION =
  "A row per kind of training; – where it does not depend on that. GFLOP are counted from the operations executed; times depend on the machine and on what else it did. Medians over seeds, of memory the most.";

/** What the trainings cost: a row per data set, algorithm, setting, sharing depth, and shots and inner steps of training. */
export function costRows(input: ReportInput): string[][] {
  const settings = varyingAnywhere(input);
  const groups = Map.groupBy(
    input.timings.filter(trained),
    (row) =>
      JSON.stringify([
        row.dataset,
        row.algorithm,
        settingValues(settings, row),
        row.sharingDepth,
        row.shots,
        row.innerSteps,
      ]),
  );
  const order = algorithmOrder(input, input.timings.map(({ algorithm }) => algorithm));
  const place = (name: string) => input.datasets.findIndex((dataset) => dataset.name === name);
  const sorted = [...groups.values()].sort(([a], [b]) =>
    place(a.dataset) - place(b.dataset) || order.indexOf(a.algorithm) - order.indexOf(b.algorithm) ||
    (a.sharingDepth ?? -1) - (b.sharingDepth ?? -1) || (a.shots ?? -1) - (b.shots ?? -1) ||
    (a.innerSteps ?? -1) - (b.innerSteps ?? -1)
  );
  return sorted.map((group) => {
    const [{ dataset, algorithm, sharingDepth, shots, innerSteps }] = group;
    const numbers = (key: "trainS" | "iterationsPerS" | "trainGflop" | "peakRssMib") =>
      group.map((row) => row[key]).filter((value) => value !== null).sort((a, b) => a - b);
    const median = (values: readonly number[]) => values.length === 0 ? "" : format(values[values.length >> 1]);
    const peak = numbers("peakRssMib").at(-1);
    return [
      titleOf(input.algorithms, algorithm),
      input.datasets[place(dataset)]?.title ?? dataset,
      ...settingValues(settings, group[0]),
      ...[sharingDepth, shots, innerSteps].map((value) => String(value ?? "–")),
      String(distinct(group.map(({ seed }) => seed)).length),
      median(numbers("trainGflop")),
      median(numbers("trainS")),
      median(numbers("iterationsPerS")),
      peak === undefined ? "" : format(peak),
      [...new Set(group.map(({ backend }) => backend))].join(", "),
    ];
  });
}

/** `costRows` for the page. */
export function costTable(input: ReportInput): Html {
  const rows = costRows(input);
  if (rows.length === 0) return html`<p class="quiet">Nothing was timed.</p>`;
  return table(
    costColumns(input).map((name): Column => COST_WORDS.includes(name) ? [name] : [name, "number"]),
    rows,
    COST_CAPTION,
  );
}

/** What each algorithm and data set is and where it comes from. */
export function sourceTable({ algorithms, adapters, datasets }: ReportInput): Html {
  return table([["name"], ["what it is"], ["source"]], [
    ...algorithms.map(({ title, summary, source }) => [title, summary, source]),
    ...adapters.map(({ short, title, strength }) => [
      short,
      `adapter: ${title}${strength === "" ? "" : `; chosen on validation episodes: ${strength}`}`,
      "",
    ]),
    ...datasets.map(({ title, source, norms }) => [title, `data set; norm: ${list(norms)}`, source]),
  ]);
}

/** Contents of the manifest; what is deep folds away. */
export function manifestTable(manifest: unknown): Html {
  if (typeof manifest !== "object" || manifest === null) return preformatted(manifest);
  const rows = Object.entries(manifest).map(([key, value]) => [key, manifestValue(key, value)]);
  return table([["entry"], ["value", "wrap"]], rows);
}

function manifestValue(key: string, value: unknown): string | Html {
  if (typeof value !== "object" || value === null) return String(value ?? "–");
  const entries = Object.entries(value);
  const flat = entries.every(([, entry]) => typeof entry !== "object" || entry === null);
  if (flat && entries.length <= 8) {
    return html`${entries.map(([name, entry]) => html`<small>${name}: ${String(entry ?? "–")}</small>`)}`;
  }
  return html`<details><summary>${key}</summary>${preformatted(value)}</details>`;
}

function preformatted(value: unknown): Html {
  const text = JSON.stringify(value, undefined, 2) ?? String(value);
  return html`${new Html("<pre>")}${text}${new Html("</pre>")}`;
}
