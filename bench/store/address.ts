/** Content addresses: what determines a result, hashed. */
import { canonicalJson, sha256 } from "../../common/digest.ts";
import type { EvaluationSpec, TrainSpec } from "./types.ts";

/** What, beside its spec, determines a result. */
export interface Provenance {
  /** Backends differ in rounding, so each has results of its own. */
  readonly backend: string;
  /** `DataSet.digest`. */
  readonly dataDigest: string;
  /** Digest of the code that trains, see `code_digest.ts`. */
  readonly trainCode: string;
  /** Digest of the code that evaluates. */
  readonly evaluateCode: string;
}

/** Address of a training unit. */
export function unitAddress(spec: TrainSpec, provenance: Omit<Provenance, "evaluateCode">): string {
  const { backend, dataDigest, trainCode } = provenance;
  return sha256(canonicalJson({ format: 2, spec, backend, dataDigest, trainCode }));
}

/** Address of one evaluation of a training unit's state. */
export function evaluationAddress(unitId: string, spec: EvaluationSpec, evaluateCode: string): string {
  return sha256(canonicalJson({ format: 2, unitId, spec, evaluateCode }));
}
