import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { INK, QUIET, VERDICTS } from "../view/palette.ts";
import { list, plural, range } from "../view/select.ts";
import { ANSWERS, answerWords } from "../view/answers.ts";
import { atBoundary, familyWords, HOVER, hoverFields, levelText, marginText } from "../view/comparison_words.ts";
import { logTicks, textsExpr } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { titleOf } from "../view/input.ts";
import type { SettingField } from "../rows/setting.ts";
import type { PlaceField } from "../rows/place.ts";
import { adaptedText } from "../view/adaptation.ts";
import { commonTitles, differing, fieldText, titlesOf, untoldFields } from "../view/compared.ts";
import { settingsDiffer, settingShort, varying } from "../view/settings.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** Differences with their intervals against the margin: a row per pair of cells, family by family, comparison by comparison. */
export const forest: Figure = { name: "forest", draw };

/** More rows than this are no picture; the table has them all. */
const MAX_ROWS = 36;

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const known = input.verdicts.filter(({ key, verdict }) => key.dataset === dataset.name && verdict.diff !== null);
  if (known.length === 0) return undefined;
  const families = input.families.map(({ name }) => name);
  const rank = ({ key }: JudgedPair) => families.indexOf(key.family);
  const judged = known.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_ROWS);
  const { metric } = dataset;
  const accuracy = metric === "accuracy";
  const shown = (value: number) => accuracy ? value : Math.exp(value);
  const titles = commonTitles(input, judged);
  const { a, b } = titles;
  const label = (pair: JudgedPair) =>
    rowLabel(input, pair, a, { fields: untoldFields(judged), settings: varying(dataset) });
  const { from, to, cut } = extent(judged, accuracy);
  const within = (value: number) => shown(Math.min(to, Math.max(from, value)));
  const rows = judged.map((pair, i) => `${String(i).padStart(3, "0")}|${label(pair)}`);
  const legend = ANSWERS.map((answer) => `${VERDICTS[answer].letter}  ${answerWords(answer, titles)}`);
  const values = judged.map((pair, i) => {
    const { verdict } = pair;
    return {
      ...hoverFields(input, pair),
      row: rows[i],
      group: pair.key.family,
      value: within(verdict.diff ?? 0) === shown(verdict.diff ?? 0) ? shown(verdict.diff ?? 0) : null,
      lo: verdict.lo === null ? null : within(verdict.lo),
      hi: verdict.hi === null ? null : within(verdict.hi),
      loMean: verdict.loMean === null ? null : within(verdict.loMean),
      hiMean: verdict.hiMean === null ? null : within(verdict.hiMean),
      answer: legend[ANSWERS.indexOf(verdict.verdict)],
      letter: VERDICTS[verdict.verdict].letter + (atBoundary(verdict) ? "*" : ""),
    };
  });
  const margins = [...new Set(judged.map(({ verdict }) => verdict.margin))];
  const margin = margins[0];
  const heading = `${dataset.title}: ${a} against ${b === "the other" ? "others" : b}`;
  const seeds = range(judged.map(({ verdict }) => verdict.nSeeds));
  const episodes = range(judged.map(({ verdict }) => verdict.nEpisodes));
  const n = `${plural(seeds, "seed")} × ${plural(episodes, "test episode")}`;
  const shownFamilies = [...new Set(judged.map((pair) => familyWords(input, pair)))];
  const inside = judged.filter(({ verdict }) => verdict.lo !== null);
  const scale = accuracy
    ? { domain: [from, to], nice: false, zero: false }
    : { type: "log" as const, domain: [Math.exp(from), Math.exp(to)], nice: false };
  const x = {
    field: "value",
    type: "quantitative" as const,
    title: accuracy ? `${a} minus ${b} (percentage points)` : `MSE of ${a} relative to ${b}`,
    scale,
    axis: accuracy ? { grid: true, tickCount: 7 } : { grid: true, values: logTicks(from, to), format: "~g" },
  };
  const color = {
    field: "answer",
    type: "nominal" as const,
    title: null,
    scale: { domain: legend, range: LINES },
    legend: {
      ...{ symbolType: "stroke", symbolSize: 120, symbolStrokeWidth: 5, orient: "bottom" as const, columns: 3 },
      values: legend.filter((_, i) => judged.some(({ verdict }) => verdict.verdict === ANSWERS[i])),
    },
  };
  const ends = (name: string) => ({ x: { ...x, field: `lo${name}` }, x2: { field: `hi${name}` }, color });
  const thick = accuracy ? "Lines" : "Thick lines, of the typical episode,";
  return {
    title: heading,
    caption: [
      `Each row is one comparison of two cells, family by family (${list(shownFamilies)}); ${
        accuracy ? "to the right" : "to the left"
      } ${a} is better. ${thick} are the intervals that the verdicts (letters) are read from, as wide as their families ask for: within the shaded margin (${
        marginText(metric, margin)
      }) is equivalence, to one side of ${accuracy ? "zero" : "1"} beyond it is a difference. ${
        accuracy ? "" : "Thin lines below them, of the mean MSE, must be on the same side for a winner. "
      }n = ${n}.`,
      "K: shots, S: inner steps, d: sharing depth, from: layers frozen at test time where others; common, random: start of task-specific layers where not the mean.",
      usesText(input, judged),
      settingsDiffer(dataset),
      cut ? "What lies beyond the panel is drawn at its frame; the table has the numbers." : "",
      inside.length < judged.length ? "Without enough seeds there is a mean and no interval." : "",
      judged.length < known.length
        ? `The first ${judged.length} of ${known.length} comparisons are drawn; the table has all.`
        : "",
    ].filter((sentence) => sentence !== "").join(" "),
    alt: `Forest plot of ${plural(judged.length, "difference")} on ${dataset.title}. ${
      judged.slice(0, 4).map((pair) => `${label(pair)}: ${levelText(metric, pair.verdict)}`).join("; ")
    }.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      title: {
        text: heading,
        subtitle: `intervals of the verdicts${accuracy ? "" : "; thin: mean MSE"}; shaded: margin; n = ${n}`,
      },
      width: 420,
      height: { step: 19 },
      layer: [
        {
          data: { values: [{ low: within(-margin), high: within(margin) }] },
          mark: { type: "rect", color: "#b9c2cc", opacity: 0.38, tooltip: null },
          encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
        },
        {
          data: { values: [{ none: shown(0) }] },
          mark: { type: "rule", color: QUIET, strokeWidth: 1, tooltip: null },
          encoding: { x: { ...x, field: "none" } },
        },
        {
          data: { values },
          encoding: {
            y: {
              field: "row",
              type: "nominal",
              sort: rows,
              title: null,
              axis: {
                labelExpr: textsExpr(Object.fromEntries(rows.map((row) => [row, row.slice(4)]))),
                labelLimit: 560,
                labelColor: INK,
                labelFontSize: 11.5,
              },
            },
            tooltip: HOVER,
          },
          layer: [
            {
              transform: [{ filter: "isValid(datum.lo)" }],
              mark: { type: "rule", strokeWidth: 4 },
              encoding: ends(""),
            },
            ...(accuracy ? [] : [{
              transform: [{ filter: "isValid(datum.loMean)" }],
              mark: { type: "rule" as const, strokeWidth: 1.4, yOffset: 5 },
              encoding: ends("Mean"),
            }]),
            {
              transform: [{ filter: "isValid(datum.value)" }],
              mark: { type: "point", filled: true, size: 28, opacity: 1, color: INK },
              encoding: { x, color: { value: INK } },
            },
            {
              mark: { type: "text", fontSize: 12, fontWeight: 700, align: "left" },
              encoding: { x: { value: 428 }, text: { field: "letter", type: "nominal" }, color },
            },
          ],
        },
      ],
    },
  };
}

/** Tile colours, but for the two pale ones, which would vanish as lines. */
const LINES = ANSWERS.map((answer) => answer === "undecided" || answer === "none" ? QUIET : VERDICTS[answer].colour);

/**
 * Short enough for one column of a paper: "MAML native K=5", "MAML K=5 S=10 d=2".
 *
 * @param common what side a of all rows is called: a row names it where the rows differ in it
 * @param fields further fields in which the rows differ, and settings of training that do
 */
function rowLabel(
  input: ReportInput,
  { key }: JudgedPair,
  common: string,
  { fields, settings }: { readonly fields: readonly PlaceField[]; readonly settings: readonly SettingField[] },
): string {
  const { a, b } = key;
  // Titles tell sides with the same algorithm apart.
  const told = a.algorithm === b.algorithm;
  const both = (text: (place: typeof a) => string) =>
    told || text(a) === text(b) ? text(a) : `${text(a)} vs ${text(b)}`;
  const titles = titlesOf(input, key);
  const sides = common === titles.a
    ? titles.b
    : told
    ? `${titleOf(input.algorithms, a.algorithm)} ${differing(input, key).join(" vs ")}`
    : `${titles.a}, ${titles.b}`;
  const others = [
    ...settings.filter((field) => !told || a[field] === b[field]).map((field) =>
      both((place) => settingShort(field, place))
    ),
    ...fields.map((field) => fieldText(input, field, a)),
  ];
  const start = [...(a.taskStart === null || a.taskStart === "mean" ? [] : [a.taskStart]), ...others];
  if (purposeOf(input, key.family) === "answer") return [sides, key.family, `K=${a.shots}`, ...start].join(" ");
  const depth = a.sharingDepth === null ? [] : [`d=${a.sharingDepth}`];
  const frozen = a.adaptDepth === null || a.adaptDepth === a.sharingDepth ? [] : [`from ${a.adaptDepth}`];
  const saidBefore = told && (a.adapter !== b.adapter || a.innerSteps !== b.innerSteps);
  const steps = both((place) => place.innerSteps === null ? place.adapter : `S=${place.innerSteps}`);
  return [sides, `K=${a.shots}`, ...(saidBefore ? [] : [steps]), ...depth, ...frozen, ...start].join(" ");
}

function purposeOf({ families }: ReportInput, family: string) {
  return families.find(({ name }) => name === family)?.purpose;
}

/** How either side is used where rows do not say so: "Native: MTL with ridge head at d = 2 and MAML with 10 steps at d = 0."; "" where they all do. */
function usesText(input: ReportInput, judged: readonly JudgedPair[]): string {
  const answers = judged.filter(({ key }) => purposeOf(input, key.family) === "answer");
  const families = [...new Set(answers.map(({ key }) => key.family))];
  return families.map((family) => {
    const uses = answers.filter(({ key }) => key.family === family).flatMap(({ key }) =>
      [key.a, key.b].map((place) =>
        `${titleOf(input.algorithms, place.algorithm)} with ${adaptedText(input, place)}${
          place.sharingDepth === null ? "" : ` at ${fieldText(input, "sharingDepth", place)}`
        }`
      )
    );
    return `${family.charAt(0).toUpperCase()}${family.slice(1)}: ${list([...new Set(uses)])}.`;
  }).join(" ");
}

/** In the unit of the difference: the margin and all estimates but far ones, and of the intervals as much as leaves the rest legible. */
function extent(judged: readonly JudgedPair[], accuracy: boolean): { from: number; to: number; cut: boolean } {
  const sizes = judged.map(({ verdict }) => Math.abs(verdict.diff ?? 0)).sort((a, b) => a - b);
  const reach = 4 * Math.max(sizes[sizes.length >> 1], judged[0].verdict.margin);
  const centre = judged.flatMap(({ verdict: { diff, margin } }) => [diff ?? 0, -margin, margin])
    .map((value) => Math.min(reach, Math.max(-reach, value)));
  const [low, high] = [Math.min(...centre), Math.max(...centre)];
  const span = Math.max(high - low, accuracy ? 0.5 : 0.05);
  const bottom = Math.min(...judged.map(({ verdict }) => verdict.lo ?? verdict.diff ?? low), low);
  const top = Math.max(...judged.map(({ verdict }) => verdict.hi ?? verdict.diff ?? high), high);
  const [from, to] = [Math.max(bottom, low - span / 2) - 0.04 * span, Math.min(top, high + span / 2) + 0.04 * span];
  return { from, to, cut: bottom < from || top > to };
}
