/** verdicts.csv: one row per comparison. */
import { whole, writePieces } from "../rows/csv_table.ts";
import { VERDICT_TABLE } from "../rows/tables.ts";
import { ofSide, type VerdictRow } from "../rows/verdict_row.ts";
import type { JudgedPair } from "./judge_comparisons.ts";
import { metricsWords } from "./readings.ts";

function rowOf({ key, verdict }: JudgedPair): VerdictRow {
  const { dataset, metric, comparison, family } = key;
  const { needs, reason, flags, chance: _, unadjusted, sides, typical, tail, pTost, pDifference, ...found } = verdict;
  return {
    ...{ dataset, metric, comparison, family },
    ...ofSide("a", key.a),
    ...ofSide("b", key.b),
    ...{ ...found, typical, tail },
    metrics: metricsWords(typical, tail),
    needs: needs?.words ?? reason,
    flags: flags.join("; "),
    needsMargin: needs?.margin ?? null,
    needsSeeds: needs?.seeds ?? null,
    aMean: sides?.a.mean ?? null,
    bMean: sides?.b.mean ?? null,
    aRelativeError: sides?.a.relativeError ?? null,
    bRelativeError: sides?.b.relativeError ?? null,
    aDiverged: sides?.a.diverged ?? null,
    bDiverged: sides?.b.diverged ?? null,
    lo95Unadjusted: unadjusted?.lo95 ?? null,
    hi95Unadjusted: unadjusted?.hi95 ?? null,
    lo90Unadjusted: unadjusted?.lo90 ?? null,
    hi90Unadjusted: unadjusted?.hi90 ?? null,
    pTostUnadjusted: pTost,
    pDifferenceUnadjusted: pDifference,
  };
}

/** verdicts.csv, one row per comparison in the given order. What is unknown is an empty field. */
export function verdictsCsv(pairs: readonly JudgedPair[]): string {
  return whole(writePieces(VERDICT_TABLE.columns, pairs.map(rowOf)));
}
