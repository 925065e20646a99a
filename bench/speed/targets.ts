/** What this project wants to be, as ratios within one run on one core: how far it is from them is printed, never hidden. */
import type { Row } from "./types.ts";

/** At most this share of the best PyTorch's time (without its compiler), by workload and backend. */
const AGAINST_PYTORCH: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "sinusoid-maml-s1": { wasm: 0.5 },
  "sinusoid-maml-s5": { wasm: 0.5 },
  "omniglot-mlp-maml-s1": { tensorflow: 0.8, wasm: 1.2 },
  "omniglot-mlp-maml-s5": { tensorflow: 0.8, wasm: 1.2 },
  "conv4-maml-s1": { tensorflow: 0.8, wasm: 1.2 },
};

/** Whole machine over one process, at least this share of the number of processes. */
export const SCALING_SHARE = 0.95;

/** Peak memory of `conv4-maml-s5`, MiB. */
export const PEAK_MIB = 1536;

/** Growth of the resident memory that counts as none, MiB. */
export const GROWTH_MIB = 16;

/** The target of a row of ours against PyTorch on one core; undefined where there is none. */
export function pytorchTarget({ workload, backend, cores }: Pick<Row, "workload" | "backend" | "cores">) {
  return cores === 1 ? AGAINST_PYTORCH[workload]?.[backend] : undefined;
}
