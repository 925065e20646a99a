/** `run.json`: where a run keeps its results and what they depend on, written when it starts, so that others can look at it and merge it. */
import { inPlainWords } from "../../common/missing_words.ts";
import { isAbsolute, join, relative } from "node:path";
import { z } from "zod";
import { UsageError } from "../../common/errors.ts";
import type { Flags } from "../flags/flags.ts";
import { readIfPresent, writeAtomically } from "../../common/files.ts";
import { makeManifest, type Manifest, manifestSchema, PROVENANCE } from "./manifest.ts";
import { OUT_FILES } from "./out_folder.ts";
import type { Prepared } from "./prepare.ts";
import { shardName } from "../plan/shard.ts";
import { shellWord } from "../../common/shell.ts";

/** Version of run.json. */
export const RUN_FORMAT = 2;

const runShape = z.object({
  format: z.literal(RUN_FORMAT),
  /** Folder of the store; relative to the run's folder where it lies inside. */
  store: z.string().min(1),
  dataDir: z.string(),
  executor: z.string(),
  workers: z.int(),
  /** Such as "2/8"; null for a whole run. */
  shard: z.string().nullable(),
  sweepDigest: z.string(),
  backend: manifestSchema.shape.backend,
  ...PROVENANCE,
  machine: manifestSchema.shape.machine.pick({ os: true, arch: true, cpu: true }),
});

/** Contents of run.json. */
export type RunFile = z.infer<typeof runShape>;

/** A folder inside another is named relative to it, so that the whole can be moved. */
export function relativeTo(out: string, folder: string): string {
  const path = relative(out, folder);
  return path.startsWith("..") ? folder : path;
}

/** The store of the run in a folder. */
export function storeOf(out: string, { store }: Pick<RunFile, "store">): string {
  return isAbsolute(store) ? store : join(out, store);
}

/** The manifest of a run that computes with these flags. */
export function manifestOf(prepared: Prepared, flags: Pick<Flags, "workers">): Manifest {
  const { sweep, digest, backend, opened, skipped, code } = prepared;
  const data = Object.fromEntries(sweep.datasets.map(({ name }) => {
    const dataSet = opened.get(name);
    return [name, dataSet === undefined ? { skipped: skipped.get(name) ?? "" } : { digest: dataSet.digest }];
  }));
  return makeManifest({ sweep, sweepDigest: digest, backend, workers: flags.workers, data, code });
}

/** Writes run.json. */
export function writeRunFile(prepared: Prepared, flags: Flags): void {
  const { versions, packages, data, code, machine: { os, arch, cpu } } = manifestOf(prepared, flags);
  const file: RunFile = {
    format: RUN_FORMAT,
    store: relativeTo(prepared.out, prepared.store),
    dataDir: prepared.dataDir,
    executor: flags.executor,
    workers: flags.workers,
    shard: flags.shard === undefined ? null : shardName(flags.shard),
    sweepDigest: prepared.digest,
    backend: prepared.backend,
    ...{ versions, packages, data, code, machine: { os, arch, cpu } },
  };
  writeAtomically(join(prepared.out, OUT_FILES.run), JSON.stringify(file, undefined, 2) + "\n");
}

/** Reads run.json. @throws UsageError when it is missing, damaged, or of another version */
export function readRunFile(out: string): RunFile {
  const path = join(out, OUT_FILES.run);
  const bytes = readIfPresent(path);
  if (bytes === undefined) {
    throw new UsageError(
      `${out} holds no run (it has no ${OUT_FILES.run}); deno task bench --out ${shellWord(out)} makes one`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UsageError(`${path} is damaged; run the command that wrote it again`);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > RUN_FORMAT) {
    throw new UsageError(`${path} has format ${format}; this version reads up to ${RUN_FORMAT}. Update this version`);
  }
  if (typeof format === "number" && format < RUN_FORMAT) {
    throw new UsageError(
      `${path} has format ${format}, of an older version; this one reads ${RUN_FORMAT}. Run the command that wrote it again, ` +
        "or look at it with the version that made it",
    );
  }
  const parsed = runShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0];
  throw new UsageError(
    `${path} is damaged (${place.join(".")}: ${inPlainWords(message)}); run the command that wrote it again`,
  );
}
