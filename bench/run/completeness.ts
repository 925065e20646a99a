/** Whether the files of a run are those that it wrote, by their content: a name alone says little after a full disk or a copy that broke off. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { z } from "zod";
import { oneLine } from "../../common/errors.ts";
import { isPresent, readIfPresent, removeIfPresent, writeAtomically } from "../../common/files.ts";
import { OUT_FILES } from "./out_folder.ts";
import { parseManifest, parseRecord, type RunRecord } from "./run_shapes.ts";

/** Digests of files by name. */
export type Digests = Readonly<Record<string, string>>;

/** Within the folder of a report: what it was drawn from, and its files; written when all of them are there. */
export const REPORT_FILE = "files.json";

const reportShape = z.object({
  /** Digest of the plan.json of the results that are drawn. */
  results: z.string(),
  files: z.record(z.string(), z.string()),
  /** What could not be drawn; "" when nothing is missing. */
  lacks: z.string(),
});

const PIECE = 1 << 20;

/** sha256 of a file; undefined when there is none. */
export function fileDigest(path: string): string | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const hash = createHash("sha256");
    const buffer = new Uint8Array(PIECE);
    for (let read = file.readSync(buffer); read !== null; read = file.readSync(buffer)) {
      hash.update(buffer.subarray(0, read));
    }
    return hash.digest("hex");
  } finally {
    file.close();
  }
}

/** What is wrong with the first of these files that is not as it was written; undefined when nothing is. */
export function damageOf(folder: string, digests: Digests): string | undefined {
  for (const [name, digest] of Object.entries(digests)) {
    const path = join(folder, basename(name));
    const found = fileDigest(path);
    if (found === undefined) return `${path} is missing`;
    if (found !== digest) return `${path} is damaged: it is not as the run wrote it`;
  }
  return undefined;
}

function readJson<T>(path: string, parse: (value: unknown) => T): T | string {
  const bytes = readIfPresent(path);
  if (bytes === undefined) return `${path} is missing`;
  try {
    return parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    return `${path} is damaged (${oneLine(error)})`;
  }
}

/** What is wrong with the tables, the manifest or the report of a run; undefined when they are whole and belong together. */
export function incompleteness(out: string): string | undefined {
  const manifest = readJson(join(out, OUT_FILES.manifest), parseManifest);
  if (typeof manifest === "string") return manifest;
  const record: RunRecord | string = readJson(join(out, OUT_FILES.plan), parseRecord);
  if (typeof record === "string") return record;
  const folder = join(out, OUT_FILES.report);
  // Versions that kept no digests left nothing else to go by.
  if (record.tables === undefined) {
    const lost = [join(out, OUT_FILES.cells), join(folder, "index.html")].find((path) => !isPresent(path));
    return lost === undefined ? undefined : `${lost} is missing`;
  }
  const damage = damageOf(out, record.tables);
  if (damage !== undefined) return damage;
  const report = readJson(join(folder, REPORT_FILE), (value) => reportShape.parse(value));
  if (typeof report === "string") return `the report was not drawn to its end: ${report}`;
  if (report.results !== fileDigest(join(out, OUT_FILES.plan))) return `${folder} shows other results than the tables`;
  return damageOf(folder, report.files);
}

/** What a drawn report lacks; undefined where none is drawn to its end, or it lacks nothing. */
export function lacksOf(out: string): string | undefined {
  const report = readJson(join(out, OUT_FILES.report, REPORT_FILE), (value) => reportShape.parse(value));
  return typeof report === "string" || report.lacks === "" ? undefined : report.lacks;
}

/** Says that a report is being drawn: what is there is not whole until `keepReport`. */
export function openReport(out: string): void {
  removeIfPresent(join(out, OUT_FILES.report, REPORT_FILE));
}

/** Says that a report is drawn: these files, of the results that the folder holds now. */
export function keepReport(out: string, paths: readonly string[], lacks: string): void {
  const results = fileDigest(join(out, OUT_FILES.plan)) ?? "";
  const files = Object.fromEntries(paths.map((path) => [basename(path), fileDigest(path) ?? ""]));
  writeAtomically(
    join(out, OUT_FILES.report, REPORT_FILE),
    JSON.stringify({ results, files, lacks }, undefined, 2) + "\n",
  );
}
