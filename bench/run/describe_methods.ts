/** The methods of a run, as its report names them. */
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { AdapterDescription, AlgorithmDescription } from "../../reports/view/input.ts";

/** Algorithms, in the order given. */
export function describeAlgorithms(names: readonly string[]): AlgorithmDescription[] {
  const table: Readonly<Record<string, Algorithm>> = algorithms;
  const ranks = Object.keys(table);
  return names.map((name): AlgorithmDescription => {
    const { title, summary, source, nativeAdapters } = table[name];
    return { name, title, summary, source, nativeAdapters, rank: ranks.indexOf(name) };
  });
}

/** The adapters of some cells, in the order of the table. */
export function describeAdapters(used: readonly string[]): AdapterDescription[] {
  const names = new Set(used);
  return Object.values<Adapter>(adapters).filter(({ name }) => names.has(name)).map(
    ({ name, title, short, readsInnerSteps, strength }) => ({ name, title, short, readsInnerSteps, strength }),
  );
}
