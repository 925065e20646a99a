/** A learned state as new tasks meet it, with the statistics that its norms go by. */
import { momentSlots } from "../../algorithms/blocks/network.ts";
import { sharedStates, type TrainedState } from "../../algorithms/blocks/parameters.ts";
import { featuresOf, type Model } from "../../algorithms/models/model.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { Graph, type Node } from "../../algorithms/tensor/graph.ts";
import { type Moments, momentsOver } from "../../algorithms/tensor/nn.ts";
import { program } from "../../algorithms/tensor/program.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";
import { batchSource } from "./batches.ts";
import { algorithmOf } from "./subject.ts";

/** Training batches that statistics are averaged over. */
const BATCHES = 20;

/**
 * The state with the statistics of training added, where its norms go by them: mean and variance of every normalised layer, averaged over training batches of
 * their own, normalised as in training.
 *
 * Source: Ioffe & Szegedy 2015 (arXiv:1502.03167), Algorithm 2, lines 8 to 10.
 */
export async function withMoments(
  start: TrainedState,
  spec: TrainSpec,
  model: Model,
  dataSet: DataSet,
  backend: Backend,
): Promise<TrainedState> {
  const algorithm = algorithmOf(spec);
  const slots = momentSlots(model);
  if (spec.norm !== "batch-inductive" || algorithm.statistics !== "training" || slots.length === 0) return start;
  const source = batchSource(spec, algorithm, dataSet, "statistics");
  const graph = new Graph();
  const params = sharedStates(graph, model);
  const outputs: Record<string, Node> = {};
  source.parts.forEach((examples, part) => {
    const x = graph.input(`x${part}`, [source.tasks, examples, ...dataSet.inputShape]);
    featuresOf(model, params, x, (norm, values): Moments => {
      const { mean, variance } = momentsOver(values, [0, 1]);
      outputs[`${part} moments:${norm}.mean`] = mean;
      outputs[`${part} moments:${norm}.variance`] = variance;
      return { mean, variance };
    });
  });
  const compiled = program({ outputs });
  const executable = backend.compile(compiled);
  try {
    for (const { attributes: { name } } of compiled.states) executable.setState(name, start[name]);
    const total = source.parts.reduce((count, examples) => count + examples, 0);
    const sums = new Map(slots.map(({ key, width }) => [key, new Float64Array(width)]));
    for (let batch = 1; batch <= BATCHES; batch++) {
      executable.run(source.draw(batch).feeds);
      for (const [part, examples] of source.parts.entries()) {
        for (const { key } of slots) {
          const values = await executable.read(`${part} ${key}`);
          const sum = sums.get(key) as Float64Array;
          values.forEach((value, i) => sum[i] += value * examples / total / BATCHES);
        }
      }
    }
    return { ...start, ...Object.fromEntries([...sums].map(([key, values]) => [key, Float32Array.from(values)])) };
  } finally {
    executable.dispose();
  }
}
