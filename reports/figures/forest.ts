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
  const question = ({ key }: JudgedPair) => JSON.stringify([key.comparison, titlesOf(input, key)]);
  const ordered = known.toSorted((a, b) => rank(a) - rank(b));
  // A heading is a row as well.
  const drawn = ordered.slice(0, MAX_ROWS).filter((_, i) =>
    i + 1 + new Set(ordered.slice(0, i + 1).map(question)).size <= MAX_ROWS
  );
  const better = ({ key, verdict }: JudgedPair) => (key.metric === "mse" ? 1 : -1) * (verdict.diff ?? 0);
  // Question by question, and in each what is best for side a first.
  const groups = [...Map.groupBy(drawn, question).values()]
    .map((group) => group.toSorted((x, y) => better(x) - better(y)));
  const judged = groups.flat();
  const { metric } = dataset;
  const accuracy = metric === "accuracy";
  const shown = (value: number) => accuracy ? value : Math.exp(value);
  const titles = commonTitles(input, judged);
  const { a, b } = titles;
  const told = { fields: untoldFields(judged), settings: varying(dataset) };
  const { from, to, cut } = extent(judged, accuracy);
  const within = (value: number) => shown(Math.min(to, Math.max(from, value)));
  const lines = groups.flatMap((group, g): Line[] => [
    { id: `${g}`, text: groupLabel(input, group[0], a), head: true },
    ...group.map((pair, i) => ({ id: `${g}.${i}`, text: rowLabel(input, pair, told), head: false })),
  ]);
  const heads = lines.filter(({ head }) => head).map(({ id }) => id);
  const rows = lines.map(({ id }) => id);
  const places = lines.filter(({ head }) => !head).map(({ id }) => id);
  const legend = ANSWERS.map((answer) => `${VERDICTS[answer].letter}  ${answerWords(answer, titles)}`);
  const values = judged.map((pair, i) => {
    const { verdict } = pair;
    return {
      ...hoverFields(input, pair),
      row: places[i],
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
  return {
    title: heading,
    caption: [
      `Question by question (${list(shownFamilies)}), ${accuracy ? "right" : "left"} is better for ${a}. ${
        accuracy ? "Lines" : "Thick lines (typical task) and thin ones (average)"
      } are the intervals that the verdicts (letters) are read from, corrected for the number of comparisons; shaded: margin, ${
        marginText(metric, margin)
      }; n = ${n}.`,
      usesText(input, judged),
      settingsDiffer(dataset),
      cut ? "What lies beyond the panel is drawn at its frame." : "",
      inside.length < judged.length ? "Without enough seeds there is a mean and no interval." : "",
      judged.length < known.length
        ? `The first ${judged.length} of ${known.length} comparisons are drawn; the table has all.`
        : "",
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `${accuracy ? "Right" : "Left"} is better for ${a}. ${
      accuracy ? "Lines" : "Thick (typical task) and thin (average) lines"
    }: the verdicts' bootstrap intervals over seeds and episodes, corrected for all comparisons; shaded: the margin.`,
    alt: `Forest plot of ${plural(judged.length, "difference")} on ${dataset.title}. ${
      judged.slice(0, 4).map((pair) =>
        `${groupLabel(input, pair, a)}, ${rowLabel(input, pair, told)}: ${levelText(metric, pair.verdict)}`
      ).join("; ")
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
              sort: null,
              scale: { domain: rows },
              title: null,
              axis: {
                labelExpr: textsExpr(Object.fromEntries(lines.map(({ id, text }) => [id, text]))),
                labelFontWeight: {
                  condition: { test: `indexof(${JSON.stringify(heads)}, datum.value) >= 0`, value: "bold" },
                  value: "normal",
                },
                labelLimit: 560,
                labelColor: INK,
                labelFontSize: 11.5,
                ticks: false,
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

/** Tile colours, but for the pale ones of what is open, which would vanish as lines. */
const LINES = ANSWERS.map((answer) =>
  answer === "undecided" || answer === "none" || answer === "large-not-established" ? QUIET : VERDICTS[answer].colour
);

/** A line of the plot: a group's heading, or a comparison. */
interface Line {
  readonly id: string;
  readonly text: string;
  readonly head: boolean;
}

/** "vs MAML, at matched settings"; both sides where rows differ in the first. */
function groupLabel(input: ReportInput, pair: JudgedPair, common: string): string {
  const titles = titlesOf(input, pair.key);
  const sides = pair.key.a.algorithm === pair.key.b.algorithm
    ? titleOf(input.algorithms, pair.key.a.algorithm)
    : common === titles.a
    ? `vs ${titles.b}`
    : `${titles.a} against ${titles.b}`;
  return `${sides}, ${familyWords(input, pair)}`;
}

/**
 * "5 shots" where either side is used as its authors do, "5 shots, 10 steps, d = 2" elsewhere.
 *
 * @param fields further fields in which the rows differ, and settings of training that do
 */
function rowLabel(
  input: ReportInput,
  { key }: JudgedPair,
  { fields, settings }: { readonly fields: readonly PlaceField[]; readonly settings: readonly SettingField[] },
): string {
  const { a, b } = key;
  // Titles tell sides with the same algorithm apart.
  const told = a.algorithm === b.algorithm;
  const both = (text: (place: typeof a) => string) =>
    told || text(a) === text(b) ? text(a) : `${text(a)} vs ${text(b)}`;
  const others = [
    ...settings.filter((field) => !told || a[field] === b[field]).map((field) =>
      both((place) => settingShort(field, place))
    ),
    ...fields.map((field) => fieldText(input, field, a)),
  ];
  const start = [...(a.taskStart === null || a.taskStart === "mean" ? [] : [`${a.taskStart} start`]), ...others];
  const shots = plural(a.shots, "shot");
  if (purposeOf(input, key.family) === "answer") return [shots, ...start].join(", ");
  const apart = told ? [differing(input, key).join(" vs ")] : [];
  const depth = a.sharingDepth === null ? [] : [`d = ${a.sharingDepth}`];
  const frozen = a.adaptDepth === null || a.adaptDepth === a.sharingDepth ? [] : [`adapted beyond ${a.adaptDepth}`];
  const saidBefore = told && (a.adapter !== b.adapter || a.innerSteps !== b.innerSteps);
  const steps = saidBefore ? [] : [both((place) => adaptedText(input, place))];
  return [shots, ...apart, ...steps, ...depth, ...frozen, ...start].join(", ");
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
