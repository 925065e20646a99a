/** The files of a finished run, for whoever reads them without drawing them: neither its data nor its store has to be here. */
import { join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { readIfPresent } from "../../common/files.ts";
import { damageOf, type Digests } from "./completeness.ts";
import type { Manifest } from "./manifest.ts";
import { OUT_FILES, type OutSweep, readOut, requireFormat } from "./out_folder.ts";
import { parseManifest, parseRecord, type RunRecord } from "./run_shapes.ts";
import { rerunOf, unreadable } from "./unreadable.ts";

/** A finished run whose files are whole. */
export interface FinishedFiles {
  readonly out: string;
  readonly held: OutSweep;
  readonly manifest: Manifest;
  readonly record: RunRecord;
  /** Reads a file. @throws UsageError when it is missing or damaged */
  read<T>(name: string, parse: (text: string) => T): T;
}

/** Opens the run in a folder. @throws UsageError when it holds none, one that is not finished, or one whose files are damaged */
export function openFinished(out: string): FinishedFiles {
  const held = readOut(out);
  if (held === undefined) throw new UsageError(`${out} holds no run; deno task bench makes one`);
  requireFormat(out, held.format);
  const again = rerunOf(out);
  // Of the tables, once they are known to be as the run wrote them.
  let digests: Digests = {};
  const read = <T>(name: string, parse: (text: string) => T): T => {
    const path = join(out, name);
    const bytes = readIfPresent(path);
    if (bytes === undefined) {
      throw new UsageError(`${path} is missing: the run did not finish, or lost it; ${again}`);
    }
    try {
      return parse(new TextDecoder().decode(bytes));
    } catch (error) {
      throw unreadable(path, error, digests[name] !== undefined, again);
    }
  };
  const manifest = read(OUT_FILES.manifest, (text) => parseManifest(JSON.parse(text)));
  const record = read(OUT_FILES.plan, (text) => parseRecord(JSON.parse(text)));
  const damage = damageOf(out, record.tables ?? {});
  if (damage !== undefined) throw new UsageError(`${damage}; ${again}`);
  digests = record.tables ?? {};
  return { out, held, manifest, record, read };
}
