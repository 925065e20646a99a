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
import { placesOf, sweepDigest } from "../sweeps/digest.ts";
import { applyOverrides, type Overrides } from "../sweeps/overrides.ts";
import { parseSweep, readSweep } from "../sweeps/read.ts";
import { sweeps } from "../sweeps/registry.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { type DataOptions, namedSources } from "../sweeps/sourced.ts";
import { variantOf } from "../sweeps/variants.ts";
import { ownSweep } from "../sweeps/own_data.ts";
import { CATALOG, catalogOf, lookAtOwn } from "./catalog.ts";
import { checkNames, chosenAlgorithms, lacking, lackingNotes, withNativeAdapters } from "./named_choices.ts";

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
  /** What people should know of data of their own. */
  readonly notes?: readonly string[];
}

/** The data of a user's own that flags name, with what they say of it. */
export function ownOf({ overrides, dataOptions }: Pick<Flags, "overrides" | "dataOptions">) {
  return namedSources([...new Set([...overrides.datasets ?? [], ...overrides.testOn ?? []])], dataOptions);
}

/** The sweep that flags name, as it was given. @throws UsageError when it cannot be read */
export function givenSweep({ sweepFile, profile }: Pick<Flags, "sweepFile" | "profile">): Sweep {
  return sweepFile === undefined ? builtIn(profile) : readSweep(sweepFile);
}

/** The sweep and folders that the flags ask for. @throws UsageError when that cannot be run */
export function requestOf(flags: Flags, catalog: Catalog = CATALOG): Request {
  const given = givenSweep(flags);
  const { sweep, notes } = overridden(given, flags, catalog);
  const digest = sweepDigest(sweep);
  const changed = digest !== sweepDigest(given);
  const { shard } = flags;
  const folder = (changed ? `${sweep.name}-${digest.slice(0, 8)}` : sweep.name) + placesOf(sweep) +
    (shard === undefined ? "" : `-${shard.index}-of-${shard.count}`);
  const out = flags.out ?? join(PROJECT_ROOT, "reports", "runs", folder);
  const store = flags.store ?? join(out, "store");
  const dataDir = flags.dataDir ?? ownDataDir();
  if (store === out) {
    throw new UsageError(
      `--store ${store} is --out too: a store has a folder of its own; leave --store out, or name another`,
    );
  }
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
    notes,
  };
}

function builtIn(profile: string | undefined): Sweep {
  return parseSweep(sweeps[profile as keyof typeof sweeps], `"${profile}"`);
}

/** What of the flags changes a sweep. */
type SweepFlags = Pick<Flags, "overrides" | "dataOptions" | "until">;

/** The sweep with the axes that flags name. @throws UsageError when it cannot be run */
function overridden(given: Sweep, flags: SweepFlags, catalog: Catalog): { sweep: Sweep; notes: string[] } {
  const { sources, more } = ownOf(flags);
  checkNames(flags, catalog, [
    ...sources.map(({ reference }) => reference),
    ...given.datasets.flatMap((entry) => [entry.name, variantOf(entry).of]),
  ]);
  const trained = sources.filter(({ reference }) => flags.overrides.datasets?.includes(reference));
  const own = trained.map((named) => ownSweep(named, lookAtOwn(named), checked(more, catalog)));
  const byReference = new Map([
    ...trained.map(({ reference }, index) => [reference, own[index].entry] as const),
    ...lacking(given, flags, catalog).map((entry) => [entry.name, entry] as const),
  ]);
  const targets = new Map(sources.map(({ reference, name, source }) => [reference, { name, source }]));
  const kinds = (flags.overrides.datasets ?? given.datasets.map(({ name }) => name)).map((name) => {
    const named = trained.find(({ reference }) => reference === name);
    return named === undefined ? catalogOf(given, catalog).dataSets[name]?.kind : lookAtOwn(named).kind;
  });
  const overrides = { ...flags.overrides, algorithms: chosenAlgorithms(given, flags, kinds, catalog) };
  const changed = applyOverrides(given, { ...overrides, ...roundsOf(given, flags) }, byReference, targets);
  const adapted = withNativeAdapters(changed, given, flags, () => catalogOf(changed, catalog));
  const sweep = knownSweep(adapted, `"${given.name}" with these flags`, catalog);
  requireCells(sweep, catalogOf(sweep, catalog));
  const made = byReference.size === own.length ? [] : lackingNotes(given, [...byReference.values()].slice(own.length));
  return { sweep, notes: [...own.flatMap(({ notes }) => notes), ...made] };
}

/** @throws UsageError when a model or a number of ways is none */
function checked(options: DataOptions, { models }: Catalog): DataOptions {
  const { model, ways } = options;
  if (model !== undefined && !Object.hasOwn(models, model)) {
    throw new UsageError(`--data-options: ${unknownName("model", model, Object.keys(models))}`);
  }
  if (ways !== undefined && !/^[1-9]\d*$/.test(ways)) {
    throw new UsageError(`--data-options ways=${ways}: expected a whole number`);
  }
  return options;
}

/** The rounds that `--until` asks for: the sweep's own or, where it has none, three more, each with twice the seeds; or none. */
function roundsOf({ seeds, rounds }: Sweep, { until }: Pick<Flags, "until">): Pick<Overrides, "rounds"> {
  if (until === undefined) return {};
  return { rounds: until === "round" ? null : rounds ?? [1, 2, 4, 8].map((factor) => factor * seeds.length) };
}

/** A built-in sweep as text to start a file from. @throws UsageError when the axes that flags name do not go with it */
export function printedSweep(
  profile: string,
  flags: SweepFlags,
  catalog: Catalog = CATALOG,
): string {
  const { sweep } = overridden(builtIn(profile), flags, catalog);
  return JSON.stringify({ $schema: "./docs/sweep.schema.json", ...sweep }, undefined, 2);
}

/** A sweep from anywhere, checked in every way that there is but for its making cells. @throws UsageError when this version cannot use it */
export function knownSweep(value: unknown, origin: string, catalog: Catalog): Sweep {
  const sweep = parseSweep(value, origin);
  requireBounded(sweep);
  const known = catalogOf(sweep, catalog);
  validateSweep(sweep, known);
  requireSound(sweep, known);
  return sweep;
}
