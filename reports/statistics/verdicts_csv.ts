/** verdicts.csv: one row per comparison. */
import { whole, writePieces } from "../rows/csv_table.ts";
import { VERDICT_TABLE } from "../rows/tables.ts";
import { ofSide, type VerdictRow } from "../rows/verdict_row.ts";
import type { JudgedPair } from "./judge_comparisons.ts";

function rowOf({ key, verdict }: JudgedPair): VerdictRow {
  const { dataset, metric, comparison, family } = key;
  const { needs, reason, flags, ...found } = verdict;
  return {
    ...{ dataset, metric, comparison, family },
    ...ofSide("a", key.a),
    ...ofSide("b", key.b),
    ...found,
    needs: needs?.words ?? reason,
    flags: flags.join("; "),
    needsMargin: needs?.margin ?? null,
    needsSeeds: needs?.seeds ?? null,
  };
}

/** verdicts.csv, one row per comparison in the given order. What is unknown is an empty field. */
export function verdictsCsv(pairs: readonly JudgedPair[]): string {
  return whole(writePieces(VERDICT_TABLE.columns, pairs.map(rowOf)));
}
