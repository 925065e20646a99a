/** How cells ended, and why some have no score. */
import { adaptationAxis } from "../view/adaptation.ts";
import { type Html, html } from "../view/html.ts";
import { type ReportInput, titleOf } from "../view/input.ts";
import { comparable, distinct } from "../view/select.ts";
import { algorithmOrder } from "../view/series.ts";
import { settingHeadings, settingValues, varyingAnywhere } from "../view/settings.ts";
import { type Column, table } from "./tables.ts";

/** Cells without a score, by reason. */
export function problemTable(input: ReportInput): Html {
  const missing = input.cells.filter((row) => comparable(row) === null);
  if (missing.length === 0) return html`<p>Every cell has a score.</p>`;
  const settings = varyingAnywhere(input);
  const groups = Map.groupBy(
    missing,
    // A data set that is skipped is so for one reason, whatever the algorithm.
    ({ algorithm, ...row }) =>
      JSON.stringify([
        row.dataset,
        settingValues(settings, row),
        ...(row.status === "skipped" ? [] : [algorithm]),
        row.status,
        row.reason,
      ]),
  );
  const rows = [...groups.values()].map((group) => {
    const [{ dataset, status, reason }] = group;
    const values = (pick: (row: (typeof group)[number]) => number | null) =>
      distinct(group.map(pick)).filter((value) => value !== null).join(", ") || "–";
    return [
      status,
      group.length,
      input.datasets.find(({ name }) => name === dataset)?.title ?? dataset,
      ...settingValues(settings, group[0]),
      algorithmOrder(input, group.map(({ algorithm }) => algorithm)).map((name) => titleOf(input.algorithms, name))
        .join(", "),
      values(({ sharingDepth }) => sharingDepth),
      values(({ shots }) => shots),
      adaptationAxis(input, group).labels.join(", "),
      values(({ seed }) => seed),
      reason || "no finite score",
    ];
  });
  const words = [
    "data set",
    ...settingHeadings(settings),
    "algorithm",
    "depths",
    "shots",
    "adapted by",
    "seeds",
  ];
  return table([["status"], ["cells", "number"], ...words.map((word): Column => [word]), ["reason", "wrap"]], rows);
}

/** The page's section on how cells ended, below its heading. */
export function statuses(input: ReportInput): Html {
  return html`
    <ul>
      <li><strong>ok</strong>: trained and scored. Single test episodes can still have diverged (a score that is not finite or far worse than predicting zero); they are counted with the scores.</li>
      <li><strong>diverged</strong>: training or adaptation produced numbers that are not finite.</li>
      <li><strong>failed</strong>: an error kept the cell from being computed.</li>
      <li><strong>skipped</strong>: left out on purpose, for example because the data is not there.</li>
    </ul>
    <p>Cells that are not ok have no score and enter no mean.</p>
    ${problemTable(input)}
  `;
}
