/** What a run trained and tested, in two sentences. */
import { familyFor } from "../view/compared.ts";
import { type Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { list, plural, seedsEach, trained } from "../view/select.ts";
import { skippedText } from "./skipped.ts";
import { duration } from "./tables.ts";

/** Question, algorithms, data sets, seeds, and how many cells and trainings there were. */
export function whatWasRun(input: ReportInput, datasets: readonly DataSetDescription[]): Html {
  const { cells, timings, algorithms, comparisons } = input;
  const [leading] = familyFor(input, "answer");
  const question = comparisons.find(({ id }) => id === leading?.key.comparison)?.question ?? "";
  const seeds = seedsEach(cells);
  const done = cells.filter(({ status }) => status !== "skipped");
  const used = algorithms.filter(({ name }) => done.some(({ algorithm }) => algorithm === name));
  const there = datasets.filter(({ name }) => done.some(({ dataset }) => dataset === name));
  const skipped = datasets.filter((dataset) => skippedText(input, dataset) !== "");
  const counts = [...Map.groupBy(cells, ({ status }) => status)].map(([status, rows]) => `${rows.length} ${status}`);
  const trainings = timings.filter(trained);
  const total = trainings.reduce((sum, { trainS }) => sum + (trainS ?? 0), 0);
  return html`
    <p>${question === "" ? "" : `${question} `}${used.length === 0
      ? "No algorithm"
      : list(used.map(({ title }) => title))} on ${there.length === 0
      ? "no data set"
      : list(there.map(({ title }) => title))}, trained with ${plural(
        seeds,
        "seed",
      )} and scored on the same test episodes.${skipped.length === 0
      ? ""
      : ` Left out: ${list(skipped.map(({ title }) => title))}.`}</p>
    <p class="quiet">${plural(cells.length, "cell")} (${counts.length === 0 ? "none" : list(counts)}) from ${plural(
      trainings.length,
      "training",
    )} that took ${duration(total)} in all.</p>
  `;
}
