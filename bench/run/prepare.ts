/** From flags to a run that can start: everything that can be wrong is found here, and nothing is written. */
import { join, resolve } from "node:path";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { backendEntries, type BackendName } from "../../algorithms/tensor/backends.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import { dataSets } from "../../data/mod.ts";
import { defaultDataDir } from "../../common/project.ts";
import { evaluationAddress, unitAddress } from "../store/address.ts";
import { type BackendChoice, decideBackend } from "./backend_choice.ts";
import type { Catalog } from "../plan/catalog.ts";
import { CodeDigester, type CodeDigests } from "../store/code_digest.ts";
import { UsageError } from "../../common/errors.ts";
import { isPresent } from "../../common/files.ts";
import type { Flags } from "../flags/flags.ts";
import { type Addresses, type Plan, planSweep, type Tuned } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import { requireBounded } from "../sweeps/bounds.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { applyOverrides } from "../sweeps/overrides.ts";
import { parseSweep, readSweep } from "../sweeps/read.ts";
import { unknownName } from "../../common/suggest.ts";
import { sweeps } from "../sweeps/registry.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { TrainingUnit } from "../store/types.ts";
import { planTuning, type Trial } from "../plan/tuning.ts";
import { validateSweep } from "../plan/validate.ts";

/** The product's own tables. */
export const CATALOG: Catalog = {
  algorithms,
  dataSets,
  models: Object.keys(models),
  layerCount: (model, hidden) => layerCount(model as ModelName, hidden),
};

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
  const given = flags.sweepFile === undefined
    ? parseSweep(sweeps[flags.profile as keyof typeof sweeps], `"${flags.profile}"`)
    : readSweep(flags.sweepFile);
  checkNames(flags, catalog);
  const sweep = applyOverrides(given, flags.overrides);
  requireBounded(sweep);
  validateSweep(sweep, catalog);
  const digest = sweepDigest(sweep);
  const changed = digest !== sweepDigest(given);
  const { shard } = flags;
  const folder = (changed ? `${sweep.name}-${digest.slice(0, 8)}` : sweep.name) +
    (shard === undefined ? "" : `-${shard.index}-of-${shard.count}`);
  const out = resolve(flags.out ?? join("reports", "runs", folder));
  const store = flags.store === undefined ? join(out, "store") : resolve(flags.store);
  const dataDir = resolve(flags.dataDir ?? defaultDataDir());
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

/** A sweep that a run has left, checked as one that a user gives. @throws UsageError when this version cannot use it */
export function knownSweep(value: unknown, origin: string, catalog: Catalog): Sweep {
  const sweep = parseSweep(value, origin);
  requireBounded(sweep);
  validateSweep(sweep, catalog);
  return sweep;
}

/** Names given as flags are checked first, so that the message is about what was typed. */
function checkNames({ overrides }: Flags, catalog: Catalog): void {
  const check = (flag: string, kind: string, given: readonly string[] | undefined, known: readonly string[]) => {
    const wrong = given?.find((name) => !known.includes(name));
    if (wrong !== undefined) throw new UsageError(`${flag}: ${unknownName(kind, wrong, known)}`);
  };
  check("--datasets", "data set", overrides.datasets, Object.keys(catalog.dataSets));
  check("--algorithms", "algorithm", overrides.algorithms, Object.keys(catalog.algorithms));
}

/** A run that can start. */
export interface Prepared extends Request {
  readonly backend: BackendChoice;
  /** What has to be tried before there is a plan. */
  readonly trials: readonly Trial[];
  /** Plans the sweep with what tuning chose. */
  plan(tuned: Tuned): Plan;
  /** Data sets by name; absent: those that are skipped, or were not needed. */
  readonly opened: ReadonlyMap<string, DataSet>;
  /** Reasons by data set. */
  readonly skipped: ReadonlyMap<string, string>;
  /** By "data set/algorithm". */
  readonly code: Readonly<Record<string, CodeDigests>>;
}

/**
 * Chooses the backend, opens the data and plans.
 *
 * @param wanted name of the backend, which is tried; or a choice that was made elsewhere and is taken as it is
 * @param withData whether the data's content is needed: for a mere look at the plan without any results it is not
 * @throws UsageError or DataError when something that was asked for is missing or damaged
 */
export async function prepare(
  request: Request,
  wanted: string | BackendChoice,
  withData: boolean,
  catalog: Catalog = CATALOG,
): Promise<Prepared> {
  const { sweep, dataDir } = request;
  const backend = typeof wanted === "string" ? await decideBackend(wanted) : wanted;
  const skipped = new Map<string, string>();
  const opened = new Map<string, DataSet>();
  for (const { name, ways, optional } of sweep.datasets) {
    const entry: DataSetEntry = catalog.dataSets[name];
    const missing = await entry.missing(dataDir);
    if (missing !== undefined && !optional) throw new UsageError(`Cannot use data set "${name}": ${missing}`);
    if (missing !== undefined) skipped.set(name, missing);
    else if (withData) opened.set(name, await entry.open({ dataDir, ways }));
  }
  const backendFile = backendEntries[backend.name as BackendName].sourceFile;
  const digester = new CodeDigester();
  const code: Record<string, CodeDigests> = {};
  for (const { name } of sweep.datasets) {
    for (const algorithm of sweep.algorithms) {
      code[`${name}/${algorithm}`] = digester.digests(algorithm, catalog.dataSets[name].sourceFiles, backendFile);
    }
  }
  const evaluateCode = new Map<string, string>();
  const addresses: Addresses = {
    unit(spec) {
      const { train, evaluate } = code[`${spec.dataset}/${spec.algorithm}`];
      const dataDigest = opened.get(spec.dataset)?.digest ?? "";
      const id = unitAddress(spec, { backend: backend.name, dataDigest, trainCode: train });
      evaluateCode.set(id, evaluate);
      return id;
    },
    evaluation: (unitId, spec) => evaluationAddress(unitId, spec, evaluateCode.get(unitId) ?? ""),
  };
  return {
    ...request,
    backend,
    trials: planTuning(sweep, catalog, addresses, skipped),
    plan: (tuned) => planSweep(sweep, catalog, addresses, skipped, tuned),
    opened,
    skipped,
    code,
  };
}

/** The units that the store does not have wholly. */
export function missingUnits(units: readonly TrainingUnit[], store: Store): TrainingUnit[] {
  if (!isPresent(store.folder)) return [...units];
  return units.filter(({ id, evaluations }) => {
    const training = store.training(id);
    if (training === undefined) return true;
    return training.status === "ok" && evaluations.some((evaluation) => !store.hasEvaluation(evaluation.id));
  });
}
