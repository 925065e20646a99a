/** Writes what a run leaves: rows, timings, manifest and report. */
import { join } from "node:path";
import {
  cellsPieces,
  costToTargetCsv,
  episodesPieces,
  equalOperationsCsv,
  type Pieces,
  predictionsCsv,
  referencesCsv,
  representationsPieces,
  timingsCsv,
  tuningCsv,
  validationPieces,
} from "../../reports/rows/csv.ts";
import { dataPackage } from "../../reports/rows/data_package.ts";
import type { Collected } from "./collect.ts";
import { removeIfPresent, writeAtomically } from "../../common/files.ts";
import type { Manifest } from "./manifest.ts";
import { OUT_FILES } from "./out_folder.ts";
import type { RunRecord } from "./run_shapes.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import { verdictsCsv } from "../../reports/statistics/verdicts_csv.ts";
import type { PredictionRow, ReferenceRow, TuningRow } from "../../reports/rows/rows.ts";

/** What needed no training. */
export interface Referenced {
  readonly references: readonly ReferenceRow[];
}

/**
 * Writes the tables, what they mean, and the manifest. All but timings.csv and the manifest have nothing in them that a rerun would change.
 *
 * What says that the folder is finished goes first and comes back last, so that files of two runs (of other code, say) are never taken for one.
 */
export function writeTables(
  out: string,
  { rows, scores, curves, costToTarget, equalOperations, representations, timings, references }: Collected & Referenced,
  verdicts: readonly JudgedPair[],
  predictions: readonly PredictionRow[],
  tuning: readonly TuningRow[],
  manifest: Manifest,
): void {
  for (const name of [OUT_FILES.plan, OUT_FILES.manifest]) removeIfPresent(join(out, name));
  writeAtomically(join(out, OUT_FILES.cells), encoded(() => cellsPieces(rows)));
  writeAtomically(
    join(out, OUT_FILES.episodes),
    encoded(() => episodesPieces(rows.map((row, index) => ({ ...row, scores: scores[index] })))),
  );
  writeAtomically(join(out, OUT_FILES.verdicts), verdictsCsv(verdicts));
  writeAtomically(join(out, OUT_FILES.predictions), predictionsCsv(predictions));
  writeAtomically(join(out, OUT_FILES.references), referencesCsv(references));
  writeAtomically(join(out, OUT_FILES.tuning), tuningCsv(tuning));
  writeAtomically(join(out, OUT_FILES.validation), encoded(() => validationPieces(curves)));
  writeAtomically(join(out, OUT_FILES.representations), encoded(() => representationsPieces(representations)));
  writeAtomically(join(out, OUT_FILES.costToTarget), costToTargetCsv(costToTarget));
  writeAtomically(join(out, OUT_FILES.equalOperations), equalOperationsCsv(equalOperations));
  writeAtomically(join(out, OUT_FILES.timings), timingsCsv(timings));
  const widest = scores.reduce((most, { length }) => Math.max(most, length), 0);
  const { name, title } = manifest.sweep;
  const described = dataPackage({ name, title, widest });
  writeAtomically(join(out, OUT_FILES.dataPackage), JSON.stringify(described, undefined, 2) + "\n");
  writeAtomically(join(out, OUT_FILES.manifest), JSON.stringify(manifest, undefined, 2) + "\n");
}

/** A large table as a file takes it: made and written piece by piece. */
function encoded(pieces: () => Pieces): () => Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  return function* () {
    for (const piece of pieces()) yield encoder.encode(piece);
  };
}

/** Writes plan.json: the run is finished. */
export function writeRecord(out: string, record: RunRecord): void {
  writeAtomically(join(out, OUT_FILES.plan), JSON.stringify(record) + "\n");
}
