/** One night: run, remember, compare, tell. */
import { basename, join } from "node:path";
import { renderSvg } from "../../reports/figures/render.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { isPresent, writeAtomically } from "../../common/files.ts";
import { readOut } from "../run/out_folder.ts";
import { historyChart } from "./chart.ts";
import { compare } from "./compare.ts";
import type { Entry } from "./entry.ts";
import {
  acceptLatest,
  appendHistory,
  type Baseline,
  chooseBaseline,
  HISTORY_FILES,
  readBaselines,
  readHistory,
} from "./history.ts";
import { historyPage } from "./history_page.ts";
import type { Options } from "./options.ts";
import { readRun } from "./read_run.ts";
import { headline, type Outcome, summaryOf } from "./summary.ts";
import { THRESHOLDS, type Thresholds } from "./thresholds.ts";

/** What a night needs of the world. */
export interface World {
  readonly now: () => Date;
  readonly print: (line: string) => void;
  /** Digest of the sweep that the benchmark would run. @throws UsageError when it would not */
  readonly sweepDigest: (argv: readonly string[]) => string;
  /** Runs the benchmark. @returns its exit status */
  readonly bench: (argv: readonly string[]) => Promise<number>;
  /** Takes the summary too, at its end; undefined: nobody asks for it. */
  readonly stepSummary: string | undefined;
  /** The command that accepts, as the user would type it. */
  readonly acceptCommand: string;
}

/** Runs a night, or accepts one. @returns the exit status; @throws UsageError */
export async function night(options: Options, world: World): Promise<number> {
  const { history } = options;
  if (options.accept) {
    const { entry } = acceptLatest(history, world.now());
    world.print(`${entry.run} is the baseline now (commit ${entry.commit?.slice(0, 12) ?? "unknown"})`);
    if (entry.dirty) world.print("It was made with uncommitted changes, so nobody else can repeat it");
    if (entry.commit !== null && entry.dirty === null) {
      world.print("Whether it was made with uncommitted changes is not known");
    }
    return EXIT.ok;
  }
  const known = readHistory(history);
  const baselines = readBaselines(history);
  const run = options.run ?? freshFolder(history, known, world.now(), world.sweepDigest(options.bench));
  if (known.some((entry) => entry.run === basename(run))) {
    throw new UsageError(`${basename(run)} is in the history of ${history} already; choose another --run`);
  }
  const status = options.run === undefined ? await world.bench([...options.bench, "--out", run]) : EXIT.ok;
  if (status === EXIT.usage || status === EXIT.interrupted) return status;

  const read = readRun(run, world.now());
  const problems = status !== EXIT.ok && read.problems.length === 0
    ? [`the benchmark ended with status ${status}`]
    : read.problems;
  const entry = { ...read, problems };
  appendHistory(history, entry);
  const outcome = outcomeOf(entry, baselines, THRESHOLDS);
  await tell(entry, outcome, [...known, entry], baselines, options, world);
  if (options.run === undefined) dropStores(history, known);
  return statusOf(entry, outcome, options.requireBaseline);
}

/** Compares a night with the baseline that it can be compared with. */
export function outcomeOf(entry: Entry, baselines: readonly Baseline[], thresholds: Thresholds): Outcome {
  if (entry.cells.every(({ seeds }) => seeds === 0)) return { kind: "broken" };
  const choice = chooseBaseline(baselines, entry);
  if (choice.baseline !== undefined) {
    const { baseline } = choice;
    return { kind: "compared", baseline, comparison: compare(baseline.entry, entry, thresholds) };
  }
  return choice.latest === undefined
    ? { kind: "first" }
    : { kind: "refused", latest: choice.latest, reasons: choice.reasons };
}

/** A run that failed is worse than one that cannot be compared. */
export function statusOf(entry: Entry, outcome: Outcome, requireBaseline = false): number {
  if (entry.problems.length > 0) return EXIT.failed;
  if (outcome.kind === "compared") return outcome.comparison.regressions.length > 0 ? EXIT.failed : EXIT.ok;
  return outcome.kind === "refused" || requireBaseline ? EXIT.usage : EXIT.ok;
}

async function tell(
  entry: Entry,
  outcome: Outcome,
  history: readonly Entry[],
  baselines: readonly Baseline[],
  options: Options,
  world: World,
): Promise<void> {
  const summary = summaryOf(entry, outcome, THRESHOLDS, world.acceptCommand);
  const path = join(options.history, HISTORY_FILES.summary);
  writeAtomically(path, summary);
  if (options.run === undefined) {
    writeAtomically(join(options.history, HISTORY_FILES.runs, entry.run, HISTORY_FILES.summary), summary);
  }
  if (world.stepSummary !== undefined) await Deno.writeTextFile(world.stepSummary, summary, { append: true });
  world.print(`Nightly ${entry.run}: ${headline(entry, outcome)}`);
  for (const line of details(entry, outcome, world.acceptCommand)) world.print(line);
  world.print(`Summary: ${path}`);
  const spec = historyChart(history);
  let chart: string | undefined;
  if (spec !== undefined) {
    const { svg, warnings } = await renderSvg(spec);
    if (warnings.length > 0) throw new Error(`internal: history chart: ${warnings.join("; ")}`);
    writeAtomically(join(options.history, HISTORY_FILES.spec), JSON.stringify(spec, undefined, 2) + "\n");
    writeAtomically(join(options.history, HISTORY_FILES.chart), svg);
    chart = svg;
  }
  const told = history.map((night) => ({
    entry: night,
    outcome: night === entry ? outcome : outcomeOf(night, acceptedBefore(baselines, night), THRESHOLDS),
  }));
  writeAtomically(join(options.history, HISTORY_FILES.page), historyPage(told, baselines, chart));
}

/** The baselines that there were when a night ended: what it was compared with. */
function acceptedBefore(baselines: readonly Baseline[], { date }: Entry): Baseline[] {
  return baselines.filter(({ accepted }) => accepted <= date);
}

function details(entry: Entry, outcome: Outcome, accept: string): string[] {
  if (entry.problems.length > 0) return entry.problems.map((problem) => `  ${problem}`);
  switch (outcome.kind) {
    case "first":
      return [`Make this run the baseline of later nights with: ${accept}`];
    case "refused":
      return [
        `It cannot be compared with the baseline of ${outcome.latest.entry.run}:`,
        ...outcome.reasons.map((reason) => `  ${reason}`),
        `Accept it as a baseline for runs like it with: ${accept}`,
      ];
    case "compared": {
      const { regressions } = outcome.comparison;
      const shown = regressions.slice(0, 10).map(({ kind, subject, before, after, by }) =>
        `  ${kind}: ${subject}: ${before} -> ${after}${by === "" ? "" : ` (${by})`}`
      );
      return regressions.length > shown.length ? [...shown, `  and ${regressions.length - shown.length} more`] : shown;
    }
    case "broken":
      return [];
  }
}

/** The first folder of this day that is free, or holds an interrupted run of the same sweep. */
function freshFolder(history: string, known: readonly Entry[], now: Date, digest: string): string {
  const day = now.toISOString().slice(0, 10);
  for (let n = 1;; n++) {
    const name = n === 1 ? day : `${day}-${n}`;
    const folder = join(history, HISTORY_FILES.runs, name);
    if (!known.some(({ run }) => run === name) && (readOut(folder)?.digest ?? digest) === digest) return folder;
  }
}

/** Trained states of earlier nights go, or a history would fill the disk; their rows and reports stay. */
function dropStores(history: string, known: readonly Entry[]): void {
  for (const { run } of known) {
    const folder = join(history, HISTORY_FILES.runs, run);
    const store = join(folder, "store");
    if (isPresent(join(store, "store.json")) && readOut(folder) !== undefined) {
      Deno.removeSync(store, { recursive: true });
    }
  }
}
