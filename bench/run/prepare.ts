/** From a request to a run that can start: everything that can be wrong is found here, and nothing is written. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { UsageError } from "../../common/errors.ts";
import { isPresent } from "../../common/files.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { type Addresses, type Plan, planSweep, type Tuned } from "../plan/plan.ts";
import { planTuning, type Trial } from "../plan/tuning.ts";
import { evaluationAddress, unitAddress } from "../store/address.ts";
import type { Store } from "../store/store.ts";
import { testOnOf } from "../store/tested_on.ts";
import type { TrainingUnit } from "../store/types.ts";
import { trainedOn } from "../sweeps/derived.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import { drawnFrom } from "../sweeps/variants.ts";
import { hyperOf } from "../plan/validate.ts";
import { sha256 } from "../../common/digest.ts";
import { type BackendChoice, decideBackend } from "./backend_choice.ts";
import { catalogOf } from "./catalog.ts";
import { type CodedSpec, codeFor } from "./code_for.ts";
import type { Request } from "./request.ts";

/** Digests of the code behind an algorithm's trainings on a data set, and behind their evaluations by every adapter of the sweep. */
export interface CodeDigests {
  readonly train: string;
  readonly evaluate: string;
}

/** A run that can start. */
export interface Prepared extends Request {
  /** The tables that names are looked up in. */
  readonly catalog: Catalog;
  readonly backend: BackendChoice;
  /** What has to be tried before there is a plan. */
  readonly trials: readonly Trial[];
  /** Plans the sweep, or one with other seeds, with what tuning chose. */
  plan(tuned: Tuned, sweep?: Sweep): Plan;
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
  catalog: Catalog = catalogOf(request.sweep),
): Promise<Prepared> {
  const { sweep, dataDir } = request;
  const backend = typeof wanted === "string" ? await decideBackend(wanted) : wanted;
  const skipped = new Map<string, string>();
  const opened = new Map<string, DataSet>();
  for (const { name, ways, optional } of [...sweep.datasets, ...trainedBy(sweep)]) {
    const entry: DataSetEntry = catalog.dataSets[name];
    const missing = await entry.missing(dataDir);
    if (missing !== undefined && !optional) throw new UsageError(`Cannot use data set "${name}": ${missing}`);
    if (missing !== undefined) skipped.set(name, missing);
    else if (withData) opened.set(name, await entry.open({ dataDir, ways }));
  }
  const { trainCode, evaluateCode } = codeFor(backend.name, catalog);
  const specs = new Map<string, CodedSpec>();
  const drawn = drawnFrom(sweep);
  const addresses: Addresses = {
    unit(spec) {
      const dataDigest = opened.get(spec.dataset)?.digest ?? "";
      // Ways are part of a spec, and style of the data's digest: what is drawn alike is the same under any name.
      const id = unitAddress({ ...spec, dataset: drawn(spec.dataset) }, {
        backend: backend.name,
        dataDigest,
        trainCode: trainCode(spec),
      });
      specs.set(id, spec);
      return id;
    },
    evaluation(unitId, spec) {
      const unit = specs.get(unitId);
      const testOn = testOnOf(spec);
      if (unit === undefined) return evaluationAddress(unitId, spec, "");
      if (testOn === undefined) return evaluationAddress(unitId, spec, evaluateCode(unit, spec.adapter));
      const code = evaluateCode({ ...unit, dataset: testOn }, spec.adapter);
      return evaluationAddress(unitId, spec, sha256(`${code} ${opened.get(testOn)?.digest ?? ""}`));
    },
  };
  const code = Object.fromEntries(
    sweep.datasets.flatMap((entry) =>
      algorithmsOn(entry, sweep).filter((name) =>
        catalog.algorithms[name].supports.includes(catalog.dataSets[entry.name].kind)
      )
        .map((algorithm): [string, CodeDigests] => {
          const spec = { dataset: entry.name, algorithm, model: entry.model, hyper: hyperOf(entry, algorithm) };
          const evaluations = [...new Set(entry.adapters)].map((adapter) => evaluateCode(spec, adapter));
          return [`${entry.name}/${algorithm}`, { train: trainCode(spec), evaluate: sha256(evaluations.join()) }];
        })
    ),
  );
  return {
    ...request,
    catalog,
    backend,
    trials: planTuning(sweep, catalog, addresses, skipped),
    plan: (tuned, planned = sweep) => planSweep(planned, catalog, addresses, skipped, tuned),
    opened,
    skipped,
    code,
  };
}

/** What derived data sets are trained on, as far as it is no data set of the sweep. */
function trainedBy({ datasets }: Sweep): Pick<DataSetSweep, "name" | "ways" | "optional">[] {
  const named = new Set(datasets.map(({ name }) => name));
  const others = datasets.filter((entry) => !named.has(trainedOn(entry)));
  return others.map((entry) => ({ name: trainedOn(entry), ways: entry.ways, optional: entry.optional }));
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
