/** A night against a baseline: what got worse, and what else moved. */
import { checkBounds } from "./bounds.ts";
import { signed } from "../../reports/view/signed.ts";
import { cellId, type CellSummary, describeCell, type Entry, type Identity, verdictId } from "./entry.ts";
import { compareCost, compareSpeed } from "./cost.ts";
import { type Finding, KINDS, type Tell } from "./finding.ts";
import { type CellPair, type ScoreChange, scoreChanges } from "./noise.ts";
import { namedProcessor } from "../run/manifest.ts";
import type { Thresholds } from "./thresholds.ts";
import { describeVerdict } from "./verdict_changes.ts";

/** A night against a baseline. */
export interface Comparison {
  readonly regressions: readonly Finding[];
  /** Moved, but not for the worse. */
  readonly notices: readonly Finding[];
  /** What could not be tested, in words; "" when everything was. */
  readonly untested: string;
}

/** Why two nights cannot be compared, one line each; [] when they can. */
export function incomparable(base: Identity, now: Identity): string[] {
  const reasons: string[] = [];
  const check = (what: string, then: string | number | null, today: string | number | null) => {
    if (then !== today) reasons.push(`${what}: ${then ?? "unknown"} then, ${today ?? "unknown"} now`);
  };
  check("output format", base.outFormat, now.outFormat);
  check("sweep", `"${base.sweep}" ${short(base.sweepDigest)}`, `"${now.sweep}" ${short(now.sweepDigest)}`);
  check("backend", base.backend, now.backend);
  check("operating system", base.machine.os, now.machine.os);
  check("architecture", base.machine.arch, now.machine.arch);
  // Two that are not known may be two machines: `compare` leaves their speeds alone, which alone depend on it.
  const [then, today] = [base, now].map(({ machine: { cpu } }) => cpu === null ? null : namedProcessor(cpu));
  check("processor", then, today);
  check("cores", base.machine.cores, now.machine.cores);
  for (const name of new Set([...Object.keys(base.data), ...Object.keys(now.data)])) {
    const [then, today] = [base.data[name] ?? null, now.data[name] ?? null];
    check(`data set ${name}`, then && short(then), today && short(today));
  }
  return reasons;
}

const short = (digest: string) => digest.slice(0, 8);

/** Compares two nights that {@linkcode incomparable} has nothing against. */
export function compare(base: Entry, now: Entry, thresholds: Thresholds): Comparison {
  const regressions: Finding[] = [];
  const notices: Finding[] = [];
  const tell = (worse: boolean, finding: Finding) => (worse ? regressions : notices).push(finding);
  for (const problem of now.problems) {
    tell(true, { kind: "run", subject: problem, before: "complete", after: "not complete", by: "" });
  }
  checkBounds(now, tell);
  compareVerdicts(base, now, tell);
  const untested = compareScores(base, now, thresholds, tell);
  compareCost(base, now, thresholds, tell);
  if (namedProcessor(now.identity.machine.cpu ?? "") === null) {
    const unknown = { before: "unknown processor", after: "unknown processor" };
    tell(false, { kind: "speed", subject: "machine", ...unknown, by: "may be two machines; speeds are not compared" });
  } else compareSpeed(base, now, thresholds, tell);
  const byKind = (a: Finding, b: Finding) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  return { regressions: regressions.sort(byKind), notices: notices.sort(byKind), untested };
}

const CONCLUSIVE = ["equivalent", "a-better", "b-better"];

function compareVerdicts(base: Entry, now: Entry, tell: Tell): void {
  if (base.verdicts === null) return;
  if (now.verdicts === null) {
    const before = `${base.verdicts.length} verdicts`;
    tell(true, { kind: "verdict", subject: "verdicts.csv", before, after: "absent", by: "no verdict was given" });
    return;
  }
  const today = new Map(now.verdicts.map((entry) => [verdictId(entry), entry]));
  for (const entry of base.verdicts) {
    const other = today.get(verdictId(entry));
    const lost = CONCLUSIVE.includes(entry.verdict);
    const finding = { kind: "verdict", subject: describeVerdict(entry), before: entry.verdict || "none" } as const;
    if (other === undefined) {
      tell(true, { ...finding, after: "absent", by: "this comparison is not made any more" });
    } else if (other.verdict !== entry.verdict) {
      const boundary = [...entry.flags, ...other.flags].includes("boundary");
      const by = boundary ? "at the boundary, where a verdict may flip by chance" : lost ? "flipped" : "settled";
      tell(lost && !boundary, { ...finding, after: other.verdict || "none", by });
    }
  }
}

/** @returns what could not be tested, in words */
function compareScores(base: Entry, now: Entry, thresholds: Thresholds, tell: Tell): string {
  const today = new Map(now.cells.map((cell) => [cellId(cell), cell]));
  const pairs: CellPair[] = [];
  for (const cell of base.cells) {
    const other = today.get(cellId(cell));
    if (other === undefined) {
      const seeds = `${cell.seeds} seeds`;
      tell(true, { kind: "run", subject: describeCell(cell), before: seeds, after: "no such cell", by: "" });
      continue;
    }
    pairs.push({ base: cell, now: other });
    compareDivergence(cell, other, thresholds, tell);
  }
  const all = scoreChanges(pairs, thresholds);
  const changes = all.filter(({ moved }) => moved);
  for (const change of changes.sort((a, b) => sizeOf(b) - sizeOf(a))) {
    tell(change.worse, {
      kind: "score",
      subject: describeCell(change.now),
      before: describeScore(change.base),
      after: describeScore(change.now),
      by: describeChange(change),
    });
  }
  const open = all.filter(({ p }) => p === null);
  // Without noise to measure by, a change is only told.
  for (const change of open.filter(({ now, change }) => Math.abs(change) >= thresholds.leastChange[now.metric])) {
    tell(false, {
      kind: "score",
      subject: describeCell(change.now),
      before: describeScore(change.base),
      after: describeScore(change.now),
      by: "not tested: one seed has no noise to measure it by",
    });
  }
  if (open.length === 0) return "";
  const which = open.length === all.length ? "scores" : `scores of ${open.length} of ${all.length} cells`;
  return `${which} cannot be tested with one seed`;
}

const sizeOf = ({ change, standardError }: ScoreChange) => Math.abs(change) / (standardError ?? Infinity);

function describeScore({ metric, mean, meanLog, seeds }: CellSummary): string {
  const score = metric === "mse"
    ? `MSE ${Math.exp(meanLog ?? NaN).toPrecision(3)}`
    : `${(100 * (mean ?? NaN)).toFixed(1)} %`;
  return `${score} (n = ${seeds})`;
}

function describeChange({ now, change, standardError, p }: ScoreChange): string {
  const [error, probability] = [standardError ?? NaN, `p = ${(p ?? NaN).toPrecision(2)}`];
  return now.metric === "mse"
    ? `× ${Math.exp(change).toPrecision(3)}; ln MSE ${signed(change, 3)}, noise ± ${error.toFixed(3)}, ${probability}`
    : `${signed(100 * change, 1)} points, noise ± ${(100 * error).toFixed(1)}, ${probability}`;
}

function compareDivergence(base: CellSummary, now: CellSummary, { divergedShare }: Thresholds, tell: Tell): void {
  const finding = { kind: "score", subject: describeCell(now) } as const;
  if (base.divergedSeeds !== now.divergedSeeds) {
    tell(now.divergedSeeds > base.divergedSeeds, {
      ...finding,
      before: `${base.divergedSeeds} seeds diverged`,
      after: `${now.divergedSeeds} seeds diverged`,
      by: "",
    });
    return;
  }
  const [then, today] = [base, now].map(({ divergedEpisodes, episodes, seeds }) =>
    divergedEpisodes / Math.max(1, episodes * seeds)
  );
  if (Math.abs(today - then) <= divergedShare) return;
  tell(today > then, {
    ...finding,
    before: `${(100 * then).toFixed(1)} % of episodes diverged`,
    after: `${(100 * today).toFixed(1)} %`,
    by: `tolerance ${100 * divergedShare} points`,
  });
}
