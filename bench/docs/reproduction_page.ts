/** `docs/reproduction.md`: published numbers beside ours, from `docs/reproduction.csv`, which is published.csv of a run of the sweep `reproduce`. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { markdownText } from "../../reports/paper/markdown.ts";
import { iterationsText, oursText, placeText, publishedText, READING } from "../../reports/page/published_table.ts";
import { parsePublished } from "../../reports/rows/csv.ts";
import { REPRODUCTIONS } from "../../reports/rows/published_row.ts";
import type { PublishedRow } from "../../reports/rows/rows.ts";

const INTRODUCTION = `<!-- deno-fmt-ignore-file -->
<!-- Written by deno task docs from docs/reproduction.csv, which is published.csv of a run of the sweep "reproduce". -->

# Published numbers, reproduced

\`\`\`sh
BENCH_DATA_DIR=/path/to/data deno task bench --profile reproduce --backend tensorflow   # data/omniglot/*.zip; without it, the sinusoids only
cp reports/runs/reproduce/published.csv docs/reproduction.csv && deno task docs          # this page
\`\`\`

Each method under its own authors' settings, as far as two cores carry: sinusoids at the published iterations, Omniglot at fewer. What was published, where, and
what is known to differ stands in the sweep ([bench/sweeps/reproduce.ts](../bench/sweeps/reproduce.ts)); every run of it writes published.csv and shows the same
table on its page. Any sweep of yours can name published numbers too (\`published\` in [sweeps.md](sweeps.md)).
`;

const HEADS = ["method", "setting", "published", "ours", "seeds", "iterations", "training", "outcome"];

/** The whole page. */
export function reproductionPage(): string {
  return pageOf(parsePublished(Deno.readTextFileSync(join(PROJECT_ROOT, "docs", "reproduction.csv"))));
}

/** The page of some rows. */
export function pageOf(rows: readonly PublishedRow[]): string {
  const groups = [...Map.groupBy(rows, ({ metric }) => metric)];
  const counts = REPRODUCTIONS.flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const notes = [...new Map(rows.map((row) => [JSON.stringify([row.method, row.source, row.differs]), row])).values()];
  return [
    INTRODUCTION,
    `${READING} Training: mean time of one seed's training on a core of two AMD EPYC cores, beside other work. Of ${rows.length} numbers: ${
      counts.join(", ")
    }.`,
    "",
    ...groups.flatMap(([metric, own]) => [
      `## ${metric === "mse" ? "Mean squared error" : metric === "accuracy" ? "Accuracy in %" : "Not run"}`,
      "",
      `| ${HEADS.join(" | ")} |`,
      `| ${HEADS.map(() => "---").join(" | ")} |`,
      ...own.map((row) => `| ${cellsOf(row).map(markdownText).join(" | ")} |`),
      "",
    ]),
    "## Sources, and what differs",
    "",
    ...notes.map((note) => {
      const { method, source, differs } = note;
      return `- **${markdownText(method)}**: ${markdownText(source)}.${
        differs === "" ? "" : ` Here: ${markdownText(differs)}.`
      }`;
    }),
    "",
  ].join("\n");
}

function cellsOf(row: PublishedRow): string[] {
  return [
    row.method,
    `${row.dataset}, ${placeText(row)}`,
    publishedText(row),
    oursText(row),
    `${row.seeds}`,
    iterationsText(row),
    row.trainS === null ? "–" : hours(row.trainS),
    row.outcome,
  ];
}

/** "0.012 h" */
function hours(seconds: number): string {
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}
