/** From flags to what is to be run and where: names, axes and folders are checked, and nothing is opened yet. */
import { join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { ownDataDir } from "../../common/user_paths.ts";
import { unknownName } from "../../common/suggest.ts";
import type { Flags } from "../flags/flags.ts";
import type { Catalog } from "../plan/catalog.ts";
import { requireSound } from "../plan/sound.ts";
import { requireCells } from "../plan/unplanned.ts";
import { validateSweep } from "../plan/validate.ts";
import { requireBounded } from "../sweeps/bounds.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { applyOverrides, type Overrides } from "../sweeps/overrides.ts";
import { parseSweep, readSweep } from "../sweeps/read.ts";
import { sweeps } from "../sweeps/registry.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { CATALOG } from "./catalog.ts";

/** What is to be run and where. */
export interface Request {
  readonly sweep: Sweep;
  readonly digest: string;
  /** Absolute. */
  readonly out: string;
  /** Absolute. */
  readonly store: string;
  /** Absolute. */
  readonly dataDir: string;
}

/** The sweep and folders that the flags ask for. @throws UsageError when that cannot be run */
export function requestOf(flags: Flags, catalog: Catalog = CATALOG): Request {
  const given = flags.sweepFile === undefined ? builtIn(flags.profile) : readSweep(flags.sweepFile);
  const sweep = overridden(given, flags, catalog);
  const digest = sweepDigest(sweep);
  const changed = digest !== sweepDigest(given);
  const { shard } = flags;
  const folder = (changed ? `${sweep.name}-${digest.slice(0, 8)}` : sweep.name) +
    (shard === undefined ? "" : `-${shard.index}-of-${shard.count}`);
  const out = flags.out ?? join(PROJECT_ROOT, "reports", "runs", folder);
  const store = flags.store ?? join(out, "store");
  const dataDir = flags.dataDir ?? ownDataDir();
  for (const path of [out, store, dataDir]) {
    // Deno's permission flags are lists with commas and know no way to escape one.
    if (path.includes(",")) {
      throw new UsageError(`Cannot use ${path}: choose a folder without a comma in its path`);
    }
  }
  return {
    sweep,
    digest,
    out,
    store,
    dataDir,
  };
}

function builtIn(profile: string | undefined): Sweep {
  return parseSweep(sweeps[profile as keyof typeof sweeps], `"${profile}"`);
}

/** The sweep with the axes that flags name. @throws UsageError when it cannot be run */
function overridden(given: Sweep, flags: Pick<Flags, "overrides" | "until">, catalog: Catalog): Sweep {
  checkNames(flags, catalog);
  const changed = applyOverrides(given, { ...flags.overrides, ...roundsOf(given, flags) });
  const sweep = knownSweep(changed, `"${given.name}" with these flags`, catalog);
  requireCells(sweep, catalog);
  return sweep;
}

/** The rounds that `--until` asks for: the sweep's own or, where it has none, three more, each with twice the seeds; or none. */
function roundsOf({ seeds, rounds }: Sweep, { until }: Pick<Flags, "until">): Pick<Overrides, "rounds"> {
  if (until === undefined) return {};
  return { rounds: until === "round" ? null : rounds ?? [1, 2, 4, 8].map((factor) => factor * seeds.length) };
}

/** A built-in sweep as text to start a file from. @throws UsageError when the axes that flags name do not go with it */
export function printedSweep(
  profile: string,
  flags: Pick<Flags, "overrides" | "until">,
  catalog: Catalog = CATALOG,
): string {
  const sweep = overridden(builtIn(profile), flags, catalog);
  return JSON.stringify({ $schema: "./docs/sweep.schema.json", ...sweep }, undefined, 2);
}

/** A sweep from anywhere, checked in every way that there is but for its making cells. @throws UsageError when this version cannot use it */
export function knownSweep(value: unknown, origin: string, catalog: Catalog): Sweep {
  const sweep = parseSweep(value, origin);
  requireBounded(sweep);
  validateSweep(sweep, catalog);
  requireSound(sweep, catalog);
  return sweep;
}

/** Names given as flags are checked first, so that the message is about what was typed. */
function checkNames({ overrides }: Pick<Flags, "overrides">, catalog: Catalog): void {
  const check = (flag: string, kind: string, given: readonly string[] | undefined, known: readonly string[]) => {
    const wrong = given?.find((name) => !known.includes(name));
    if (wrong !== undefined) throw new UsageError(`${flag}: ${unknownName(kind, wrong, known)}`);
  };
  check("--datasets", "data set", overrides.datasets, Object.keys(catalog.dataSets));
  check("--algorithms", "algorithm", overrides.algorithms, Object.keys(catalog.algorithms));
  check("--adapters", "adapter", overrides.adapters, Object.keys(catalog.adapters));
}
