import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { INK, QUIET } from "../view/palette.ts";
import { list, plural } from "../view/select.ts";
import { episodePanels, panelTitle, rowsOfClasses, waysOf } from "./episode_verdicts.ts";
import type { Drawing, Figure } from "./figure.ts";
import { chosenPicture, chosenStates, pictureSettings } from "./pictures.ts";
import { wrapped } from "./text.ts";
import { CONFIG, SCHEMA } from "./theme.ts";

/** A classification episode whose examples are texts: support snippets, and what adapted networks say of query snippets. */
export const textEpisode: Figure = { name: "text_episode", draw };

/** What fits on a page. */
const MAX = { classes: 5, support: 2, queries: 3, letters: 40 } as const;
const LINE = 24;
const LETTER = 8;
/** Room for a line of a class's name. */
const NAME = 115;

function draw(input: ReportInput, dataset: DataSetDescription): Drawing | undefined {
  const picture = chosenPicture(input, dataset.name);
  if (picture?.texts === undefined) return undefined;
  const { episode, shots, texts } = picture;
  const states = chosenStates(input, picture, dataset);
  const panels = episodePanels(input, picture, states);
  if (panels.length === 0) return undefined;

  const ways = waysOf(picture);
  const queries = episode.nQuery / ways;
  const classes = Math.min(ways, MAX.classes);
  const shown = Math.min(queries, MAX.queries);
  const width = LETTER * Math.min(MAX.letters, Math.max(...[...texts.support, ...texts.query].map(lettersOf)));
  /** Lines of a class, one below the other: a class takes as many lines as it has queries. */
  const lines = (count: number, targets: Float32Array, of: readonly string[]) =>
    rowsOfClasses(targets, ways).slice(0, classes).flatMap((rows, label) =>
      rows.slice(0, count).map((index, i) => ({
        line: label * shown + i,
        index,
        row: `class ${label + 1}`,
        text: shortened(of[index]),
      }))
    );
  const support = lines(Math.min(MAX.support, shown), episode.supportY, texts.support);
  const query = lines(shown, episode.queryY, texts.query);
  const domain = Array.from({ length: classes * shown }, (_, line) => line);
  const names = texts.classes.slice(0, classes);
  const labels = `${JSON.stringify(names.map((name, c) => labelOf(`${c + 1} ${name}`)))}[datum.value / ${shown}]`;
  const y = { field: "line", type: "ordinal", scale: { domain, paddingInner: 0 }, title: null } as const;
  const axis = {
    values: domain.filter((line) => line % shown === 0),
    labelExpr: labels,
    labelFontSize: 12,
    labelLimit: NAME,
    domain: false,
    ticks: false,
  };
  const size = { width: width + 4 * LETTER, height: LINE * domain.length };
  const rules = {
    data: { values: domain.filter((line) => line % shown === 0 && line > 0).map((line) => ({ line })) },
    mark: { type: "rule" as const, strokeWidth: 0.5, opacity: 0.5, yOffset: -LINE / 2 },
    encoding: { y },
  };
  const words = {
    mark: { type: "text" as const, align: "left" as const, x: 4, fontSize: 12, color: INK },
    encoding: { y, text: { field: "text", type: "nominal" as const } },
  };
  const heading = `${dataset.title}: one test episode`;
  const rates = panels.map(({ label, count }) => `${label}: ${count}`);
  return {
    title: heading,
    caption: [
      `The first test episode with ${plural(shots, "shot")} and one training seed: an example, not evidence.`,
      "Each is adapted as its authors do where that is pictured.",
      pictureSettings(dataset, states),
      "Each query has what the adapted network says: ✓ where it is right, a dark ✗ and the number of the class it says (– for none) where it is wrong.",
      `Shown: at most ${classes} classes, ${MAX.support} support and ${MAX.queries} query snippets of each; counts are over all.`,
      `${rates.join("; ")}.`,
    ].filter((sentence) => sentence !== "").join(" "),
    inPrint: `One test episode with ${
      plural(shots, "shot")
    } and one training seed, an example: ✓ right, ✗ wrong, with the number of the class that is said.`,
    alt: `Snippets of ${list(names)}: the support set, and queries with the predictions of ${
      list(panels.map(({ label }) => label))
    }. ${rates.join("; ")}.`,
    spec: {
      $schema: SCHEMA,
      config: { ...CONFIG, view: { stroke: null } },
      title: { text: heading, subtitle: `${plural(shots, "shot")}, one training seed` },
      spacing: 28,
      hconcat: [
        {
          ...size,
          title: panelTitle("support set", ""),
          data: { values: support },
          layer: [rules, { ...words, encoding: { ...words.encoding, y: { ...y, axis } } }],
        },
        ...panels.map(({ heading, adapted, verdicts, count }) => ({
          ...size,
          title: panelTitle(heading, `${adapted}: ${count}`),
          data: {
            values: query.map((line) => {
              const said = verdicts[line.index];
              const right = said === Math.floor(line.index / queries);
              return { ...line, right, says: right ? "✓" : said < 0 ? "✗ –" : `✗ ${said + 1}` };
            }),
          },
          layer: [
            rules,
            {
              mark: { type: "text" as const, align: "left" as const, x: 4, fontSize: 12, fontWeight: "bold" as const },
              encoding: {
                y: { ...y, axis: null },
                text: { field: "says", type: "nominal" as const },
                color: { condition: { test: "datum.right", value: QUIET }, value: INK },
              },
            },
            { ...words, mark: { ...words.mark, x: 4 * LETTER } },
          ],
        })),
      ],
    },
  };
}

/** A class's name in at most two lines: in one, long ones would leave a narrow column no room for the panels. */
function labelOf(name: string): string[] {
  const [first, ...rest] = wrapped(name, 12, NAME);
  return rest.length === 0 ? [first] : [first, rest.join(" ")];
}

function lettersOf(text: string): number {
  return [...text].length;
}

function shortened(text: string): string {
  return lettersOf(text) <= MAX.letters ? text : `${[...text].slice(0, MAX.letters - 1).join("")}…`;
}
