/** Writes a finished run for other programs: its tables as Parquet, its learned states as safetensors. */
import { join } from "node:path";
import { writeAtomically } from "../../common/files.ts";
import { trainingName } from "../../reports/rows/column.ts";
import { parseEpisodes } from "../../reports/rows/csv.ts";
import { readTable } from "../../reports/rows/csv_table.ts";
import { EPISODES, type Table, TABLES } from "../../reports/rows/tables.ts";
import { CATALOG, catalogOf } from "../run/catalog.ts";
import { type FinishedFiles, openFinished } from "../run/finished_files.ts";
import { storeOf } from "../run/run_file.ts";
import { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";
import { type Data, shapedState } from "./layout.ts";
import { episodesToParquet, type Row, tableToParquet } from "./parquet.ts";
import { encodeSafetensors } from "./safetensors.ts";

/** Folder of the weights within that of an export. */
export const WEIGHTS = "weights";

/** What was written. */
export interface Exported {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** Learned states that the store does not have. */
  readonly lost: number;
}

/**
 * Writes a run's tables and weights into a folder.
 *
 * @param out folder of the run
 * @param tablesOnly whether the weights are left out
 * @throws UsageError when the run is not finished, or its files are damaged
 */
export function exportRun(out: string, folder: string, tablesOnly: boolean): Exported {
  const files = openFinished(out);
  const tables = TABLES.map((table) => writeTable(files, table as Table<Row>, folder));
  return tablesOnly ? { paths: tables, lost: 0 } : withWeights(files, folder, tables);
}

/** Every line of `TABLES` is a whole table. */
function writeTable({ read }: FinishedFiles, table: Table<Row>, folder: string): string {
  const { file, fields, columns } = table;
  const path = join(folder, file.replace(/\.csv$/, ".parquet"));
  const bytes = file === EPISODES.file
    ? episodesToParquet(read(file, parseEpisodes))
    : tableToParquet(fields, read(file, (text) => readTable<Row>(columns, text, file)));
  writeAtomically(path, bytes);
  return path;
}

function withWeights({ out, record, manifest }: FinishedFiles, folder: string, tables: readonly string[]): Exported {
  const store = Store.open(storeOf(out, record));
  const { dataSets } = catalogOf(manifest.sweep, CATALOG);
  const paths: string[] = [];
  for (const unit of record.plan.units) {
    const state = store.state(unit.id);
    if (state === undefined) continue;
    const { spec, id } = unit;
    const entry = dataSets[spec.dataset];
    const outputs = entry.kind === "regression" ? 1 : spec.ways;
    const data: Data = { inputShape: entry.inputShape, outputs, trainClasses: entry.classes };
    const { tensors, flat } = shapedState(spec, data, state);
    const path = join(folder, WEIGHTS, `${trainingName(id)}.safetensors`);
    writeAtomically(path, encodeSafetensors(tensors, { ...about(unit), ...(flat.length === 0 ? {} : notes(flat)) }));
    paths.push(path);
  }
  return { paths: [...tables, ...paths], lost: record.plan.units.length - paths.length };
}

/** What a file of weights says of itself: texts, as the format has it; null where a setting does not apply. */
function about({ id, spec }: TrainingUnit): Record<string, string> {
  const { dataset, algorithm, model, norm, sharingDepth, shots, innerSteps, seed } = spec;
  return {
    format: "bridgebench 1",
    training_unit: trainingName(id),
    ...{ dataset, algorithm, model, norm, seed: String(seed) },
    sharing_depth: String(sharingDepth),
    shots: String(shots),
    inner_steps: String(innerSteps),
    spec: JSON.stringify(spec),
  };
}

function notes(flat: readonly string[]): Record<string, string> {
  return { flat: flat.join(" ") };
}
