/** The shapes of a learned state's tensors: those of its model, and of what its algorithm learned beyond it. */
import { metaKey, parameterSlots } from "../../algorithms/blocks/parameters.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { StoredState } from "../store/state_file.ts";
import type { TrainSpec } from "../store/types.ts";
import { metaSpecsOf, modelOf } from "../units/subject.ts";
import type { NamedTensor } from "./safetensors.ts";

/** What shapes depend on beside the spec. */
export type Data = Pick<DataSet, "inputShape" | "outputs" | "trainClasses">;

/** Marks tensors of task-specific layers: their mean over the training tasks, and the draw that they started from. */
const STARTS = /^(?:mean|common):/;

/**
 * A state with its shapes.
 *
 * @returns also the names of tensors whose shape is not known: those are flat
 */
export function shapedState(
  spec: TrainSpec,
  data: Data,
  state: StoredState,
): { readonly tensors: Readonly<Record<string, NamedTensor>>; readonly flat: readonly string[] } {
  const model = modelOf(spec, data);
  const shapes = new Map<string, readonly number[]>([
    ...parameterSlots(model).map(({ key, shape }) => [key, shape] as const),
    ...metaSpecsOf(spec, model, data).map(({ name, shape }) => [metaKey(name), shape] as const),
  ]);
  const flat: string[] = [];
  const tensors = Object.entries(state).map(([name, values]): [string, NamedTensor] => {
    const shape = shapes.get(name.replace(STARTS, ""));
    const fits = shape?.reduce((product, extent) => product * extent, 1) === values.length;
    if (shape !== undefined && fits) return [name, { shape, values }];
    flat.push(name);
    return [name, { shape: [values.length], values }];
  });
  return { tensors: Object.fromEntries(tensors), flat };
}
