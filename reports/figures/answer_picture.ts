/** The answer as one picture, light or dark: what the first screen of the page says, for a README or a slide. */
import type { Metric } from "../../data/contract/dataset.ts";
import { type AnswerRow, answerRows, inSentence, rowTitles } from "../view/answer_rows.ts";
import { marginText } from "../view/comparison_words.ts";
import { escape, Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { type Theme, type ThemeName, THEMES } from "../view/palette.ts";
import { list, plural, range } from "../view/select.ts";
import { bar, round, type Scale, scaleOf } from "./answer_bars.ts";
import { boldWidth, wrapped } from "./text.ts";

const WIDTH = 940;
const PAD = 16;
/** Columns: where they begin and how wide they are. */
const AT = {
  name: [PAD, 128],
  verdict: [152, 150],
  plot: [316, 190],
  numbers: [522, 150],
  cost: [684, 74],
  reach: [768, 72],
  back: [850, 76],
} as const;
const SMALL = 11;
const LINE = 14;
/** Height of one measure's bar and numbers. */
const BAR = 30;

/** One picture of the answer. */
export interface AnswerPicture {
  readonly svg: string;
  /** What a reader who cannot see it should know. */
  readonly alt: string;
  readonly background: string;
}

/** The picture in a theme; undefined where the run does not ask the question. The same input gives the same bytes. */
export function answerPicture(input: ReportInput, name: ThemeName): AnswerPicture | undefined {
  const rows = answerRows(input);
  if (rows.length === 0) return undefined;
  const theme = THEMES[name];
  const parts: Html[] = [];
  let y = PAD;
  for (const [metric, own] of Map.groupBy(rows, (row) => row.metric)) {
    const titles = rowTitles(input, own);
    const head = headOf(metric, inSentence(titles.a), inSentence(titles.b));
    const lines = Math.max(...head.map(({ lines }) => lines.length));
    for (const { at: [x], lines: words, colours } of head) {
      words.forEach((line, i) => {
        const colour = colours?.[i - words.length + colours.length];
        parts.push(
          text(x, y + LINE * (lines - words.length + i + 1), line, SMALL, colour ? theme[colour] : theme.quiet),
        );
      });
    }
    y += LINE * lines + 8;
    const scale = scaleOf(metric, own, AT.plot);
    const top = y;
    let last = "";
    const bodies = own.map((row) => {
      const body = rowPicture(row, y, scale, theme, row.dataset === last ? "" : row.dataset);
      last = row.dataset;
      y += body.height;
      return body.html;
    });
    const [x, width] = AT.plot;
    const margin = own[0].margin;
    parts.push(
      box(scale.place(-margin), top, scale.place(margin) - scale.place(-margin), y - top, theme.band),
      html`
        <path d="M${scale.place(0)} ${top}V${y}" stroke="${theme.quiet}" />
      `,
      ...bodies,
      html`
        <path d="M${x} ${y}H${x + width}" stroke="${theme.line}" />
      `,
      ...scale.ticks.map(({ at, label }) => text(at, y + LINE, label, SMALL, theme.quiet, "middle")),
    );
    y += LINE + 18;
  }
  for (const line of wrapped(footnote(rows), SMALL, WIDTH - 2 * PAD)) {
    parts.push(text(PAD, y, line, SMALL, theme.quiet));
    y += LINE;
  }
  const alt = altOf(rows);
  const svg = html`
    <svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 4}" viewBox="0 0 ${WIDTH} ${y + 4}"
      role="img"
      font-family="system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"><title>${alt}</title><rect width="100%" height="100%" fill="${theme
        .paper}"/>${parts}</svg>
  `;
  return { svg: `${svg.text.trim()}\n`, alt, background: theme.paper };
}

interface Head {
  readonly at: readonly [number, number];
  readonly lines: string[];
  /** Of the last lines. */
  readonly colours?: readonly ("a" | "b")[];
}

function headOf(metric: Metric, a: string, b: string): Head[] {
  const head = (at: readonly [number, number], words: string): Head => ({ at, lines: wrapped(words, SMALL, at[1]) });
  const { plot } = AT;
  return [
    head(AT.name, "data, labelled examples (shots)"),
    head(AT.verdict, `verdict on ${a} against ${b}`),
    {
      at: plot,
      lines: [
        ...wrapped(
          metric === "mse" ? "error, with the interval of the verdict" : "accuracy, with the interval of the verdict",
          SMALL,
          plot[1],
        ),
        `← ${a} better`,
        `${b} better →`,
      ],
      colours: ["a", "b"],
    },
    head(AT.numbers, metric === "mse" ? `error of ${a}; ${b} = 1×` : `points of accuracy ahead of ${b}`),
    head(AT.cost, `training cost; ${b} = 1×`),
    head(AT.reach, `cost to reach ${b}’s score`),
    head(AT.back, `${b} to reach ${a}’s`),
  ];
}

function rowPicture(
  row: AnswerRow,
  y: number,
  scale: Scale,
  theme: Theme,
  dataset: string,
): { html: Html; height: number } {
  const [name, verdict, numbers] = [AT.name, AT.verdict, AT.numbers];
  const titles = dataset === "" ? [] : wrapped(dataset, 14, name[1]);
  const notes = row.note === "" ? [] : row.note.split("; ").flatMap((note) => wrapped(note, SMALL, verdict[1]));
  const chip = wrapped(row.chip, 12, verdict[1] - 14);
  const height = 12 + Math.max(
    18 * titles.length + 18,
    chip.length * 15 + 8 + LINE * notes.length,
    BAR * Math.max(1, row.measures.length),
  );
  const { fill, ink } = theme.verdicts[row.answer];
  const chipWidth = Math.max(...chip.map((line) => boldWidth(line, 12))) + 14;
  const parts = [
    html`
      <path d="M${PAD} ${y}H${WIDTH - PAD}" stroke="${theme.line}" />
    `,
    ...titles.map((line, i) => text(name[0], y + 20 + 17 * i, line, 13, theme.ink, "start", 600)),
    text(name[0], y + 20 + 17 * titles.length, row.where, 12, theme.ink),
    html`
      <rect x="${verdict[0]}" y="${y + 7}" width="${round(chipWidth)}" height="${chip.length * 15 +
        5}" rx="5" fill="${fill}" />
    `,
    ...chip.map((line, i) => text(verdict[0] + 7, y + 20 + 15 * i, line, 12, ink, "start", 600)),
    ...notes.map((line, i) => text(verdict[0], y + 12 + chip.length * 15 + LINE * (i + 1), line, SMALL, theme.quiet)),
    ...row.measures.flatMap((measure, i) => {
      const middle = y + 20 + BAR * i;
      return [
        ...bar(measure, middle - 4, scale, theme),
        text(numbers[0], middle, measure.text, 13, theme.ink, "start", 600),
        text(numbers[0] + boldWidth(measure.text, 13) + 6, middle, measure.name, SMALL, theme.quiet),
        text(numbers[0], middle + 13, measure.interval, SMALL, theme.quiet),
      ];
    }),
    ...([["cost", row.cost], ["reach", row.reach], ["back", row.reachBack]] as const).flatMap(([column, value]) =>
      wrapped(value === "" ? "–" : value, 13, AT[column][1] - 6).map((line, i) =>
        text(AT[column][0], y + 20 + 16 * i, line, 13, theme.ink, "start", 600)
      )
    ),
  ];
  return { html: html`${parts}`, height };
}

/** How to read it, and what it rests on. */
export function footnote(rows: readonly AnswerRow[]): string {
  const margins = [...new Set(rows.map(({ metric, margin }) => marginText(metric, margin)))];
  const seeds = range(rows.map(({ pair }) => pair.verdict.nSeeds));
  const episodes = range(rows.map(({ pair }) => pair.verdict.nEpisodes));
  return `Band: differences too small to matter (${
    list(margins)
  }), set before the run. Bars reach as far as the results at hand leave open; ` +
    `a verdict needs a bar clear of the line, or all within the band. Cost: operations of training. ${
      plural(seeds, "training seed")
    }, ${plural(episodes, "test task")} each.`;
}

function altOf(rows: readonly AnswerRow[]): string {
  return rows.map(({ dataset, where, chip, note, measures, cost, reach }) =>
    [
      `${dataset}, ${where}: ${chip.toLowerCase() === "undecided" ? "undecided" : chip}${
        note === "" ? "" : ` (${note})`
      }`,
      ...measures.map(({ name, text, interval }) => `${name} ${text}${interval === "" ? "" : ` (${interval})`}`),
      ...(cost === "" ? [] : [`training cost ${cost}`]),
      ...(reach === "" ? [] : [`cost to reach the other's score ${reach}`]),
    ].join(", ")
  ).join("; ") + ".";
}

function text(x: number, y: number, words: string, size: number, colour: string, anchor = "start", weight = 400): Html {
  if (words === "") return new Html("");
  return new Html(
    `<text x="${round(x)}" y="${
      round(y)
    }" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${escape(words)}</text>`,
  );
}

function box(x: number, y: number, width: number, height: number, fill: string): Html {
  return html`
    <rect x="${x}" y="${y}" width="${round(width)}" height="${round(height)}" fill="${fill}" />
  `;
}
