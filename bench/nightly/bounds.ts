/** Holds a night to the gates of its sweep, whatever the baseline says, so that recipes cannot rot by steps too small to see. */
import { type CellSummary, describeCell, type Entry } from "./entry.ts";
import { type Bound, GATES } from "../sweeps/gates.ts";
import type { Tell } from "./finding.ts";

/** Tells what is beyond the bounds of its sweep; a bound without a cell is beyond it, for then nobody watches. */
export function checkBounds(
  { identity: { sweep }, cells }: {
    readonly identity: Pick<Entry["identity"], "sweep">;
    readonly cells: readonly CellSummary[];
  },
  tell: Tell,
  bounds: Readonly<Record<string, readonly Bound[]>> = GATES,
): void {
  for (const { of, what, most, source } of Object.hasOwn(bounds, sweep) ? bounds[sweep] : []) {
    const fields = Object.entries(of) as [keyof CellSummary, unknown][];
    const found = cells.filter((cell) => fields.every(([field, value]) => cell[field] === value));
    const finding = { kind: "score", before: `at most ${most} (${source})` } as const;
    if (found.length === 0) {
      const subject = fields.map(([field, value]) => `${field} ${value}`).join(", ");
      tell(true, { ...finding, subject, after: "no such cell", by: `nothing to hold to the bound of its ${what}` });
    }
    for (const cell of found) {
      const value = valueOf(cell, what);
      if (value <= most) continue;
      tell(true, {
        ...finding,
        subject: `${describeCell(cell)}, ${what}`,
        after: value.toPrecision(3),
        by: "beyond its bound",
      });
    }
  }
}

/** Infinite where it is not known, as no bound holds then. */
function valueOf({ mean, meanLog, sd }: CellSummary, what: Bound["what"]): number {
  const value = what === "mean" ? mean : what === "spread" ? sd : meanLog === null ? null : Math.exp(meanLog);
  return value ?? Infinity;
}
