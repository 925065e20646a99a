import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { transductive } from "../blocks/network.ts";
import { parameterSlots, toLayers } from "../blocks/parameters.ts";
import type { LossPerTask } from "../blocks/training_step.ts";
import { models } from "../models/registry.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../tensor/nn.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { finetuneAll } from "./finetune_all.ts";
import { prototypeHead } from "./prototypes.ts";

const [INPUTS, WIDTH, CLASSES, SUPPORT, QUERY, STEPS] = [2, 4, 3, 7, 5, 2];
const MODEL = models.mlp.build({ inputShape: [INPUTS], outputs: CLASSES, hidden: [WIDTH], norm: "none" });

/** Parameters, predictions and features of a query set after 0, 1, ... steps, by name. */
async function passed(
  lossPerTask: LossPerTask,
  y: Float64Array,
): Promise<readonly Readonly<Record<string, readonly number[]>>[]> {
  const graph = new Graph();
  const network = transductive(MODEL);
  const support = { x: graph.input("x", [1, SUPPORT, INPUTS]), y: graph.input("y", [1, SUPPORT, CLASSES]) };
  const query = graph.input("q", [1, QUERY, INPUTS]);
  const params = toLayers(MODEL, ({ key, shape }) => graph.input(key, [1, ...shape]));
  const states = finetuneAll.trajectory({
    ...{
      network,
      params,
      support,
      lossPerTask,
      strength: 0.1,
      rates: undefined,
      precondition: undefined,
      context: undefined,
      innerSteps: STEPS,
    },
    mask: [false, true],
  });
  const slots = parameterSlots(MODEL);
  const executable = cpuBackend(64).compile(program({
    outputs: Object.fromEntries(states.flatMap((theta, step) => [
      ...slots.map(({ key, layer, name }) => [`${step} ${key}`, theta[layer][name]] as const),
      [`${step} predictions`, network.queryOutputs(theta, support.x, query)] as const,
      [`${step} support`, network.features(theta, support.x)] as const,
      [`${step} query`, network.queryFeatures(theta, support.x, query)] as const,
    ])),
  }));
  executable.run({
    ...Object.fromEntries(slots.map(({ key, shape }, i) => [key, spread(sizeOf(shape), -1, 1, i)])),
    ...{ x: spread(SUPPORT * INPUTS, -1, 1, 11), y, q: spread(QUERY * INPUTS, -1, 1, 12) },
  });
  const names = [...slots.map(({ key }) => key), "predictions", "support", "query"];
  return await Promise.all(states.map(async (_, step) =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, [...await executable.read(`${step} ${name}`)]] as const)),
    )
  ));
}

const LABELS = Float64Array.from({ length: SUPPORT * CLASSES }, (_, i) => {
  return Math.floor(i / CLASSES) % CLASSES === i % CLASSES ? 1 : 0;
});

Deno.test("before the first step, fine-tuning all layers is the head of class prototypes", async () => {
  const [{ predictions, support, query }] = await passed(crossEntropyPerTask, LABELS);
  const matrix = (rows: number, columns: number, values: readonly number[]) =>
    Matrix.from1DArray(rows, columns, [...values]);
  const features = matrix(QUERY, WIDTH, query);
  const prototypes = prototypeHead({
    support: matrix(SUPPORT, WIDTH, support),
    query: features,
    targets: matrix(SUPPORT, CLASSES, Array.from(LABELS)),
  });
  // Distances hold ‖f(x)‖², which is the same for all classes of an example.
  const squares = Matrix.mul(features, features).sum("row");
  assertAlmost("logits", predictions, prototypes.predictions.addColumnVector(squares).to1DArray(), 1e-13);
  ok(new Set(predictions).size > CLASSES);
});

Deno.test("every layer moves, those outside the algorithm's mask too", async () => {
  const [start, , end] = await passed(crossEntropyPerTask, LABELS);
  for (const { key } of parameterSlots(MODEL)) differ(end[key], start[key], key);
});

Deno.test("on curves the head starts from zeros, so that the first step moves the head alone", async () => {
  const [start, once, twice] = await passed(squaredErrorPerTask, spread(SUPPORT * CLASSES, -1, 1, 13));
  equal(new Set([...start["head.weight"], ...start["head.bias"], ...start.predictions]), new Set([0]));
  equal(once["dense1.weight"].map((value) => value + 0), start["dense1.weight"].map((value) => value + 0));
  differ(once["head.weight"], start["head.weight"]);
  differ(twice["dense1.weight"], start["dense1.weight"]);
});
