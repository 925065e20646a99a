/**
 * How differently tasks move the weights: the spread of (adapted − initial) weights over test tasks, the dimension of what tasks have of their own as the
 * state sees it. Adaptation gradients of many tasks lie in few directions where tasks differ in few ways (Tegnér et al. 2022, arXiv:2207.03804).
 */
import type { GraphAdapter } from "../../algorithms/adapters/adapter.ts";
import { metaStates, sharedStates, type TrainedState } from "../../algorithms/blocks/parameters.ts";
import { taskNetwork } from "../../algorithms/blocks/network.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { Graph, isOp, type Node, sizeOf } from "../../algorithms/tensor/graph.ts";
import { add, broadcastTo, matmul, reshape, sub } from "../../algorithms/tensor/ops.ts";
import { type Program, program } from "../../algorithms/tensor/program.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { spreadOf } from "../../reports/statistics/effective_rank.ts";
import type { StepDiversity } from "../store/diversity.ts";
import type { EvaluationSpec } from "../store/types.ts";
import { type DataShape, type GraphAdaptation, maskOf } from "./adaptation.ts";
import { algorithmOf } from "./subject.ts";
import { lossFor } from "./training_program.ts";

/** Test episodes that are looked at. */
export const DIVERSE_EPISODES = 64;
/** Numbers that their weights may come to; of larger networks fewer episodes are looked at. */
const MAX_NUMBERS = 2 ** 24;
/** Fewer episodes say nothing about a dimension. */
const MIN_EPISODES = 8;

/** What is measured. */
export interface Measured {
  readonly adaptation: Omit<GraphAdaptation, "innerSteps" | "watch"> & { readonly adapter: GraphAdapter };
  readonly start: TrainedState;
  readonly evaluation: Pick<EvaluationSpec, "shots" | "testQueries" | "episodes">;
  readonly dataSet: DataSet;
  readonly backend: Backend;
}

/** The spread after each of some numbers of inner steps; 0, after which nothing has moved, is left out. */
export async function measureDiversity(
  { adaptation, start, evaluation: { shots, testQueries, episodes }, dataSet, backend }: Measured,
  innerSteps: readonly number[],
): Promise<StepDiversity[]> {
  const steps = [...new Set(innerSteps)].filter((count) => count > 0);
  const { weights } = steps.length === 0 ? { weights: 0 } : diversityProgram(adaptation, steps, 1, 1, dataSet);
  const tasks = Math.min(DIVERSE_EPISODES, episodes, Math.floor(MAX_NUMBERS / Math.max(1, weights)));
  if (weights === 0 || tasks < Math.min(MIN_EPISODES, episodes)) return [];
  const batch = dataSet.episodes("test", 0, tasks, shots, testQueries);
  const { made } = diversityProgram(adaptation, steps, tasks, batch.nSupport, dataSet);
  if (made === undefined) return [];
  const executable = backend.compile(made);
  try {
    for (const { attributes: { name } } of made.states) executable.setState(name, start[name]);
    executable.run({ supportX: batch.supportX, supportY: batch.supportY });
    return await Promise.all(steps.map(async (count): Promise<StepDiversity> => {
      const gram = await executable.read(`gram${count}`);
      const rows = Array.from({ length: tasks }, (_, t) => Array.from(gram.subarray(t * tasks, (t + 1) * tasks)));
      return { innerSteps: count, episodes: tasks, weights, ...spreadOf(rows) };
    }));
  } finally {
    executable.dispose();
  }
}

/** Inner products [T, T] of what T tasks add to the weights, `gram<s>` after s steps, and how many weights those are per task; no program where none are. */
function diversityProgram(
  adaptation: Measured["adaptation"],
  steps: readonly number[],
  tasks: number,
  nSupport: number,
  shape: DataShape,
): { readonly made: Program | undefined; readonly weights: number } {
  const { adapter, model, spec, metaSpecs, strength } = adaptation;
  const graph = new Graph();
  const support = {
    x: graph.input("supportX", [tasks, nSupport, ...shape.inputShape]),
    y: graph.input("supportY", [tasks, nSupport, shape.outputs]),
  };
  const algorithm = algorithmOf(spec);
  const shared = sharedStates(graph, model);
  const meta = { meta: metaStates(graph, metaSpecs), own: spec.hyper.own };
  const passed = adapter.trajectory({
    network: taskNetwork(graph, model, spec.norm, algorithm.statistics),
    params: algorithm.taskParams?.(shared) ?? shared,
    support,
    mask: maskOf(adaptation),
    strength,
    rates: algorithm.innerRates?.(meta),
    precondition: algorithm.precondition?.(meta),
    atStep: algorithm.atStep?.(meta),
    context: algorithm.context?.(meta),
    innerSteps: Math.max(...steps),
    lossPerTask: lossFor(shape),
  });
  let weights = 0;
  const grams = steps.map((count, position): readonly [name: string, gram: Node | undefined] => {
    const parts = passed[count].flatMap((layer, index) =>
      Object.entries(layer).flatMap(([name, after]) => {
        const before = passed[0][index][name];
        // What all tasks have alike does not tell them apart.
        if (after === before || after.shape[0] !== tasks || isOp(after, "broadcast")) return [];
        const size = sizeOf(after.shape) / tasks;
        if (position === 0) weights += size;
        const moved = reshape(sub(after, broadcastTo(before, after.shape)), [1, tasks, size]);
        return [matmul(moved, moved, false, true)];
      })
    );
    return [`gram${count}`, parts.length === 0 ? undefined : parts.reduce((sum, part) => add(sum, part))];
  });
  const outputs = grams.flatMap(([name, gram]) => gram === undefined ? [] : [[name, gram] as const]);
  return { made: outputs.length === 0 ? undefined : program({ outputs: Object.fromEntries(outputs) }), weights };
}
