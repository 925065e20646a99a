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
  for (const bound of Object.hasOwn(bounds, sweep) ? bounds[sweep] : []) {
    const { of, what, source } = bound;
    const fields = Object.entries(of) as [keyof CellSummary, unknown][];
    const found = cells.filter((cell) => fields.every(([field, value]) => cell[field] === value));
    const limit = "least" in bound ? `at least ${bound.least}` : `at most ${bound.most}`;
    const finding = { kind: "score", before: `${limit} (${source})` } as const;
    if (found.length === 0) {
      const subject = fields.map(([field, value]) => `${field} ${value}`).join(", ");
      tell(true, { ...finding, subject, after: "no such cell", by: `nothing to hold to the bound of its ${what}` });
    }
    for (const cell of found) {
      const value = valueOf(cell, what);
      if (value !== null && ("least" in bound ? value >= bound.least : value <= bound.most)) continue;
      tell(true, {
        ...finding,
        subject: `${describeCell(cell)}, ${what}`,
        after: value === null ? "not known" : value.toPrecision(3),
        by: "beyond its bound",
      });
    }
  }
}

/** Null where it is not known, and no bound holds. */
function valueOf({ mean, meanLog, sd, restartedSeeds }: CellSummary, what: Bound["what"]): number | null {
  switch (what) {
    case "geometric":
      return meanLog === null ? null : Math.exp(meanLog);
    case "spread":
      return sd;
    case "restarted":
      return restartedSeeds ?? null;
    default:
      return mean;
  }
}
