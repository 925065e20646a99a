/** The first screen: the answer in a sentence, the comparisons that it rests on, and how many verdicts there are of each kind. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { beware } from "./beware.ts";
import { costRatio, costSentence, ratioText } from "./cost_ratio.ts";
import { byComparison, commonTitles, familyFor, headline, titlesOf } from "../view/compared.ts";
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
  countAnswers,
  type Counts,
  differenceText,
  familyWords,
  levelText,
  marginText,
  nText,
  placeText,
  tailText,
  verdictWords,
} from "../view/comparison_words.ts";

/** A verdict's letter on its colour. */
export function badge({ key, verdict }: JudgedPair, input: ReportInput): Html {
  const { letter, colour, ink } = VERDICTS[verdict.verdict];
  const words = verdictWords(verdict, titlesOf(input, key));
  const star = atBoundary(verdict) ? "*" : "";
  return html`<span class="badge" style="background:${colour};color:${ink}">${letter}${star}</span> ${words}`;
}

/** The answer in one sentence with its n. */
export function answer(input: ReportInput): Html {
  const { verdicts } = input;
  if (verdicts.length === 0) {
    return html`<p class="answer">This run gives no answer: none of its cells are compared.</p>`;
  }
  const leading = input.datasets.flatMap(({ name }) => headline(input, name));
  const counted = leading.length > 0 ? leading : familyFor(input, "exploration");
  const { a, b } = commonTitles(input, counted);
  const sentence = inWords(countAnswers(counted), a, b === "the other" ? "the others" : b);
  const seeds = range(counted.map(({ verdict }) => verdict.nSeeds));
  const episodes = range(counted.map(({ verdict }) => verdict.nEpisodes));
  const words = familyWords(input, counted[0]);
  const [costs, trouble] = [costSentence(input), beware(counted, input)];
  const reasons = [...new Set(counted.map(({ verdict }) => verdict.reason).filter((reason) => reason !== ""))];
  return html`
    <p class="answer">${capital(words)}: ${sentence} <span class="n">n = ${plural(
      seeds,
      "training seed",
    )} × ${plural(episodes, "test episode")} in each.</span></p>
    ${costs === "" ? undefined : html`<p class="answer costs">${costs}</p>`}
    ${trouble === "" ? undefined : html`<p class="beware">${trouble}</p>`}
    <p
      class="quiet">${reasons.length === 0 ? "" : `No verdict where ${list(reasons)}. `}${allWords(
        input,
      )} ${countAnswers(
          verdicts,
        ).undecided === 0
        ? ""
        : "Undecided means that the results cannot tell; it is no sign of equality."}${input.predictions.length === 0
        ? ""
        : html`
          Of <a href="#predictions">${plural(
            input.predictions.length,
            "prediction",
          )}</a> stated in the sweep: ${outcomeCounts(input.predictions)}.
        `}</p>
  `;
}

/** "Of all 20 comparisons of MTL with MAML and ANIL, native and matched: 3 equivalent and 17 undecided." */
function allWords(input: ReportInput): string {
  const { verdicts, families } = input;
  const titles = verdicts.map(({ key }) => titlesOf(input, key));
  const [as, bs] = [[...new Set(titles.map(({ a }) => a))], [...new Set(titles.map(({ b }) => b))]];
  const used = families.map(({ name }) => name).filter((name) => verdicts.some(({ key }) => key.family === name));
  const counts = countAnswers(verdicts);
  const answers = ANSWERS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${answerWords(kind, commonTitles(input, verdicts))}`);
  return `Of all ${plural(verdicts.length, "comparison")} of ${list(as)} with ${list(bs)}, ${list(used)}: ${
    list(answers)
  }.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "MTL matches MAML in 1 of 4 comparisons and is worse in 1; 2 are undecided." */
export function inWords(counts: Counts, a: string, b: string): string {
  const total = ANSWERS.reduce((sum, kind) => sum + counts[kind], 0);
  const of = (count: number) =>
    count < total
      ? `${count} of ${total} comparisons`
      : total === 1
      ? "the one comparison"
      : `all ${total} comparisons`;
  const claims = [
    counts.equivalent > 0 ? `matches ${b} in ${of(counts.equivalent)}` : "",
    counts["a-better"] > 0 ? `is better than ${b} in ${of(counts["a-better"])}` : "",
    counts["b-better"] > 0 ? `is worse than ${b} in ${of(counts["b-better"])}` : "",
  ].filter((claim) => claim !== "");
  const open = [
    counts["large-not-established"] > 0
      ? `${counts["large-not-established"]} ${counts["large-not-established"] === 1 ? "seems" : "seem"} large and ${
        counts["large-not-established"] === 1 ? "is" : "are"
      } not established`
      : "",
    counts.undecided > 0 ? `${counts.undecided} ${counts.undecided === 1 ? "is" : "are"} undecided` : "",
    counts.none > 0 ? `${counts.none} ${counts.none === 1 ? "has" : "have"} no verdict` : "",
  ].filter((part) => part !== "");
  if (claims.length > 0) return [`${a} ${list(claims)}`, ...open].join("; ") + ".";
  const which = of(total);
  if (counts.none === total) return `whether ${a} matches ${b} is not known: no verdict in ${which}.`;
  return `whether ${a} matches ${b} is open in ${which}: ${list(open)}.`;
}

/** The comparisons that the answer rests on, a card per data set. */
export function answerCards(input: ReportInput, datasets: readonly DataSetDescription[]): Html | undefined {
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
            <dt>${placeText(input, pair)}</dt>
            <dd><span class="big">${metric === "mse"
              ? value.replace("×", "")
              : value} <span class="unit">${unit}</span></span>${badge(pair, input)}<small>${levelText(
                metric,
                verdict,
              )}; ${metric === "mse" ? `mean MSE ${tailText(verdict)}; ` : ""}margin ${marginText(
                metric,
                verdict.margin,
              )}; n = ${nText(
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

/** How many verdicts of each kind: a row per data set and comparison, with what was asked; and what compares nothing. */
export function countTable(input: ReportInput): Html | undefined {
  const rows = byComparison(input).map((own) => {
    const [{ key }] = own;
    const { a, b } = commonTitles(input, own);
    const counts = countAnswers(own);
    const question = input.comparisons.find(({ id }) => id === key.comparison)?.question ?? "";
    return [
      html`${a} against ${b}${question === "" ? undefined : html`<small>${question}</small>`}`,
      input.datasets.find(({ name }) => name === key.dataset)?.title ?? key.dataset,
      key.family,
      ...ANSWERS.map((kind) => counts[kind]),
    ];
  });
  const empty = input.comparisons.filter(({ id }) => input.verdicts.every(({ key }) => key.comparison !== id));
  const note = empty.length === 0
    ? undefined
    : html`<p class="quiet">Without any pair of cells in this run: ${list(empty.map(({ id }) => id))}.</p>`;
  if (rows.length === 0) return note;
  const families = input.families.map(({ name, words }) => `${name}: ${words}`);
  return html`${
    table(
      [
        ["comparison"],
        ["data set"],
        ["family"],
        ...ANSWERS.map((kind) => [answerWords(kind, { a: "the first", b: "the second" }), "number"] as const),
      ],
      rows,
      `Verdicts by comparison. Families are corrected each for itself (${list(families)}).`,
    )
  }${note}`;
}
