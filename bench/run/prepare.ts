/** From a request to a run that can start: everything that can be wrong is found here, and nothing is written. */
import { backendEntries, type BackendName } from "../../algorithms/tensor/backends.ts";
import { UsageError } from "../../common/errors.ts";
import { isPresent } from "../../common/files.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { type Addresses, type Plan, planSweep, type Tuned } from "../plan/plan.ts";
import { planTuning, type Trial } from "../plan/tuning.ts";
import { evaluationAddress, unitAddress } from "../store/address.ts";
import { CodeDigester, type CodeDigests } from "../store/code_digest.ts";
import type { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";
import { type BackendChoice, decideBackend } from "./backend_choice.ts";
import { CATALOG } from "./catalog.ts";
import type { Request } from "./request.ts";

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
