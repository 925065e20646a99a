/** The answer in one sentence: yes, no, or what it depends on. */
import { type AnswerRow, answerRows, inSentence, rowTitles } from "./answer_rows.ts";
import { familyFor, type Titles } from "./compared.ts";
import type { ReportInput } from "./input.ts";
import { list } from "./select.ts";

/** No more words than this stand above the picture of the answer. */
export const MAX_WORDS = 60;

/** What one row says, as a kind of clause. */
type Kind =
  | "equal"
  | "better"
  | "worse"
  | "typically-better"
  | "typically-worse"
  | "mean-better"
  | "mean-worse"
  | "contrary"
  | "open"
  | "none";

/** A lead, and the sentence after it. */
export interface AnswerSentence {
  /** "Yes.", "No.", "It depends on the data.", ... */
  readonly lead: string;
  readonly text: string;
}

/** The answer of a run; what it says is what the verdicts say. */
export function answerSentence(input: ReportInput): AnswerSentence {
  const rows = answerRows(input);
  if (rows.length === 0) return withoutRows(input);
  const titles = rowTitles(input, rows);
  const kinds = Map.groupBy(rows, kindOf);
  const lead = leadOf(kinds, rows.length);
  const cost = costClause(rows, titles);
  const written = (where: (rows: readonly AnswerRow[]) => string) => {
    const clauses = [...kinds].toSorted(([x], [y]) => ORDER.indexOf(x) - ORDER.indexOf(y))
      .map(([kind, own]) =>
        clauseOf(kind, own.length === rows.length && rows.length > 1 ? "in all cases here" : where(own), titles)
      );
    return `${sentence(`${clauses.join("; ")}.`)}${cost}`;
  };
  const long = written((own) => placesOf(own, rows));
  const count = (own: readonly AnswerRow[]) => `in ${own.length} of ${rows.length} cases`;
  return { lead, text: wordCount(`${lead} ${long}`) <= MAX_WORDS ? long : written(count) };
}

/** Words of a text as a reader counts them. */
export function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

const ORDER: readonly Kind[] = [
  ...["equal", "better", "worse", "typically-better", "mean-better", "typically-worse", "mean-worse"] as const,
  ...["contrary", "open", "none"] as const,
];

function kindOf({ pair: { verdict: { verdict, typical, tail } } }: AnswerRow): Kind {
  if (verdict === "equivalent") return "equal";
  if (verdict === "a-better") return "better";
  if (verdict === "b-better") return "worse";
  if (verdict === "none") return "none";
  const sides = (reading: typeof typical) => reading === "a-better" || reading === "b-better";
  if (tail !== null && sides(typical) && sides(tail)) return "contrary";
  if (tail !== null && sides(typical)) return typical === "a-better" ? "typically-better" : "typically-worse";
  if (tail !== null && sides(tail)) return tail === "a-better" ? "mean-better" : "mean-worse";
  return "open";
}

/** Yes and no are said of everything that was asked, and of verdicts alone. */
function leadOf(kinds: ReadonlyMap<Kind, readonly AnswerRow[]>, total: number): string {
  const count = (...some: Kind[]) => some.reduce((sum, kind) => sum + (kinds.get(kind)?.length ?? 0), 0);
  const [good, bad] = [count("equal", "better"), count("worse")];
  if (good === total) return "Yes.";
  if (bad === total) return "No.";
  if (good > 0 && bad > 0) return "It depends on the task.";
  if (good > 0) return "Partly yes.";
  if (bad > 0) return "Partly no.";
  if (count("none") === total) return "Not known.";
  const [typical, mean] = [count("typically-better", "typically-worse"), count("mean-better", "mean-worse")];
  return count("contrary") > 0 || (typical > 0 && mean > 0) ? DEPENDS : "Not decided.";
}

const DEPENDS = "It depends on how errors are averaged.";

function clauseOf(kind: Kind, where: string, titles: Titles): string {
  const [a, b] = [inSentence(titles.a), inSentence(titles.b)];
  return {
    equal: `${a} matches ${b} ${where}`,
    better: `${a} beats ${b} ${where}`,
    worse: `${b} beats ${a} ${where}`,
    "typically-better": `on a typical task, ${a} beats ${b} ${where}`,
    "typically-worse": `on a typical task, ${b} beats ${a} ${where}`,
    "mean-better": `on average, which rare failures rule, ${a} beats ${b} ${where}`,
    "mean-worse": `on average, which rare failures rule, ${b} beats ${a} ${where}`,
    contrary: `the typical task and the average name different winners ${where}`,
    open: `whether ${a} matches ${b} is undecided ${where}`,
    none: `there are too few seeds to compare ${a} with ${b} ${where}`,
  }[kind];
}

/** "on Sinusoids with 5 shots and Tides"; the shots where a data set's rows differ. */
function placesOf(own: readonly AnswerRow[], all: readonly AnswerRow[]): string {
  const named = new Set(all.map(({ dataset }) => dataset)).size > 1;
  const places = [...Map.groupBy(own, ({ dataset }) => dataset)].map(([dataset, rows]) => {
    const whole = rows.length === all.filter((row) => row.dataset === dataset).length;
    const wheres = rows.map(({ where }) => where);
    const shots = wheres.every((where) => /^\d+ shots$/.test(where))
      ? `${list(wheres.map((where) => where.replace(" shots", "")))} shots`
      : list(wheres);
    if (whole && named) return dataset;
    return named ? `${dataset} with ${shots}` : shots;
  });
  return `${named ? "on" : "with"} ${list(places)}`;
}

/** " Training it takes 13 % of the operations."; "" where no cost is known. */
function costClause(rows: readonly AnswerRow[], { a, b }: Titles): string {
  const costs = rows.flatMap(({ cost }) => cost === "" ? [] : [Number.parseFloat(cost)]);
  if (costs.length === 0) return "";
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const range = (low: string, high: string) => low === high ? low : `${low} to ${high}`;
  const percent = (value: number) => String(Number((100 * value).toPrecision(2)));
  const relative = most < 1
    ? `${range(percent(least), percent(most))} % of the operations of`
    : least === 1 && most === 1
    ? "as many operations as"
    : `${range(String(least), String(most))} times the operations of`;
  return ` Training ${inSentence(a)} takes ${relative} ${inSentence(b)}.`;
}

function withoutRows(input: ReportInput): AnswerSentence {
  const explored = familyFor(input, "exploration").length;
  return explored === 0
    ? { lead: "No answer.", text: "None of this run's cells are compared." }
    : { lead: "No answer.", text: "This run does not ask the main question; what it compares is listed below." };
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
