/** The first screen: the answer in a sentence, the comparisons that it rests on, and how many verdicts there are of each kind. */
import type { JudgedPair } from "../statistics/verdicts_csv.ts";
import { beware } from "./beware.ts";
import { costRatio, costSentence, ratioText } from "./cost_ratio.ts";
import { titleOf } from "../view/input.ts";
import { Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { VERDICTS } from "../view/palette.ts";
import { outcomeCounts } from "./prediction_table.ts";
import { list, plural, range } from "../view/select.ts";
import { table } from "./tables.ts";
import {
  ANSWERS,
  answerWords,
  atBoundary,
  comparedMetas,
  countAnswers,
  type Counts,
  differenceText,
  headline,
  intervalText,
  marginText,
  nText,
  placeText,
} from "../view/comparison_words.ts";

/** A verdict's letter on its colour. */
export function badge({ key, verdict }: JudgedPair, { algorithms }: ReportInput): Html {
  const { letter, colour, ink } = VERDICTS[verdict.verdict];
  const words = answerWords(
    verdict.verdict,
    titleOf(algorithms, key.mtl.algorithm),
    titleOf(algorithms, key.meta.algorithm),
  );
  const star = atBoundary(verdict) ? "*" : "";
  return html`<span class="badge" style="background:${colour};color:${ink}">${letter}${star}</span> ${words}`;
}

/** The answer in one sentence with its n. */
export function answer(input: ReportInput): Html {
  const { verdicts } = input;
  if (verdicts.length === 0) {
    return html`<p class="answer">This run gives no answer: it has no comparison of multi-task learning with a meta-learner.</p>`;
  }
  const leading = input.datasets.flatMap(({ name }) => headline(input, name));
  const native = leading.length > 0;
  const counted = native ? leading : verdicts;
  const mtl = titleOf(input.algorithms, counted[0].key.mtl.algorithm);
  const metas = [...new Set(counted.map(({ key }) => titleOf(input.algorithms, key.meta.algorithm)))];
  const sentence = inWords(countAnswers(counted), mtl, metas.length === 1 ? metas[0] : "the meta-learners");
  const seeds = range(counted.map(({ verdict }) => verdict.nSeeds));
  const episodes = range(counted.map(({ verdict }) => verdict.nEpisodes));
  const all = countAnswers(verdicts);
  const [costs, trouble] = [costSentence(input), beware(counted, input)];
  const reasons = [...new Set(counted.map(({ verdict }) => verdict.reason).filter((reason) => reason !== ""))];
  return html`
    <p class="answer">${native
      ? "Each used as its authors do: "
      : "At matched settings: "}${sentence} <span class="n">n = ${plural(seeds, "training seed")} × ${plural(
        episodes,
        "test episode",
      )} in each.</span></p>
    ${costs === "" ? undefined : html`<p class="answer costs">${costs}</p>`}
    ${trouble === "" ? undefined : html`<p class="beware">${trouble}</p>`}
    <p
      class="quiet">${reasons.length === 0 ? "" : `No verdict where ${list(reasons)}. `}Of all ${plural(
        verdicts.length,
        "comparison",
      )} with ${list(comparedMetas(input).map((name) => titleOf(input.algorithms, name)))}, native and matched: ${list(
        ANSWERS.filter((kind) => all[kind] > 0).map((kind) =>
          `${all[kind]} ${answerWords(kind, mtl, "the meta-learner")}`
        ),
      )}. ${all.inconclusive === 0
        ? ""
        : "Inconclusive means that the results cannot tell; it is no sign of equality."}${input.predictions.length === 0
        ? ""
        : html`
          Of <a href="#predictions">${plural(
            input.predictions.length,
            "prediction",
          )}</a> stated in the sweep: ${outcomeCounts(input.predictions)}.
        `}</p>
  `;
}

/** "MTL matches MAML in 1 of 4 comparisons and is worse in 1; 2 are inconclusive." */
export function inWords(counts: Counts, mtl: string, meta: string): string {
  const total = ANSWERS.reduce((sum, kind) => sum + counts[kind], 0);
  const of = (count: number) =>
    count < total
      ? `${count} of ${total} comparisons`
      : total === 1
      ? "the one comparison"
      : `all ${total} comparisons`;
  const claims = [
    counts.equivalent > 0 ? `matches ${meta} in ${of(counts.equivalent)}` : "",
    counts["mtl-better"] > 0 ? `is better than ${meta} in ${of(counts["mtl-better"])}` : "",
    counts["meta-better"] > 0 ? `is worse than ${meta} in ${of(counts["meta-better"])}` : "",
  ].filter((claim) => claim !== "");
  const open = [
    counts.inconclusive > 0 ? `${counts.inconclusive} ${counts.inconclusive === 1 ? "is" : "are"} inconclusive` : "",
    counts.none > 0 ? `${counts.none} ${counts.none === 1 ? "has" : "have"} no verdict` : "",
  ].filter((part) => part !== "");
  if (claims.length > 0) return [`${mtl} ${list(claims)}`, ...open].join("; ") + ".";
  const which = of(total);
  if (counts.none === total) return `whether ${mtl} matches ${meta} is not known: no verdict in ${which}.`;
  return `whether ${mtl} matches ${meta} is undecided in ${which}: ${list(open)}.`;
}

/** The native comparisons with the first meta-learner, a card per data set. */
export function nativeCards(input: ReportInput, datasets: readonly DataSetDescription[]): Html | undefined {
  const cards = datasets.flatMap(({ name, title, metric }) => {
    const own = headline(input, name);
    if (own.length === 0) return [];
    const unit = metric === "mse" ? "× the MSE" : "points";
    return [html`
      <div class="card">
        <h3>${title}</h3>
        <dl>${own.map((pair) => {
          const { verdict } = pair;
          const value = differenceText(metric, verdict.diff);
          const training = ratioText(costRatio(input, pair));
          return html`
            <dt>${placeText(pair)}</dt>
            <dd><span class="big">${metric === "mse"
              ? value.replace("×", "")
              : value} <span class="unit">${unit}</span></span>${badge(pair, input)}<small>95 % ${intervalText(
                metric,
                verdict.lo95,
                verdict.hi95,
              )}; margin ${marginText(metric, verdict.margin)}; n = ${nText(
                verdict,
              )}</small>${training === ""
              ? undefined
              : html`<small>training: ${training}</small>`}${verdict.flags.length === 0
              ? undefined
              : html`<small>${verdict.flags.join("; ")}</small>`}</dd>
          `;
        })}</dl>
      </div>
    `];
  });
  return cards.length === 0 ? undefined : html`<div class="cards">${cards}</div>`;
}

/** How many verdicts of each kind: a row per data set, kind of comparison and meta-learner. */
export function countTable(input: ReportInput): Html | undefined {
  if (input.verdicts.length === 0) return undefined;
  const mtl = titleOf(input.algorithms, input.verdicts[0].key.mtl.algorithm);
  const rows = input.datasets.flatMap(({ name, title }) =>
    (["native", "matched"] as const).flatMap((comparison) =>
      comparedMetas(input, name).flatMap((meta) => {
        const own = input.verdicts.filter(({ key }) =>
          key.dataset === name && key.comparison === comparison && key.meta.algorithm === meta
        );
        if (own.length === 0) return [];
        const counts = countAnswers(own);
        return [[titleOf(input.algorithms, meta), title, comparison, ...ANSWERS.map((kind) => counts[kind])]];
      })
    )
  );
  return table(
    [
      ["against"],
      ["data set"],
      ["comparison"],
      ...ANSWERS.map((kind) => [answerWords(kind, mtl, "the other"), "number"] as const),
    ],
    rows,
    "Verdicts by meta-learner. Matched: equal sharing depth, adaptation and inner steps; native: each as its authors use it.",
  );
}
