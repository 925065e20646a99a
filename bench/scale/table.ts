/** What was measured, as text for people. */
import type { Step, Taken } from "./step.ts";

/** A part of a step with what it took; the step itself is its last part. */
export interface Measured extends Taken {
  readonly step: Step;
}

/** What is promised at full size; beyond it, or without a promise, nothing is said. */
const PROMISES: Readonly<Partial<Record<Step, { readonly seconds: number; readonly peakRssMib?: number }>>> = {
  plan: { seconds: 5, peakRssMib: 500 },
  resume: { seconds: 10 },
  report: { seconds: 60 },
};

const WORDS: Readonly<Record<string, string>> = {
  plan: "plan",
  compute: "compute, simulated",
  "first half": "  first half of units",
  "second half": "  second half of units",
  resume: "resume, all done",
  collect: "  collect rows",
  verdicts: "  verdicts",
  tables: "  tables, CSV",
  figures: "  figures, page",
  report: "report",
};

/** A line per part; a step's seconds are since its process began, its modules included. */
export function table(measured: readonly Measured[]): string[] {
  const header = ["step", "seconds", "peak MiB", "at most"];
  const rows = measured.map(({ step, part, seconds, peakRssMib }) => {
    const promise = part === step ? PROMISES[step] : undefined;
    const limit = promise === undefined
      ? ""
      : `${promise.seconds} s${promise.peakRssMib === undefined ? "" : `, ${promise.peakRssMib} MiB`}`;
    return [WORDS[part] ?? part, seconds.toFixed(1), peakRssMib.toFixed(0), limit];
  });
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ").trimEnd()
  );
}
