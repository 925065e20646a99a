/** What trainings of the built-in nightly sweep must reach whatever the baseline says, so that recipes cannot rot by steps too small to see. */
import { type CellSummary, describeCell, type Entry } from "./entry.ts";
import type { Tell } from "./finding.ts";

/** A largest value of something of the cells that agree in some fields. */
export interface Bound {
  readonly of: Partial<CellSummary>;
  /** `mean` MSE, its `geometric` mean, or the `spread` over seeds of the mean ln MSE. */
  readonly what: "mean" | "geometric" | "spread";
  readonly most: number;
  /** Where the number comes from. */
  readonly source: string;
}

const SINUSOID = { dataset: "sinusoid", trainingTasks: 100 } as const;
const MAML = {
  ...SINUSOID,
  ...{ algorithm: "maml", adapter: "gradient", innerSteps: 10, sharingDepth: 0, adaptDepth: 0 },
} as const;
const MTL = { ...SINUSOID, algorithm: "mtl", adapter: "ridge", sharingDepth: 2 } as const;

/** Bounds by the name of their sweep. */
export const BOUNDS: Readonly<Record<string, readonly Bound[]>> = {
  nightly: [
    { of: { ...MAML, shots: 5 }, what: "mean", most: 0.35, source: "Finn et al. 2017, table 2" },
    { of: { ...MAML, shots: 10 }, what: "mean", most: 0.1, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 5 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 10 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 5 }, what: "geometric", most: 0.2, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 10 }, what: "geometric", most: 0.01, source: "docs/recipes.md" },
  ],
};

/** Tells what is beyond the bounds of its sweep; a bound without a cell is beyond it, for then nobody watches. */
export function checkBounds(
  { identity: { sweep }, cells }: Pick<Entry, "identity" | "cells">,
  tell: Tell,
  bounds: Readonly<Record<string, readonly Bound[]>> = BOUNDS,
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
