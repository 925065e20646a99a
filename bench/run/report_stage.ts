/** The last stage of a run: its tables, its manifest and its report. */
import { join } from "node:path";
import { EXIT } from "../../common/errors.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { formatDuration } from "../plan/estimate.ts";
import { withTrials } from "../plan/tuning.ts";
import { collect } from "./collect.ts";
import {
  describeCounts,
  describeFailedTrials,
  describePairings,
  describePredictions,
  describeReasons,
  describeVerdicts,
} from "./describe.ts";
import { predictionsOf } from "./evaluate_predictions.ts";
import { describeOverhead, overhead } from "./harness.ts";
import { verdictsOf } from "./judge_sweep.ts";
import { groupingsFor } from "./measured_rows.ts";
import { rowsOfRows } from "./rows_of_rows.ts";
import { OUT_FILES } from "./out_folder.ts";
import { writeRecord, writeTables } from "./outputs.ts";
import { referenceRows } from "./references.ts";
import { writeReportFor } from "./report_input.ts";
import { withPortableReasons } from "./portable.ts";
import type { Run } from "./run.ts";
import { manifestOf, relativeTo } from "./run_file.ts";
import { parseManifest } from "./run_shapes.ts";
import type { TunedPlan } from "./stages.ts";

/**
 * Writes tables, manifest and report from what the store holds, and says what came out.
 *
 * @param seconds that the run took
 * @returns the exit status
 */
export async function reportStage(
  run: Run,
  { tuning: tried, plan: chosen }: TunedPlan,
  seconds: number,
): Promise<number> {
  const { prepared, store, flags, output, failures, part } = run;
  const { sweep, out, trials, opened, catalog } = prepared;
  run.live?.rest("report");
  const plan = withTrials(chosen, trials);
  const groupings = await groupingsFor(sweep, opened);
  const options = { sweep, catalog, opened, failures, groupings };
  const found = await part("collect", () => collect(plan, store, options));
  const places = { DATA_DIR: prepared.dataDir, STORE: prepared.store, OUT: out, PROJECT: PROJECT_ROOT };
  const collected = { ...found, rows: withPortableReasons(found.rows, places) };
  const tuning = withPortableReasons(tried, places);
  // Parsed, its members are in the order in which the file gives them back, so that the report drawn from it is the same.
  const manifest = parseManifest({
    ...manifestOf(prepared, flags),
    ...(overhead(run.time) === null ? {} : { harness: run.time }),
  });
  const verdicts = await part("verdicts", () => verdictsOf(sweep, catalog, opened, collected));
  const predictions = predictionsOf(sweep, catalog, opened, collected);
  const references = referenceRows(sweep, opened);
  await part("tables", () => {
    const tables = writeTables(
      out,
      { ...collected, references, ...rowsOfRows(sweep, collected) },
      verdicts,
      predictions,
      tuning,
      manifest,
    );
    const place = { store: relativeTo(out, prepared.store), dataDir: prepared.dataDir };
    writeRecord(out, { ...place, failures: [...failures], plan, tuning, tables });
  });
  const results = { sweep, catalog, opened, plan, collected, verdicts, predictions, references, tuning, manifest };
  const report = await part("figures", () => writeReportFor(out, results, (line) => output.print(`Note: ${line}`)));

  const { rows } = collected;
  const failed = [...rows, ...tuning].some(({ status }) => status === "failed");
  output.print(`${rows.length} cells: ${describeCounts(rows)} (${formatDuration(seconds)})`);
  const lines = [
    ...describeFailedTrials(tried),
    // Here paths are those of this computer.
    ...describeReasons(found.rows),
    ...describeVerdicts(verdicts, sweep.families),
    ...describePairings(sweep, plan, catalog),
    ...describePredictions(predictions),
  ];
  for (const line of lines) {
    output.print(line);
  }
  const spent = describeOverhead(run.time);
  if (spent !== undefined) output.print(spent);
  output.print(`Rows:   ${join(out, OUT_FILES.cells)}`);
  if (report !== undefined) output.print(`Report: ${report}`);
  return failed ? EXIT.failed : EXIT.ok;
}
