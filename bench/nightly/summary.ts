/** A night in Markdown, for a person who has to act on it. */
import { markdownText } from "../../reports/paper/markdown.ts";
import type { Comparison } from "./compare.ts";
import { commitLabel, type Entry } from "./entry.ts";
import { type Finding, type Kind, KINDS } from "./finding.ts";
import type { Baseline } from "./history.ts";
import type { Thresholds } from "./thresholds.ts";

/** How a night ended. */
export type Outcome =
  | { readonly kind: "first" }
  /** There are baselines, but none to compare with. */
  | { readonly kind: "refused"; readonly latest: Baseline; readonly reasons: readonly string[] }
  /** Nothing to compare. */
  | { readonly kind: "broken" }
  | { readonly kind: "compared"; readonly baseline: Baseline; readonly comparison: Comparison };

const HEADS: Readonly<Record<Kind, string>> = {
  run: "The run itself",
  verdict: "Verdicts",
  score: "Scores",
  cost: "Training cost (counted operations)",
  speed: "Speed",
};

/** Rows of one table; what is beyond them is counted. */
const SHOWN = 40;

/** The summary's text. */
export function summaryOf(entry: Entry, outcome: Outcome, thresholds: Thresholds, accept: string): string {
  return [
    `# Nightly ${markdownText(entry.run)}: ${headline(entry, outcome)}`,
    facts(entry),
    ...body(entry, outcome, thresholds),
    ...nextSteps(entry, outcome, accept),
  ].join("\n\n") + "\n";
}

/** The night in a few words. */
export function headline(entry: Entry, outcome: Outcome): string {
  switch (outcome.kind) {
    case "broken":
      return "the run failed";
    case "first":
      return entry.problems.length > 0 ? "the run failed" : "no baseline yet";
    case "refused":
      return entry.problems.length > 0 ? "the run failed" : "not compared";
    case "compared": {
      const { regressions: { length }, untested } = outcome.comparison;
      const found = length === 0 ? "no regression" : `${length} regression${length === 1 ? "" : "s"}`;
      return untested === "" ? found : `${length === 0 ? `${found} that can be seen` : found}; ${untested}`;
    }
  }
}

function facts(entry: Entry): string {
  const { sweep, sweepDigest, backend, machine } = entry.identity;
  return [
    `- commit: ${commitOf(entry)}`,
    `- sweep: ${markdownText(sweep)} (${
      sweepDigest.slice(0, 8)
    }), ${entry.cells.length} cells, ${entry.trainings.length} trainings (over seeds)`,
    `- backend: ${markdownText(backend || "unknown")}, ${entry.workers} workers`,
    `- machine: ${markdownText(machine.cpu ?? "unknown processor")}, ${machine.cores} cores, ${
      markdownText(`${machine.os} ${machine.arch}`)
    }`,
    ...Object.entries(entry.identity.data).filter(([, digest]) => digest === null).map(([name]) =>
      `- skipped: ${markdownText(name)} (its data is not there)`
    ),
  ].join("\n");
}

function commitOf(entry: Entry): string {
  return commitLabel(entry, (text) => `\`${text}\``);
}

function body(entry: Entry, outcome: Outcome, thresholds: Thresholds): string[] {
  const problems = entry.problems.length === 0 ? [] : ["## The run itself", bullets(entry.problems.map(markdownText))];
  switch (outcome.kind) {
    case "first":
    case "broken":
      return problems;
    case "refused":
      return [
        ...problems,
        "## Not compared",
        `The last accepted baseline is ${markdownText(outcome.latest.entry.run)} (${
          commitOf(outcome.latest.entry)
        }). It cannot be compared with this run:`,
        bullets(outcome.reasons.map(markdownText)),
      ];
    case "compared": {
      const { regressions, notices } = outcome.comparison;
      return [
        ...(regressions.length === 0 ? [] : ["## Regressions", ...tables(regressions)]),
        ...(notices.length === 0 ? [] : ["## Also moved", ...tables(notices)]),
        "## Compared with",
        against(entry, outcome.baseline),
        rule(thresholds),
      ];
    }
  }
}

function tables(findings: readonly Finding[]): string[] {
  return KINDS.flatMap((kind) => {
    const own = findings.filter((finding) => finding.kind === kind);
    if (own.length === 0) return [];
    const rows = own.slice(0, SHOWN).map(({ subject, before, after, by }) =>
      `| ${[subject, before, after, by].map(cell).join(" | ")} |`
    );
    const more = own.length > SHOWN ? [`and ${own.length - SHOWN} more`] : [];
    return [`### ${HEADS[kind]}`, ["| what | baseline | now | by |", "|---|---|---|---|", ...rows].join("\n"), ...more];
  });
}

function against(entry: Entry, { entry: base, accepted }: Baseline): string {
  const commits = base.commit === null || entry.commit === null
    ? []
    : base.commit === entry.commit
    ? ["the same commit"]
    : [`commits between: \`git log ${base.commit.slice(0, 12)}..${entry.commit.slice(0, 12)}\``];
  return bullets([
    `baseline: ${markdownText(base.run)}, ${commitOf(base)}, accepted ${accepted.slice(0, 10)}`,
    ...commits,
    base.cellsDigest === entry.cellsDigest ? "`cells.csv` is the same, byte for byte" : "`cells.csv` differs",
    ...changed("code behind these results changed", base.code, entry.code, false),
    ...changed("versions changed", base.versions, entry.versions, true),
  ]);
}

function changed(
  what: string,
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  values: boolean,
): string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((name) => then[name] !== now[name]);
  if (names.length === 0) return [];
  const words = names.map((name) =>
    markdownText(values ? `${name} ${then[name] ?? "absent"} → ${now[name] ?? "absent"}` : name)
  );
  return [`${what}: ${words.join(", ")}`];
}

function rule(limits: Thresholds): string {
  const { alpha, lentDf, leastChange, gflopRatio, speedRatio, algorithmSpeedRatio } = limits;
  return `A score has moved when its change stands out of the noise of seeds and episodes (moderated t with ${lentDf} lent degrees of freedom, Holm over ` +
    `all cells, α = ${alpha}) and is at least ${leastChange.mse} in ln MSE or ${100 * leastChange.accuracy} points. ` +
    `Counted operations may rise × ${gflopRatio}; median speed may fall to × ${speedRatio} over all trainings and × ${algorithmSpeedRatio} ` +
    `over one algorithm's on one data set.`;
}

function nextSteps(entry: Entry, outcome: Outcome, accept: string): string[] {
  if (entry.problems.length > 0) {
    return ["## What to do", "Repair what failed and run again: only a complete run can become a baseline."];
  }
  switch (outcome.kind) {
    case "first":
      return ["## What to do", `If these results are sound, make them the baseline of later nights: \`${accept}\``];
    case "refused":
      return [
        "## What to do",
        `Run where the baseline was made, or accept this run as a baseline for runs like it: \`${accept}\``,
      ];
    case "compared":
      return outcome.comparison.regressions.length === 0 ? [] : [
        "## What to do",
        `Look at the commits between. If the change is intended, make this run the baseline: \`${accept}\``,
      ];
    case "broken":
      return [];
  }
}

const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line.replaceAll("\n", " ")}`).join("\n");
const cell = markdownText;
