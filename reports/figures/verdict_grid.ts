import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { PAPER, VERDICTS } from "../view/palette.ts";
import { adaptationAxis, axisLabels } from "../view/adaptation.ts";
import { settingLabel, settingsAmong, settingsDiffer, varying } from "../view/settings.ts";
import { distinct, list, plural, range } from "../view/select.ts";
import { ANSWERS, answerWords } from "../view/answers.ts";
import { atBoundary, countAnswers, familyWords, HOVER, hoverFields, marginText } from "../view/comparison_words.ts";
import { panelsByShots } from "./axes.ts";
import { type Drawing, type Figure } from "./figure.ts";
import { commonTitles, gridPairs } from "../view/compared.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** The verdicts of the sweep's first exploring comparison: sharing depth x inner steps, a panel per number of shots. */
export const verdictGrid: Figure = { name: "verdict_grid", draw };

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const judged = gridPairs(input, dataset.name);
  if (judged.length === 0) return undefined;
  const titles = commonTitles(input, judged);
  const { a, b } = titles;
  const adaptations = adaptationAxis(input, judged.map(({ key }) => key.a));
  const { labels: steps, others } = adaptations;
  const several = varying(dataset).length > 0;
  const settings = settingsAmong(judged.map(({ key }) => key.a)).map((setting) => settingLabel(dataset, setting));
  const depths = distinct(judged.map(({ key }) => key.a.sharingDepth)).map((depth) => String(depth ?? "none"));
  const legend = ANSWERS.map((answer) => `${VERDICTS[answer].letter}  ${answerWords(answer, titles)}`);
  const values = judged.map((pair) => ({
    ...hoverFields(input, pair),
    shots: pair.key.a.shots,
    panel: settingLabel(dataset, pair.key.a),
    steps: adaptations.labelOf(pair.key.a),
    depth: String(pair.key.a.sharingDepth ?? "none"),
    answer: legend[ANSWERS.indexOf(pair.verdict.verdict)],
    letter: VERDICTS[pair.verdict.verdict].letter + (atBoundary(pair.verdict) ? "*" : ""),
  }));
  const counts = countAnswers(judged);
  const counted = ANSWERS.filter((answer) => counts[answer] > 0).map((answer) =>
    `${counts[answer]} ${answerWords(answer, titles)}`
  );
  const boundary = judged.some(({ verdict }) => atBoundary(verdict));
  const seeds = range(judged.map(({ verdict }) => verdict.nSeeds));
  const episodes = range(judged.map(({ verdict }) => verdict.nEpisodes));
  const n = `${plural(seeds, "seed")} × ${plural(episodes, "test episode")}`;
  const title = `${dataset.title}: ${a} against ${b}`;
  const margin = marginText(judged[0].key.metric, judged[0].verdict.margin);
  const drawn = ANSWERS.filter((answer) => counts[answer] > 0);
  return {
    title,
    caption: [
      `Verdicts ${familyWords(input, judged[0])}, cell by cell: ${list(counted)}. n = ${n}; margin ${margin}.`,
      `E: the difference is shown to lie within the margin; A: ${a} is shown to be better; B: ${b} is; L: the difference seems large, but is not established among so many comparisons; ?: undecided, which is not a sign of equality; –: too few seeds to say.`,
      boundary ? "*: so close to the line that another draw of the bootstrap could change the verdict." : "",
      settingsDiffer(dataset),
      "Numbers are in the table of verdicts, and under a pointer or finger.",
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint:
      `E: equivalent; A: ${a} better; B: ${b} better; L: large, not established; ?: undecided. Read off bootstrap intervals over seeds and episodes, corrected for all comparisons; margin ${margin}.`,
    alt:
      `Grid of verdicts over inner steps and sharing depth, in panels by shots, ${a} against ${b} on ${dataset.title}: ${
        list(counted)
      }.`,
    spec: {
      $schema: SCHEMA,
      config: { ...CONFIG, view: { stroke: null } },
      title: { text: title, subtitle: `margin ${margin}; n = ${n}` },
      data: { values },
      facet: panelsByShots(several ? settings : []),
      spacing: 18,
      spec: {
        width: { step: others.length > 1 ? WORD_STEP : 44 },
        height: { step: 38 },
        encoding: {
          x: {
            field: "steps",
            type: "ordinal",
            sort: steps,
            title: "inner steps",
            axis: { ...QUIET_AXIS, labelExpr: axisLabels(adaptations) },
          },
          y: {
            field: "depth",
            type: "ordinal",
            sort: depths,
            title: several && depths.length < 3 ? ["sharing", "depth"] : "sharing depth",
            axis: QUIET_AXIS,
          },
          tooltip: HOVER,
        },
        layer: [
          {
            mark: { type: "rect", stroke: PAPER, strokeWidth: 3, cornerRadius: 6 },
            encoding: {
              color: {
                field: "answer",
                type: "nominal",
                title: null,
                scale: { domain: legend, range: ANSWERS.map((answer) => VERDICTS[answer].colour) },
                legend: { symbolType: "square", symbolSize: 170, symbolStrokeWidth: 0, orient: "bottom", columns: 3 },
              },
            },
          },
          ...drawn.map((answer) => ({
            transform: [{ filter: { field: "answer", equal: legend[ANSWERS.indexOf(answer)] } }],
            mark: { type: "text" as const, fontSize: 15, fontWeight: 700 as const, color: VERDICTS[answer].ink },
            encoding: { text: { field: "letter", type: "nominal" as const } },
          })),
        ],
      },
    },
  };
}

/** As wide as a word on the axis. */
const WORD_STEP = 68;

const QUIET_AXIS = { domain: false, ticks: false } as const;
