/** What a run was made with: everything a stranger needs to judge or repeat it. */
import os from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { type GitState, gitState } from "./git_state.ts";
import type { HarnessTime } from "./harness.ts";
import { OUT_FORMAT } from "./out_folder.ts";
import type { Sweep } from "../sweeps/schema.ts";

/** Contents of manifest.json. */
export interface Manifest {
  readonly format: number;
  /** When it was written, ISO 8601. */
  readonly created: string;
  readonly sweep: Sweep;
  readonly sweepDigest: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Resolved versions of the packages, by import name. */
  readonly packages: Readonly<Record<string, string>>;
  readonly backend: { readonly name: string; readonly reason: string };
  readonly workers: number;
  readonly machine: Machine;
  /** Null outside a git checkout. */
  readonly git: GitState | null;
  /** Content digest of each data set, or why it was skipped. */
  readonly data: Readonly<Record<string, { readonly digest: string } | { readonly skipped: string }>>;
  /** Digest of the code behind each algorithm's trainings and evaluations, by data set and algorithm. */
  readonly code: Readonly<Record<string, { readonly train: string; readonly evaluate: string }>>;
  /** What workers spent their time on; absent where the run found everything in the store. */
  readonly harness?: HarnessTime;
}

/** The machine; null where it cannot be found out. */
export interface Machine {
  readonly os: string;
  readonly osRelease: string | null;
  readonly arch: string;
  readonly cpu: string | null;
  readonly cores: number;
  readonly memoryGib: number | null;
}

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

function machine(): Machine {
  return {
    os: Deno.build.os,
    osRelease: attempt(() => Deno.osRelease()),
    arch: Deno.build.arch,
    cpu: attempt(() => os.cpus()[0].model),
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
