/** What a run was made with: everything a stranger needs to judge or repeat it. */
import os from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { gitState } from "./git_state.ts";
import { harnessTime } from "./harness.ts";
import { OUT_FORMAT } from "./out_folder.ts";
import { sweepSchema } from "../sweeps/sourced.ts";

const strings = z.record(z.string(), z.string());

/** The machine; null where it cannot be found out. */
const machineSchema = z.object({
  os: z.string(),
  osRelease: z.string().nullable(),
  arch: z.string(),
  cpu: z.string().nullable(),
  cores: z.int().min(0),
  memoryGib: z.number().nullable(),
});
type Machine = Immutable<z.infer<typeof machineSchema>>;

/** What results depend on beside the sweep and the backend; run.json has it too, and shares must agree in it to be merged. */
export const PROVENANCE = {
  versions: strings,
  /** Resolved versions of the packages, by import name. */
  packages: strings,
  /** Content digest of each data set, or why it was skipped. */
  data: z.record(z.string(), z.union([z.object({ digest: z.string() }), z.object({ skipped: z.string() })])),
  /** Digest of the code behind each algorithm's trainings and evaluations, by data set and algorithm. */
  code: z.record(z.string(), z.object({ train: z.string(), evaluate: z.string() })),
} as const;

/** Contents of manifest.json. */
export const manifestSchema = z.object({
  format: z.number(),
  /** When it was written, ISO 8601. */
  created: z.string(),
  sweep: sweepSchema,
  sweepDigest: z.string(),
  ...PROVENANCE,
  backend: z.object({ name: z.string(), reason: z.string() }),
  workers: z.int().min(0),
  machine: machineSchema,
  /** Null outside a git checkout. */
  git: z.object({ commit: z.string(), dirty: z.boolean().nullable() }).nullable(),
  /** What workers spent their time on; absent where the run found everything in the store. */
  harness: harnessTime.optional(),
});
export type Manifest = Immutable<z.infer<typeof manifestSchema>>;

/** Facts that only the caller has. */
export type ManifestFacts = Pick<Manifest, "sweep" | "sweepDigest" | "backend" | "workers" | "data" | "code">;

/** Describes this run, now and here. */
export function makeManifest(facts: ManifestFacts): Manifest {
  return {
    format: OUT_FORMAT,
    created: new Date().toISOString(),
    ...facts,
    versions: { ...Deno.version },
    packages: packageVersions(),
    machine: machine(),
    git: gitState(PROJECT_ROOT),
  };
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** A processor's name; null where the system has none, as on many ARM machines: two of these need not be alike. */
export function namedProcessor(model: string): string | null {
  return /^(unknown)?$/i.test(model.trim()) ? null : model;
}

function machine(): Machine {
  return {
    os: Deno.build.os,
    osRelease: attempt(() => Deno.osRelease()),
    arch: Deno.build.arch,
    cpu: attempt(() => namedProcessor(os.cpus()[0].model)),
    cores: navigator.hardwareConcurrency,
    memoryGib: attempt(() => Math.round(Deno.systemMemoryInfo().total / 2 ** 30 * 10) / 10),
  };
}

/** Versions from the lock file, else the ranges that are asked for. */
function packageVersions(): Record<string, string> {
  const read = (name: string) => attempt(() => JSON.parse(Deno.readTextFileSync(join(PROJECT_ROOT, name))));
  const imports: Record<string, string> = read("deno.json")?.imports ?? {};
  const specifiers: Record<string, string> = read("deno.lock")?.specifiers ?? {};
  return Object.fromEntries(
    Object.entries(imports).map(([name, specifier]) => [name, specifiers[specifier]?.replace(/_.*$/, "") ?? specifier]),
  );
}
