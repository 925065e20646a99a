/** A run's folder to a night. A run that ended badly becomes a night with problems, so that it is remembered as the latest. */
import { basename, join } from "node:path";
import { type EpisodeRow, parseCells, parseEpisodes, parseTimings } from "../../reports/rows/csv.ts";
import { sha256 } from "../../common/digest.ts";
import { readIfPresent } from "../../common/files.ts";
import { UsageError } from "../../common/errors.ts";
import { type Manifest, namedProcessor } from "../run/manifest.ts";
import { OUT_FILES, readOut, requireFormat } from "../run/out_folder.ts";
import type { CellRow, TimingRow } from "../../reports/rows/rows.ts";
import { parseManifest, parseRecord, type RunRecord } from "../run/run_shapes.ts";
import { type Entry, ENTRY_FORMAT, type VerdictSummary } from "./entry.ts";
import { problemsOf } from "./problems.ts";
import { summariseCells, summariseTrainings } from "./summarise.ts";
import { parseVerdicts } from "./verdict_changes.ts";

/** Where a run keeps its verdicts, if it gives any. */
export const VERDICTS = "verdicts.csv";

/** Everything of a run that a night is made of; undefined where it is absent or damaged. */
export interface RunFiles {
  readonly manifest: Manifest | undefined;
  readonly record: RunRecord | undefined;
  readonly cells: readonly CellRow[];
  readonly episodes: readonly EpisodeRow[];
  readonly timings: readonly TimingRow[];
}

/**
 * Reads the run in a folder.
 *
 * @param name of the night
 * @param date when to say it was where the run does not
 * @throws UsageError when there is no run, or one of another format
 */
export function readRun(folder: string, date: Date, name = basename(folder)): Entry {
  const held = readOut(folder);
  if (held === undefined) throw new UsageError(`${folder} holds no run; deno task nightly makes one`);
  requireFormat(folder, held.format);
  const damage: string[] = [];
  const read = <T>(file: string, parse: (text: string) => T): T | undefined => {
    const bytes = readIfPresent(join(folder, file));
    if (bytes === undefined) {
      if (file !== VERDICTS) damage.push(`there is no ${file}: the run did not finish`);
      return undefined;
    }
    try {
      return parse(new TextDecoder().decode(bytes));
    } catch (error) {
      damage.push(`${file} is damaged (${error instanceof Error ? error.message : error})`);
      return undefined;
    }
  };
  const manifest = read(OUT_FILES.manifest, (text) => parseManifest(JSON.parse(text)));
  const record = read(OUT_FILES.plan, (text) => parseRecord(JSON.parse(text)));
  const cells = read(OUT_FILES.cells, parseCells) ?? [];
  const episodes = read(OUT_FILES.episodes, parseEpisodes) ?? [];
  const timings = read(OUT_FILES.timings, parseTimings) ?? [];
  const verdicts: VerdictSummary[] | undefined = read(VERDICTS, parseVerdicts);
  const bytes = readIfPresent(join(folder, OUT_FILES.cells));
  // Trials of the tuning have timings too, but no cells.
  const serving = new Set(cells.map(({ trainingUnit }) => trainingUnit));
  return {
    format: ENTRY_FORMAT,
    run: name,
    date: manifest?.created ?? date.toISOString(),
    commit: manifest?.git?.commit ?? null,
    dirty: manifest?.git?.dirty ?? null,
    problems: [...damage, ...problemsOf({ manifest, record, cells, episodes, timings })],
    identity: {
      outFormat: held.format,
      sweep: held.sweep.name,
      sweepDigest: held.digest,
      backend: manifest?.backend.name ?? "",
      machine: machineOf(manifest),
      data: Object.fromEntries(
        Object.entries(manifest?.data ?? {}).map(([key, value]) => [key, "digest" in value ? value.digest : null]),
      ),
    },
    workers: manifest?.workers ?? 0,
    versions: { ...manifest?.versions, ...manifest?.packages },
    code: Object.fromEntries(
      Object.entries(manifest?.code ?? {}).map(([key, { train, evaluate }]) => [key, sha256(train + evaluate)]),
    ),
    cellsDigest: bytes === undefined ? "" : sha256(bytes),
    cells: summariseCells(cells, episodes),
    trainings: summariseTrainings(timings.filter(({ trainingUnit }) => serving.has(trainingUnit))),
    verdicts: verdicts ?? null,
  };
}

function machineOf(manifest: Manifest | undefined): Entry["identity"]["machine"] {
  if (manifest === undefined) return { os: "", arch: "", cpu: null, cores: 0 };
  const { os, arch, cpu, cores } = manifest.machine;
  return { os, arch, cpu: cpu === null ? null : namedProcessor(cpu), cores };
}
