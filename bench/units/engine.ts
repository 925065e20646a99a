/** The real engine: the product's own training and evaluation on one backend. */
import process from "node:process";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { type BackendName, openBackend } from "../../algorithms/tensor/backends.ts";
import type { DataSet, DataSetEntry, OpenOptions } from "../../data/contract/dataset.ts";
import { DataError, dataSets, type Derivation, derivedEntries, ownEntry, type Source } from "../../data/mod.ts";
import { isVaried } from "../../data/contract/varied.ts";
import { evaluate } from "./evaluate.ts";
import { evaluateVaried } from "./evaluate_varied.ts";
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

/** A data set that is made of others, as the process that plans has found it. */
export interface KnownDerivation {
  readonly name: string;
  readonly derivation: Derivation;
  /** Undefined where it was not opened. */
  readonly digest: string | undefined;
}

/** What there is beside the built-in data sets. */
export interface KnownData {
  /** Data of the user's own; what has changed since it was found is refused. */
  readonly sources?: readonly KnownSource[];
  /** Data sets by other names, or drawn otherwise than usually. */
  readonly variants?: readonly KnownVariant[];
  /** What is made of all these. */
  readonly derived?: readonly KnownDerivation[];
}

/**
 * Opens a backend, and data sets as units ask for them.
 *
 * @param step called after every run of a program: a sign that the computation goes on
 */
export async function openEngine(
  backendName: string,
  dataDir: string,
  step: () => void,
  { sources = [], variants = [], derived = [] }: KnownData = {},
): Promise<Engine> {
  const backend = stepping(await openBackend(backendName as BackendName), step);
  const base = (name: string): DataSetEntry => {
    const own = sources.find((known) => known.name === name);
    if (own !== undefined) return ownEntry(name, own.source, { known: own.digest });
    return (dataSets as Readonly<Record<string, DataSetEntry>>)[name];
  };
  const entry = (name: string): DataSetEntry => {
    const variant = variants.find((known) => known.name === name);
    return variant === undefined ? base(name) : drawnAs(variant, base(variant.of));
  };
  const beside = [...sources, ...variants].map(({ name }) => [name, entry(name)] as const);
  const made = derived.length === 0 ? {} : derivedEntries(derived.map(({ derivation }) => derivation), {
    entries: { ...dataSets, ...Object.fromEntries(beside) },
    sources: new Map(sources.map(({ name, source }) => [name, source])),
    own: (name, source, standardisedBy) => ownEntry(name, source, { standardisedBy }),
  });
  const openEntry = async (name: string, options: OpenOptions): Promise<DataSet> => {
    const dataSet = await (made[name] ?? entry(name)).open(options);
    const known = derived.find((one) => one.name === name)?.digest;
    if (known === undefined || known === dataSet.digest) return dataSet;
    throw new DataError(`The data set "${name}" has changed since this run began; run the command again`);
  };
  const opened = new Map<string, Promise<DataSet>>();
  return {
    backend: backend.name,
    open({ dataset, ways }) {
      const key = `${dataset} ${ways}`;
      const dataSet = opened.get(key) ?? openEntry(dataset, { dataDir, ways });
      opened.set(key, dataSet);
      return dataSet;
    },
    train: (spec, dataSet, onProgress, checkpointer) => train(spec, dataSet, backend, onProgress, checkpointer),
    evaluate: (spec, evaluation, state, dataSet, onTimed) =>
      isVaried(dataSet)
        ? evaluateVaried(spec, evaluation, state, dataSet, backend, onTimed)
        : evaluate(spec, evaluation, state, dataSet, backend, onTimed),
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
