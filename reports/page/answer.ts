/** The first screen: the answer in a sentence, the comparisons that it rests on, and how many verdicts there are of each kind. */
import { bar, scaleOf } from "../figures/answer_bars.ts";
import { footnote } from "../figures/answer_picture.ts";
import { type AnswerRow, answerRows, inSentence, rowTitles } from "../view/answer_rows.ts";
import { answerSentence } from "../view/answer_sentence.ts";
import { ANSWERS, answerWords } from "../view/answers.ts";
import { byComparison, commonTitles, familyFor, titlesOf } from "../view/compared.ts";
import { atBoundary, countAnswers, type Counts, familyWords, verdictWords } from "../view/comparison_words.ts";
import { flagWords } from "../view/flag_words.ts";
import { Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { CSS_THEME, VERDICTS } from "../view/palette.ts";
import { list, plural } from "../view/select.ts";
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { beware } from "./beware.ts";
import { outcomeCounts } from "./prediction_table.ts";
import { settling } from "./settle.ts";
import { table } from "./tables.ts";

/** A verdict's letter on its colour. */
export function badge(pair: JudgedPair, input: ReportInput): Html {
  const { key, verdict } = pair;
  const star = atBoundary(verdict) ? "*" : "";
  return html`<span class="badge v-${verdict.verdict}">${VERDICTS[verdict.verdict].letter}${star}</span> ${
    verdictWords(verdict, titlesOf(input, key))
  }`;
}

/** The answer in one sentence. */
export function answer(input: ReportInput): Html {
  const { lead, text } = answerSentence(input);
  return html`<p class="answer"><strong>${lead}</strong> ${text}</p>`;
}

/** What the answer rests on: a row per data set and shots, how to read it, what to beware of, what would settle what is open. */
export function answerSection(input: ReportInput, files: readonly string[]): Html {
  const rows = answerRows(input);
  const pairs = rows.map(({ pair }) => pair);
  const groups = [...Map.groupBy(rows, ({ metric }) => metric).values()];
  const trouble = beware(pairs, input);
  const links = files.map((file) =>
    html`
      <a href="${encodeURIComponent(file)}">${file}</a>
    `
  );
  return html`
    ${groups.map((own) => heroTable(input, own))}
    ${rows.length === 0 ? explored(input) : html`<p class="quiet">${footnote(rows)}</p>`}
    ${trouble === "" ? undefined : html`<p class="beware">${trouble}</p>`}
    ${notes(input, rows)}
    ${files.length === 0 ? undefined : html`<p class="quiet files">The same as a picture:${links}</p>`}
    ${settling(input, rows)}
  `;
}

const PLOT = [0, 190] as const;
/** Height of one measure's bar. */
const BAR = 42;

function heroTable(input: ReportInput, rows: readonly AnswerRow[]): Html {
  const [{ metric, margin }] = rows;
  const titles = rowTitles(input, rows);
  const [a, b] = [inSentence(titles.a), inSentence(titles.b)];
  const scale = scaleOf(metric, rows, PLOT);
  const heads = {
    cost: `training cost; ${b} = 1×`,
    reach: `cost to reach ${b}’s score; ${b} = 1×`,
    back: `${b} to reach ${a}’s score; ${a} = 1×`,
  };
  const numbers = metric === "mse" ? `error of ${a}; ${b} = 1×` : `points of accuracy ahead of ${b}`;
  const drawn = (row: AnswerRow) => {
    const height = BAR * Math.max(1, row.measures.length);
    return html`
      <svg class="bars" width="190" height="${height}" viewBox="0 0 190 ${height}"
        aria-hidden="true"><rect x="${scale.place(-margin)}" width="${scale.place(margin) -
          scale.place(-margin)}" height="${height}" fill="${CSS_THEME.band}"/><path d="M${scale.place(
            0,
          )} 0V${height}" stroke="${CSS_THEME.quiet}"/>${row.measures.flatMap((measure, i) =>
            bar(measure, BAR * i + 14, scale, CSS_THEME)
          )}</svg>
    `;
  };
  const lines = rows.map((row, i) => {
    const first = i === 0 || rows[i - 1].dataset !== row.dataset;
    return html`
      <tr class="${first ? "first" : "same"}">
        <th scope="row"><span class="set">${row.dataset}</span><span class="where">${row.where}</span></th>
        <td data-label="verdict"><span class="chip v-${row.answer}">${row.chip}</span>${row.note === ""
          ? undefined
          : row.note.split("; ").map((note) => html`<small>${note}</small>`)}</td>
        <td class="plot" data-label="← ${a} better | ${b} better →">${drawn(row)}</td>
        <td data-label="${numbers}">${row.measures.map(({ name, text, interval }) =>
          html`<span class="measure"><b>${text}</b> ${name}<small>${interval}</small></span>`
        )}</td>
        ${([["cost", row.cost], ["reach", row.reach], ["back", row.reachBack]] as const).map(([name, value]) =>
          html`<td data-label="${heads[name]}"><b>${value === "" ? "–" : value}</b></td>`
        )}
      </tr>
    `;
  });
  return html`
    <table class="hero">
      <thead>
        <tr>
          <th scope="col">data, labelled examples (shots)</th>
          <th scope="col">verdict</th>
          <th
            scope="col"><span class="side-a">← ${a} better</span> <span class="side-b">${b} better →</span></th>
          <th scope="col">${numbers}</th>
          <th scope="col">${heads.cost}</th>
          <th scope="col">${heads.reach}</th>
          <th scope="col">${heads.back}</th>
        </tr>
      </thead>
      <tbody>${lines}</tbody>
    </table>
  `;
}

/** What each row is to be read with, in words. */
function notes(input: ReportInput, rows: readonly AnswerRow[]): Html | undefined {
  const items = rows.flatMap(({ pair, dataset, where }) => {
    const words = flagWords(input, pair);
    return words.length === 0 ? [] : [html`<li><strong>${dataset}, ${where}</strong>: ${words.join("; ")}.</li>`];
  });
  return items.length === 0 ? undefined : html`
    <details class="notes">
      <summary>What each row rests on</summary>
      <ul>${items}</ul>
    </details>
  `;
}

/** Where the question is not asked: what the exploring comparisons say, counted. */
function explored(input: ReportInput): Html | undefined {
  const judged = familyFor(input, "exploration");
  if (judged.length === 0) return undefined;
  const { a, b } = commonTitles(input, judged);
  const words = familyWords(input, judged[0]);
  return html`<p>${capital(words)}: ${inWords(countAnswers(judged), a, b === "the other" ? "the others" : b)}</p>`;
}

/** "Of all 20 comparisons of MTL with MAML and ANIL, native and matched: 3 equivalent and 17 undecided." */
export function allWords(input: ReportInput): Html | undefined {
  const { verdicts, families, predictions } = input;
  if (verdicts.length === 0) return undefined;
  const titles = verdicts.map(({ key }) => titlesOf(input, key));
  const [as, bs] = [[...new Set(titles.map(({ a }) => a))], [...new Set(titles.map(({ b }) => b))]];
  const used = families.map(({ name }) => name).filter((name) => verdicts.some(({ key }) => key.family === name));
  const counts = countAnswers(verdicts);
  const answers = ANSWERS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${answerWords(kind, commonTitles(input, verdicts))}`);
  const reasons = [...new Set(verdicts.map(({ verdict }) => verdict.reason).filter((reason) => reason !== ""))];
  return html`
    <p
      class="quiet">Of all ${plural(verdicts.length, "comparison")} of ${list(as)} with ${list(bs)}, ${list(
        used,
      )}: ${list(answers)}. ${reasons.length === 0 ? "" : `No verdict where ${list(reasons)}. `}${counts.undecided === 0
        ? ""
        : "Undecided means that the results cannot tell; it is no sign of equality."}${predictions.length === 0
        ? ""
        : html`
          Of <a href="#predictions">${plural(
            predictions.length,
            "prediction",
          )}</a> stated in the sweep: ${outcomeCounts(predictions)}.
        `}</p>
  `;
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
  const note = empty.length === 0 ? undefined : html`
    <details>
      <summary>Asked by the sweep, and compared by no two cells of this run: ${plural(
        empty.length,
        "question",
      )}</summary>
      <ul>${empty.map(({ id, question }) => html`<li>${question || id}</li>`)}</ul>
    </details>
  `;
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
