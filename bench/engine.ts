/** The real engine: the product's own training and evaluation on one backend. */
import process from "node:process";
import { type BackendName, openBackend } from "../algorithms/tensor/backends.ts";
import type { DataSet, DataSetEntry } from "../data/dataset.ts";
import { dataSets } from "../data/mod.ts";
import { evaluate } from "./evaluate.ts";
import { train } from "./train.ts";
import type { Engine } from "./unit.ts";

/** Opens a backend, and data sets as units ask for them. */
export async function openEngine(backendName: string, dataDir: string): Promise<Engine> {
  const backend = await openBackend(backendName as BackendName);
  const entries: Readonly<Record<string, DataSetEntry>> = dataSets;
  const opened = new Map<string, Promise<DataSet>>();
  return {
    backend: backend.name,
    open({ dataset, ways }) {
      const key = `${dataset} ${ways}`;
      const dataSet = opened.get(key) ?? entries[dataset].open({ dataDir, ways });
      opened.set(key, dataSet);
      return dataSet;
    },
    train: (spec, dataSet, onProgress) => train(spec, dataSet, backend, onProgress),
    evaluate: (spec, evaluation, state, dataSet) => evaluate(spec, evaluation, state, dataSet, backend),
    peakRssMib: () => process.resourceUsage().maxRSS / 1024,
  };
}
