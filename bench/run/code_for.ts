/** Digests of the code that trains a spec and that evaluates it, as addresses have them. */
import { backendEntries, type BackendName } from "../../algorithms/tensor/backends.ts";
import type { Catalog } from "../plan/catalog.ts";
import { CodeDigester, type CodeSubject } from "../store/code_digest.ts";
import type { TrainSpec } from "../store/types.ts";
import type { Hyper } from "../sweeps/schema.ts";

/** What of a spec decides which code it uses. */
export type CodedSpec = Pick<TrainSpec, "dataset" | "algorithm" | "model"> & {
  readonly hyper: Pick<Hyper, "optimiser">;
};

/** How an algorithm is watched while it trains. */
function nativeAdapter({ dataset, algorithm }: CodedSpec, { algorithms, adapters, dataSets }: Catalog): string {
  const { nativeAdapters } = algorithms[algorithm];
  const { kind } = dataSets[dataset];
  return nativeAdapters.find((name) => adapters[name].supports.includes(kind)) ?? nativeAdapters[0];
}

/**
 * Digests of code on a backend.
 *
 * @param backend its name
 */
export function codeFor(backend: string, catalog: Catalog) {
  const { sourceFile: backendFile } = backendEntries[backend as BackendName];
  const digester = new CodeDigester();
  const subjectOf = ({ dataset, algorithm, model, hyper }: CodedSpec): Omit<CodeSubject, "adapter"> => ({
    ...{ algorithm, model, optimiser: String(hyper.optimiser.name) },
    dataFiles: catalog.dataSets[dataset].sourceFiles,
    backendFile,
  });
  const trainCode = (spec: CodedSpec) => digester.train({ ...subjectOf(spec), adapter: nativeAdapter(spec, catalog) });
  const evaluateCode = (spec: CodedSpec, adapter: string) => digester.evaluate({ ...subjectOf(spec), adapter });
  return { trainCode, evaluateCode };
}
