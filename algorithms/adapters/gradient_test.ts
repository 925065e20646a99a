import { deepStrictEqual as equal, notDeepStrictEqual as differ } from "node:assert/strict";
import type { InnerRates, Precondition } from "../blocks/inner_loop.ts";
import { transductive } from "../blocks/network.ts";
import { parameterSlots, toLayers } from "../blocks/parameters.ts";
import { models } from "../models/registry.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { squaredErrorPerTask } from "../tensor/nn.ts";
import { scale } from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { gradient } from "./gradient.ts";

const MODEL = models.mlp.build({ inputShape: [2], outputs: 1, hidden: [4], norm: "none" });
const [TASKS, STEPS] = [2, 2];

interface Asked {
  readonly strength?: number;
  /** Step sizes inside the graph at hand. */
  readonly rates?: (graph: Graph) => InnerRates;
  readonly precondition?: Precondition;
  readonly mask?: readonly boolean[];
}

/** The parameters after each number of steps, by key. */
async function passed(
  { strength = 0.3, rates, precondition, mask = [true, true] }: Asked,
): Promise<Record<string, readonly number[]>[]> {
  const graph = new Graph();
  const params = toLayers(MODEL, ({ key, shape }) => graph.input(key, [1, ...shape]));
  const support = { x: graph.input("x", [TASKS, 5, 2]), y: graph.input("y", [TASKS, 5, 1]) };
  const network = transductive(MODEL);
  const trajectory = gradient.trajectory({
    ...{ network, params, support, mask, strength, precondition, innerSteps: STEPS },
    rates: rates?.(graph),
    context: undefined,
    lossPerTask: squaredErrorPerTask,
  });
  const slots = parameterSlots(MODEL);
  const outputs = Object.fromEntries(
    trajectory.flatMap((theta, step) => slots.map(({ key, layer, name }) => [`${step} ${key}`, theta[layer][name]])),
  );
  const executable = cpuBackend(64).compile(program({ outputs }));
  executable.run({
    ...Object.fromEntries(slots.map(({ key, shape }, i) => [key, spread(sizeOf(shape), -1, 1, i)])),
    x: spread(TASKS * 10, -1, 1, 11),
    y: spread(TASKS * 5, -1, 1, 12),
  });
  return await Promise.all(trajectory.map(async (_, step) =>
    Object.fromEntries(
      await Promise.all(slots.map(async ({ key }) => [key, [...await executable.read(`${step} ${key}`)]] as const)),
    )
  ));
}

Deno.test("learned step sizes that are all the same number do what that number does, and the strength has no say", async () => {
  const plain = await passed({ strength: 0.3 });
  const rates = (graph: Graph): InnerRates => (layer, name) =>
    graph.constant(0.3, [1, ...MODEL.layers[layer].parameters.find((spec) => spec.name === name)?.shape ?? []]);
  equal(await passed({ strength: 77, rates }), plain);
  equal(await passed({ strength: 77, rates: () => () => 0.3 }), plain);
});

Deno.test("step sizes may differ by layer, parameter and step, and a negative one goes uphill", async () => {
  const start = await passed({ strength: 0 });
  const plain = await passed({ strength: 0.3 });
  const bias = await passed({ rates: () => (layer, name) => layer === 1 && name === "bias" ? 0.3 : 0 });
  for (const { key } of parameterSlots(MODEL)) {
    equal(bias[1][key], key === "head.bias" ? plain[1][key] : [...start[1][key]], key);
  }
  const late = await passed({ rates: () => (_, __, step) => step === 0 ? 0 : 0.3 });
  equal(late[1], start[1]);
  equal(late[2], plain[1]);
  const uphill = await passed({ rates: () => () => -0.3 });
  for (const { key } of parameterSlots(MODEL)) {
    const mirrored = plain[1][key].map((value, i) => 2 * start[1][key][i] - value);
    assertAlmost(key, uphill[1][key], mirrored, 1e-14);
  }
});

Deno.test("a preconditioner is put before the step size, parameter by parameter, and one that changes nothing does nothing", async () => {
  const plain = await passed({ strength: 0.3 });
  equal(await passed({ strength: 0.3, precondition: (gradient) => gradient }), plain);
  const twice = await passed({ strength: 0.15, precondition: (gradient) => scale(gradient, 2) });
  for (const { key } of parameterSlots(MODEL)) assertAlmost(key, twice[2][key], plain[2][key], 1e-14);
  const only = await passed({
    precondition: (gradient, layer, name) => scale(gradient, layer === 1 && name === "bias" ? 1 : 0),
  });
  for (const { key } of parameterSlots(MODEL)) {
    equal(only[1][key], key === "head.bias" ? plain[1][key] : [...plain[0][key]], key);
  }
});

Deno.test("layers outside the mask stay where they are, in all tasks", async () => {
  const free = await passed({});
  const headOnly = await passed({ mask: [false, true] });
  for (const key of ["dense1.weight", "dense1.bias"]) equal(headOnly[2][key], headOnly[0][key]);
  differ(headOnly[2]["head.weight"], headOnly[0]["head.weight"]);
  // The first step of what is adapted does not depend on what else is.
  equal(headOnly[1]["head.weight"], free[1]["head.weight"]);
});
