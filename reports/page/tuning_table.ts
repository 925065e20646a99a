/** What was tried before training, and what was chosen. */
import type { TuningRow } from "../rows/rows.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { varyingAnywhere } from "../view/settings.ts";
import { distinct } from "../view/select.ts";
import { format, table } from "./tables.ts";

/** A row per data set, normalisation, algorithm and sharing depth: the grid, the choice and its score, and where the choice lies on the grid's edge. */
export function tuningTable(input: ReportInput): Html {
  const { tuning, datasets, algorithms } = input;
  const several = varyingAnywhere(input).includes("norm");
  if (tuning.length === 0) {
    return html`<p class="quiet">This sweep tunes nothing: every algorithm trains with the sweep's own settings.</p>`;
  }
  const groups = Map.groupBy(tuning, (row) => JSON.stringify([row.dataset, row.norm, row.algorithm, row.sharingDepth]));
  const rows = [...groups.values()].map((trials) => {
    const [{ dataset, norm, algorithm, sharingDepth, iterations, metric }] = trials;
    const chosen = trials.find((trial) => trial.chosen === "yes");
    const scores = trials.flatMap(({ score }) => score === null ? [] : [score]);
    const worst = metric === "mse" ? Math.max(...scores) : Math.min(...scores);
    return [
      datasets.find(({ name }) => name === dataset)?.title ?? dataset,
      ...(several ? [norm] : []),
      titleOf(algorithms, algorithm),
      sharingDepth ?? "–",
      trials.length,
      iterations,
      grid(trials, "outerLr"),
      grid(trials, "innerLr"),
      chosen === undefined ? "none: the sweep's settings" : html`${choice(chosen, trials, "outerLr")}`,
      chosen === undefined ? "–" : html`${choice(chosen, trials, "innerLr")}`,
      chosen?.score === undefined || chosen.score === null ? "–" : scoreText(chosen.score, metric),
      scores.length === 0 ? "–" : scoreText(worst, metric),
    ];
  });
  return table(
    [
      ["data set"],
      ...(several ? [["norm"] as const] : []),
      ["algorithm"],
      ["d", "number"],
      ["trials", "number"],
      ["iterations", "number"],
      ["outer step sizes tried"],
      ["inner step sizes tried"],
      ["outer chosen", "number"],
      ["inner chosen", "number"],
      ["validation score", "number"],
      ["worst trial", "number"],
    ],
    rows,
    "Every algorithm gets the same number of trials at every sharing depth, scored on validation episodes; test episodes take no part. Edge: the best of what was tried is the largest or smallest, so that a better one may lie beyond. Every trial is in tuning.csv.",
  );
}

type Tuned = "outerLr" | "innerLr";

function grid(trials: readonly TuningRow[], what: Tuned): string {
  return distinct(trials.map((trial) => trial[what])).join(", ");
}

function choice(chosen: TuningRow, trials: readonly TuningRow[], what: Tuned): Html {
  const tried = distinct(trials.map((trial) => trial[what]));
  const value = chosen[what];
  const edge = tried.length > 1 && (value === tried[0] || value === tried[tried.length - 1]);
  return html`${value}${edge ? html`<small>edge</small>` : undefined}`;
}

function scoreText(score: number, metric: TuningRow["metric"]): string {
  return metric === "mse" ? format(score) : `${(100 * score).toFixed(1)} %`;
}
