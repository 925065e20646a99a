/** What would settle the open comparisons of the answer, as commands to copy. */
import { type AnswerRow, inSentence } from "../view/answer_rows.ts";
import { type Html, html } from "../view/html.ts";
import type { ReportInput } from "../view/input.ts";
import { plural } from "../view/select.ts";
import { duration } from "./tables.ts";

/** Words around a command. */
interface Way {
  readonly words: string;
  /** Lines for a shell; [] where no command helps. */
  readonly commands: readonly string[];
}

/** A way per open row, those with the same command together; undefined where everything is settled. */
export function settling(input: ReportInput, rows: readonly AnswerRow[]): Html | undefined {
  const open = rows.filter(({ answer }) =>
    answer === "undecided" || answer === "large-not-established" || answer === "none"
  );
  if (open.length === 0) return undefined;
  const ways = open.map((row) => ({ row, ...wayOf(input, row) }));
  const together = Map.groupBy(ways, ({ commands }, i) => commands.length === 0 ? `${i}` : commands.join("\n"));
  const items = [...together.values()].map((group) => {
    const [{ commands }] = group;
    const code = commands.length === 0 ? undefined : html`
      <div class="copy">
        <pre tabindex="0">${commands.map((line, i) => html`${i === 0 ? "" : "\n"}${unbroken(line)}`)}</pre>
      </div>
    `;
    const lines = group.map(({ row, words }) =>
      html`<div><strong>${row.dataset}, ${row.where}</strong>: ${words}</div>`
    );
    return html`<li>${lines}${code}</li>`;
  });
  return html`
    <h2 id="settle">What would settle it</h2>
    <ul class="settle">${items}</ul>
    <p
      class="quiet">Commands are for this project's folder and a run in its usual place (<code>reports/runs</code>); what this run has trained is taken from its store. All comparisons of the question stay in, as its error rate is shared among them.</p>
  `;
}

/** A command whose words break at their ends: a line that ends in "--" is not what it says. */
function unbroken(line: string): Html[] {
  return line.split(" ").map((word, i) => html`${i === 0 ? "" : " "}<span>${word}</span>`);
}

function wayOf(input: ReportInput, { pair: { key, verdict }, titles }: AnswerRow): Way {
  const { needs, nSeeds, nEpisodes, reason } = verdict;
  const [a, b] = [inSentence(titles.a), inSentence(titles.b)];
  if (verdict.verdict === "none") {
    return { words: `${reason}.`, commands: seedsCommand(input, key.family, 5) };
  }
  const { typical, tail } = verdict;
  const winner = (reading: typeof typical) => reading === "a-better" || reading === "b-better";
  if (winner(typical) && winner(tail)) {
    return {
      words:
        "the typical task and the average name different winners, both shown; which one counts is no question of more seeds.",
      commands: [],
    };
  }
  const seeds = needs?.seeds ?? null;
  const onAverage = tail !== null && winner(typical);
  // Equality of the typical task is withheld where the average has a winner, so that it is not what is waited for.
  const beside = winner(tail) && !onAverage;
  if (beside && seeds === null && needs?.margin === null) {
    return {
      words: `on average ${
        tail === "a-better" ? a : b
      } is better, and the typical task does not say so; which one counts is no question of more seeds.`,
      commands: [],
    };
  }
  if (seeds === null) {
    return {
      words: `${
        onAverage ? "on average, " : ""
      }no number of seeds is enough with ${nEpisodes} test tasks. Four times as many are a first step; trainings stay as they are.`,
      commands: episodesCommand(input, key.family, nEpisodes),
    };
  }
  const shows = verdict.verdict === "large-not-established" || onAverage || beside
    ? `establish a difference as large as it ${
      onAverage ? "is on average" : beside ? "seems on the typical task" : "seems"
    }`
    : `show that ${a} and ${b} are equal, if they are`;
  const time = timeText(input, key.family, seeds - nSeeds);
  return {
    words: `${plural(seeds, "seed")} instead of ${nSeeds} would ${shows} (4 times in 5)${time}.`,
    commands: seedsCommand(input, key.family, seeds),
  };
}

/** ", about 40 min more on the machine of this run"; "" where nothing was timed. */
function timeText(input: ReportInput, family: string, seeds: number): string {
  const names = algorithmsOf(input, family);
  const own = input.timings.filter(({ algorithm }) => names.includes(algorithm));
  const trained = new Set(own.map(({ seed }) => seed)).size;
  if (trained === 0 || seeds <= 0) return "";
  const total = own.reduce(
    (sum, { trainS, validateS, evaluateS }) => sum + (trainS ?? 0) + (validateS ?? 0) + (evaluateS ?? 0),
    0,
  );
  const { workers } = manifestFacts(input);
  return `, about ${duration(total / trained * seeds / workers)} more with ${plural(workers, "worker")} as here`;
}

function seedsCommand(input: ReportInput, family: string, seeds: number): string[] {
  const first = Math.min(...input.cells.map(({ seed }) => seed));
  return command(
    input,
    family,
    `${folderOf(input)}/sweep.json`,
    [`--seeds ${first}-${first + seeds - 1}`],
    "more-seeds",
  );
}

function episodesCommand(input: ReportInput, family: string, episodes: number): string[] {
  const file = "more_episodes.json";
  return [
    `sed ${quoted(`s/"episodes": ${episodes},/"episodes": ${4 * episodes},/`)} ${
      quoted(`${folderOf(input)}/sweep.json`)
    } > ${file}`,
    ...command(input, family, file, [], "more-episodes"),
  ];
}

function command(input: ReportInput, family: string, sweep: string, flags: readonly string[], name: string): string[] {
  const folder = folderOf(input);
  return [[
    `deno task bench --sweep ${quoted(sweep)}`,
    ...flags,
    `--algorithms ${quoted(algorithmsOf(input, family).join(","))}`,
    `--store ${quoted(`${folder}/store`)}`,
    `--out ${quoted(`${folder}-${name}`)}`,
  ].join(" ")];
}

/** Everything that a family compares. */
function algorithmsOf({ verdicts }: ReportInput, family: string): string[] {
  const own = verdicts.filter(({ key }) => key.family === family);
  return [...new Set(own.flatMap(({ key }) => [key.a.algorithm, key.b.algorithm]))];
}

/** Where a run is by default. */
function folderOf(input: ReportInput): string {
  return `reports/runs/${manifestFacts(input).name}`;
}

/** What the manifest says of the sweep's name and of workers, as far as it can be read. */
function manifestFacts({ manifest }: ReportInput): { readonly name: string; readonly workers: number } {
  const { sweep, workers } = fields(manifest);
  const { name } = fields(sweep);
  return {
    name: typeof name === "string" ? name : "quick",
    workers: typeof workers === "number" && workers > 0 ? workers : 1,
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A word for a shell: as it is where that is safe. */
export function quoted(word: string): string {
  return /^[\w.,:/=+@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
