/** Writes what a run leaves: rows, timings, manifest and report. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  cellsPieces,
  costToTargetCsv,
  diversityPieces,
  episodesPieces,
  equalOperationsCsv,
  type Pieces,
  predictionsCsv,
  publishedCsv,
  referencesCsv,
  representationsPieces,
  scalingCsv,
  timingsCsv,
  tuningCsv,
  validationPieces,
} from "../../reports/rows/csv.ts";
import { adaptationTimesFile, calibrationFile, distancesFile, groupsFile } from "../../reports/rows/measure_csv.ts";
import { dataPackage } from "../../reports/rows/data_package.ts";
import { sha256 } from "../../common/digest.ts";
import type { Collected } from "./collect.ts";
import type { Digests } from "./completeness.ts";
import { type Content, removeIfPresent, writeAtomically } from "../../common/files.ts";
import type { Manifest } from "./manifest.ts";
import { OUT_FILES } from "./out_folder.ts";
import type { RunRecord } from "./run_shapes.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import { verdictsCsv } from "../../reports/statistics/verdicts_csv.ts";
import type { PredictionRow, PublishedRow, ReferenceRow, ScalingRow, TuningRow } from "../../reports/rows/rows.ts";

/** What rows say beside what was trained for them. */
export interface Referenced {
  readonly references: readonly ReferenceRow[];
  readonly scaling: readonly ScalingRow[];
  readonly published: readonly PublishedRow[];
}

/**
 * Writes the tables, what they mean, and the manifest. All but timings.csv, adaptation_times.csv and
 * the manifest have nothing in them that a rerun would change.
 *
 * What says that the folder is finished goes first and comes back last, so that files of two runs (of other code, say) are never taken for one.
 */
export function writeTables(
  out: string,
  collected: Collected & Referenced,
  verdicts: readonly JudgedPair[],
  predictions: readonly PredictionRow[],
  tuning: readonly TuningRow[],
  manifest: Manifest,
): Digests {
  for (const name of [OUT_FILES.plan, OUT_FILES.manifest]) removeIfPresent(join(out, name));
  const {
    rows,
    scores,
    curves,
    costToTarget,
    equalOperations,
    representations,
    timings,
    references,
    scaling,
    published,
    diversity,
  } = collected;
  const widest = scores.reduce((most, { length }) => Math.max(most, length), 0);
  const { name, title } = manifest.sweep;
  const tables: readonly (readonly [name: string, content: Content])[] = [
    [OUT_FILES.cells, encoded(() => cellsPieces(rows))],
    [
      OUT_FILES.episodes,
      encoded(() => episodesPieces(rows.map((row, index) => ({ ...row, scores: scores[index] })))),
    ],
    [OUT_FILES.verdicts, verdictsCsv(verdicts)],
    [OUT_FILES.predictions, predictionsCsv(predictions)],
    [OUT_FILES.published, publishedCsv(published)],
    [OUT_FILES.references, referencesCsv(references)],
    [OUT_FILES.tuning, tuningCsv(tuning)],
    [OUT_FILES.validation, encoded(() => validationPieces(curves))],
    [OUT_FILES.representations, encoded(() => representationsPieces(representations))],
    [OUT_FILES.diversity, encoded(() => diversityPieces(diversity))],
    [OUT_FILES.distances, encoded(() => distancesFile.pieces(collected.distances))],
    [OUT_FILES.costToTarget, costToTargetCsv(costToTarget)],
    [OUT_FILES.equalOperations, equalOperationsCsv(equalOperations)],
    [OUT_FILES.calibration, encoded(() => calibrationFile.pieces(collected.calibration))],
    [OUT_FILES.groups, encoded(() => groupsFile.pieces(collected.groups))],
    [OUT_FILES.scaling, scalingCsv(scaling)],
    [OUT_FILES.timings, timingsCsv(timings)],
    [OUT_FILES.adaptationTimes, encoded(() => adaptationTimesFile.pieces(collected.adaptationTimes))],
    [OUT_FILES.dataPackage, JSON.stringify(dataPackage({ name, title, widest }), undefined, 2) + "\n"],
    [OUT_FILES.manifest, JSON.stringify(manifest, undefined, 2) + "\n"],
  ];
  return Object.fromEntries(tables.map(([name, content]) => [name, writeDigested(join(out, name), content)]));
}

/** Writes a file. @returns the sha256 of what was meant to be written, whatever the disk made of it */
function writeDigested(path: string, content: Content): string {
  if (typeof content !== "function") {
    writeAtomically(path, content);
    return sha256(content);
  }
  let hash = createHash("sha256");
  writeAtomically(path, function* () {
    // A write that is tried again begins anew.
    hash = createHash("sha256");
    for (const bytes of content()) {
      hash.update(bytes);
      yield bytes;
    }
  });
  return hash.digest("hex");
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
