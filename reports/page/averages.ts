/** What a run says so far about the first exploring comparison, averaged over its cells: a description, without a verdict. */
import type { Place } from "../rows/place.ts";
import { placeKey } from "../rows/place.ts";
import { commonTitles, gridPairs, type SeedDifference, seedDifferences, type Titles } from "../view/compared.ts";
import { adapterOf, adapterOrder } from "../view/adaptation.ts";
import { settingKey, settingLabel, settingsAmong } from "../view/settings.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { type Interval, tInterval } from "../statistics/interval.ts";
import { distinct, list, plural } from "../view/select.ts";
import { format } from "./tables.ts";

/** One seed's difference in one cell. */
export interface CellDifference extends SeedDifference {
  /** Of side a. */
  readonly place: Place;
}

/** The mean difference over the cells that every paired seed has. */
export interface Difference {
  /** Over seeds: one mean over cells per seed. As comparable numbers: percentage points, or ln(MSE ratio). */
  readonly interval: Interval;
  /** Cells averaged, the same ones for every seed. */
  readonly cells: number;
  /** Cells left out because some seed has no pair there. */
  readonly incomplete: number;
}

/**
 * Averages a - b over cells within each seed, then over seeds: the unit of replication is the training seed.
 *
 * @returns undefined when no cell has a pair in every paired seed
 */
export function meanDifference(pairs: readonly CellDifference[]): Difference | undefined {
  const seeds = Map.groupBy(pairs, ({ seed }) => String(seed));
  const places = Map.groupBy(
    pairs,
    ({ place }) => placeKey(place),
  );
  const complete = [...places.values()].filter((group) => group.length === seeds.size);
  const kept = Map.groupBy(complete.flat(), ({ seed }) => String(seed));
  const means = [...kept.values()].map((group) => group.reduce((sum, pair) => sum + pair.difference, 0) / group.length);
  const interval = tInterval(means);
  return interval && { interval, cells: complete.length, incomplete: places.size - complete.length };
}

/** A card per data set. */
export function averages(input: ReportInput, datasets: readonly DataSetDescription[]): Html {
  const cards = datasets.flatMap((dataset) => {
    const judged = gridPairs(input, dataset.name);
    const all = judged.flatMap((pair) =>
      seedDifferences(input, pair).map((found): CellDifference => ({ ...found, place: pair.key.a }))
    );
    const titles = commonTitles(input, judged);
    const entries = settingsAmong(all.map(({ place }) => place)).flatMap((setting) =>
      adapterOrder(input, all.map(({ place }) => place.adapter)).map((adapter) => {
        // Before the first step nothing has adapted yet.
        const own = all.filter(({ place }) =>
          settingKey(place) === settingKey(setting) && place.adapter === adapter && place.innerSteps !== 0
        );
        const label = [adaptedBy(input, own), settingLabel(dataset, setting)].filter((text) => text !== "").join(", ");
        return difference(label, own, dataset, titles);
      })
    ).filter((entry) => entry !== undefined);
    return entries.length === 0 ? [] : [
      html`
        <div class="card">
          <h3>${dataset.title}: ${titles.a} − ${titles.b}</h3>
          <dl>${entries}</dl>
        </div>
      `,
    ];
  });
  if (cards.length === 0) {
    return html`<p class="quiet">No two cells that are compared cell by cell both have a score.</p>`;
  }
  return html`
    <p>Mean difference between the sides of the comparison that the heat map shows, paired by seed on identical episodes. Cells are weighted alike; intervals are 95 % t intervals over seeds.</p>
    <div class="cards">
    ${cards}</div>
    <p
      class="quiet">This is a description, not a verdict: verdicts are given cell by cell. A difference near zero is not evidence that the two are equivalent, and cells behave differently: see the heat maps.</p>
  `;
}

/** "gradient steps (1, 5 and 10)", "head solved (ridge)" */
function adaptedBy(input: ReportInput, differences: readonly CellDifference[]): string {
  const [first] = differences;
  if (first === undefined) return "";
  const { title, readsInnerSteps } = adapterOf(input, first.place);
  const steps = distinct(differences.map(({ place }) => place.innerSteps)).map(String);
  return readsInnerSteps ? `${title} (${list(steps)})` : title;
}

function difference(label: string, paired: readonly CellDifference[], dataset: DataSetDescription, { a, b }: Titles) {
  const found = meanDifference(paired);
  if (found === undefined) return undefined;
  const { interval: { mean, low, high, n }, cells, incomplete } = found;
  const points = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
  const ratio = (value: number) => `× ${format(Math.exp(value))}`;
  const show = dataset.metric === "accuracy" ? points : ratio;
  const unit = dataset.metric === "accuracy"
    ? `percentage points of accuracy, ${a} minus ${b}`
    : `MSE of ${a} relative to ${b} (geometric mean; below 1: ${a} has less error)`;
  const spread = low === null || high === null
    ? "one seed: no interval"
    : `95 % interval ${show(low)} to ${show(high)}`;
  return html`
    <dt>${label}</dt>
    <dd><span class="big">${show(mean)}</span><small>${unit}</small><small>${spread}; n = ${plural(
      n,
      "seed",
    )}, ${plural(cells, "cell")} each${incomplete === 0
      ? ""
      : `, ${plural(incomplete, "incomplete cell")} left out`}</small></dd>
  `;
}
