/** The real engine: the product's own training and evaluation on one backend. */
import process from "node:process";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { type BackendName, openBackend } from "../../algorithms/tensor/backends.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import { dataSets } from "../../data/mod.ts";
import { evaluate } from "./evaluate.ts";
import { train } from "./train.ts";
import type { Engine } from "./unit.ts";

/**
 * Opens a backend, and data sets as units ask for them.
 *
 * @param step called after every run of a program: a sign that the computation goes on
 */
export async function openEngine(backendName: string, dataDir: string, step: () => void): Promise<Engine> {
  const backend = stepping(await openBackend(backendName as BackendName), step);
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
    train: (spec, dataSet, onProgress, checkpointer) => train(spec, dataSet, backend, onProgress, checkpointer),
    evaluate: (spec, evaluation, state, dataSet) => evaluate(spec, evaluation, state, dataSet, backend),
    peakRssMib: () => process.resourceUsage().maxRSS / 1024,
  };
}

/** A backend whose programs call `step` after every run. */
function stepping(backend: Backend, step: () => void): Backend {
  return {
    name: backend.name,
    description: backend.description,
    memoryBytes: () => backend.memoryBytes(),
    compile(program) {
      const executable = backend.compile(program);
      return {
        flops: executable.flops,
        setState: (name, data) => executable.setState(name, data),
        getState: (name) => executable.getState(name),
        read: (output) => executable.read(output),
        dispose: () => executable.dispose(),
        run(feeds) {
          executable.run(feeds);
          step();
        },
      };
    },
  };
}
