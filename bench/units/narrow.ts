/**
 * States whose head has a row for each of N classes, as tasks of n < N classes meet them: a task's classes get the first n rows. Labels are numbered at random in
 * training, so that no row is better than another. Whatever else has an entry per class (a learned step size of the head, say) goes with its row.
 */
import { parameterSlots, sharedStates, type TrainedState } from "../../algorithms/blocks/parameters.ts";
import { metaKey } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { Graph } from "../../algorithms/tensor/graph.ts";
import { program } from "../../algorithms/tensor/program.ts";
import type { Subject } from "./adaptation.ts";
import { algorithmOf } from "./subject.ts";

/** The shapes of a subject's parameters and learned state, by key. */
function shapesOf({ model, metaSpecs }: Subject): Map<string, readonly number[]> {
  return new Map([
    ...parameterSlots(model).map(({ key, shape }) => [key, shape] as const),
    ...metaSpecs.map(({ name, shape }) => [metaKey(name), shape] as const),
  ]);
}

/**
 * The first n entries along every axis that has N of them in the one and n in the other: columns of the head, and of a matrix over its outputs the rows too.
 *
 * @param wide whose state it is
 * @param narrow the same with fewer classes
 */
export function narrowed(state: TrainedState, wide: Subject, narrow: Subject): TrainedState {
  const [from, to] = [shapesOf(wide), shapesOf(narrow)];
  return Object.fromEntries(
    Object.entries(state).map(([key, values]) => {
      const shape = from.get(key) ?? [];
      const kept = to.get(key) ?? shape;
      return [key, shape.join() === kept.join() ? values : values.filter((_, i) => isWithin(i, shape, kept))];
    }),
  );
}

/** Whether element i of an array of one shape lies in its first part, which has the other shape. */
function isWithin(i: number, shape: readonly number[], part: readonly number[]): boolean {
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (rest % shape[axis] >= part[axis]) return false;
    rest = Math.floor(rest / shape[axis]);
  }
  return true;
}

/** A state whose parameters are those that tasks start from, where an algorithm makes them of what it has learned: of N rows, not of the n that are left. */
export async function settled(state: TrainedState, { model, spec }: Subject, backend: Backend): Promise<TrainedState> {
  const { taskParams } = algorithmOf(spec);
  if (taskParams === undefined) return state;
  const layers = taskParams(sharedStates(new Graph(), model));
  const slots = parameterSlots(model);
  const compiled = program({
    outputs: Object.fromEntries(slots.map(({ key, layer, name }) => [key, layers[layer][name]])),
  });
  const executable = backend.compile(compiled);
  try {
    for (const { attributes: { name } } of compiled.states) executable.setState(name, state[name]);
    executable.run({});
    const made = await Promise.all(
      slots.map(async ({ key }) => [key, Float32Array.from(await executable.read(key))] as const),
    );
    return { ...state, ...Object.fromEntries(made) };
  } finally {
    executable.dispose();
  }
}
