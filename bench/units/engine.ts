/** The real engine: the product's own training and evaluation on one backend. */
import process from "node:process";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { type BackendName, openBackend } from "../../algorithms/tensor/backends.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import { dataSets, ownEntry, type Source } from "../../data/mod.ts";
import { evaluate } from "./evaluate.ts";
import { train } from "./train.ts";
import type { Engine } from "./unit.ts";
import { drawnAs, type KnownVariant } from "./variants.ts";

/** Data of the user's own, as the process that plans has found it. */
export interface KnownSource {
  readonly name: string;
  readonly source: Source;
  /** Undefined where it was not opened. */
  readonly digest: string | undefined;
}

/**
 * Opens a backend, and data sets as units ask for them.
 *
 * @param step called after every run of a program: a sign that the computation goes on
 * @param sources what there is beside the built-in data sets; what has changed since it was found is refused
 * @param variants data sets by other names, or drawn otherwise than usually
 */
export async function openEngine(
  backendName: string,
  dataDir: string,
  step: () => void,
  sources: readonly KnownSource[] = [],
  variants: readonly KnownVariant[] = [],
): Promise<Engine> {
  const backend = stepping(await openBackend(backendName as BackendName), step);
  const entry = (name: string): DataSetEntry => {
    const variant = variants.find((known) => known.name === name);
    return variant === undefined ? base(name) : drawnAs(variant, base(variant.of));
  };
  const base = (name: string): DataSetEntry => {
    const own = sources.find((known) => known.name === name);
    if (own !== undefined) return ownEntry(name, own.source, { known: own.digest });
    return (dataSets as Readonly<Record<string, DataSetEntry>>)[name];
  };
  const opened = new Map<string, Promise<DataSet>>();
  return {
    backend: backend.name,
    open({ dataset, ways }) {
      const key = `${dataset} ${ways}`;
      const dataSet = opened.get(key) ?? entry(dataset).open({ dataDir, ways });
      opened.set(key, dataSet);
      return dataSet;
    },
    train: (spec, dataSet, onProgress, checkpointer) => train(spec, dataSet, backend, onProgress, checkpointer),
    evaluate: (spec, evaluation, state, dataSet, onTimed) =>
      evaluate(spec, evaluation, state, dataSet, backend, onTimed),
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
