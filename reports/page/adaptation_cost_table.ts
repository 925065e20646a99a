/** What adapting to a new task costs: operations, which are counted, and time, which is measured. */
import { placeKey } from "../rows/place.ts";
import type { AdaptationTimeRow } from "../rows/rows.ts";
import { medianOf } from "../statistics/moments.ts";
import { adaptedText } from "../view/adaptation.ts";
import { type Html, html } from "../view/html.ts";
import { type ReportInput, titleOf } from "../view/input.ts";
import { distinct } from "../view/select.ts";
import { settingHeadings, settingValues, varyingAnywhere } from "../view/settings.ts";
import { format, table } from "./tables.ts";

/** A row per place of a cell that was timed. */
export function adaptationCostTable(input: ReportInput): Html {
  const timed = input.adaptationTimes ?? [];
  if (timed.length === 0) return html`<p class="quiet">No adaptation was timed.</p>`;
  const settings = varyingAnywhere(input);
  const places = Map.groupBy(timed, (row) => `${row.dataset} ${placeKey(row)}`);
  const rows = [...places.values()].map((group) => {
    const [first] = group;
    const median = (value: (row: AdaptationTimeRow) => number) => medianOf(group.map(value));
    return [
      input.datasets.find(({ name }) => name === first.dataset)?.title ?? first.dataset,
      titleOf(input.algorithms, first.algorithm),
      ...settingValues(settings, first),
      adaptedText(input, first),
      first.sharingDepth ?? "–",
      first.shots,
      distinct(group.map(({ seed }) => seed)).length,
      format(median(({ adaptMflop }) => adaptMflop)),
      format(median(({ adaptMs }) => adaptMs)),
      [...new Set(group.map(({ backend }) => backend))].join(", "),
    ];
  });
  return table(
    [
      ["data set"],
      ["algorithm"],
      ...settingHeadings(settings).map((heading) => [heading] as const),
      ["adapted by"],
      ["sharing depth", "number"],
      ["shots", "number"],
      ["seeds", "number"],
      ["MFLOP", "number"],
      ["ms (measured)", "number"],
      ["backend"],
    ],
    rows,
    "Per test episode, median over seeds, of the most inner steps that each evaluation asks for. Operations are counted; milliseconds are wall time on the machine that computed it, with whatever else it did, 25 episodes at a time, and are not reproducible. Other numbers of steps are in cells.csv as adapt_mflop.",
  );
}
