import { ok } from "node:assert/strict";
import type { Algorithm } from "./algorithm.ts";
import { trajectory } from "./blocks/inner_loop.ts";
import { parameterSlots, toLayers } from "./blocks/parameters.ts";
import { transductive } from "./blocks/network.ts";
import { maml } from "./maml.ts";
import { models } from "./models/registry.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { Graph, sizeOf } from "./tensor/graph.ts";
import { crossEntropyPerTask } from "./tensor/nn.ts";
import { program } from "./tensor/program.ts";
import { assertAlmost, spread } from "./testing/tensor.ts";
import { unicornMaml } from "./unicorn_maml.ts";

const [WAYS, SUPPORT, QUERY] = [3, 6, 4];
const MODEL = models.mlp.build({ inputShape: [2], outputs: WAYS, hidden: [5], norm: "none" });

/** Logits of a query set after two steps on a support set whose classes are numbered in some order. */
async function logits({ taskParams }: Pick<Algorithm, "taskParams">, order: readonly number[]): Promise<number[]> {
  const graph = new Graph();
  const network = transductive(MODEL);
  const learned = toLayers(MODEL, ({ key, shape }) => graph.input(key, [1, ...shape]));
  const support = { x: graph.input("x", [1, SUPPORT, 2]), y: graph.input("y", [1, SUPPORT, WAYS]) };
  const passed = trajectory({
    ...{ network, support, mask: [true, true], rates: 0.3, innerSteps: 2, lossPerTask: crossEntropyPerTask },
    params: taskParams?.(learned) ?? learned,
  });
  const outputs = network.queryOutputs(passed[2], support.x, graph.input("q", [1, QUERY, 2]));
  const executable = cpuBackend(64).compile(program({ outputs: { outputs } }));
  const slots = parameterSlots(MODEL);
  executable.run({
    ...Object.fromEntries(slots.map(({ key, shape }, phase) => [key, spread(sizeOf(shape), -1, 1, phase)])),
    x: spread(SUPPORT * 2, -1, 1, 11),
    y: Float64Array.from({ length: SUPPORT * WAYS }, (_, i) => {
      return order[Math.floor(i / WAYS) % WAYS] === i % WAYS ? 1 : 0;
    }),
    q: spread(QUERY * 2, -1, 1, 12),
  });
  return [...await executable.read("outputs")];
}

/** How far apart predictions are once the classes have their old numbers again. */
async function moved(algorithm: Algorithm): Promise<number> {
  const order = [2, 0, 1];
  const [before, after] = [await logits(algorithm, [0, 1, 2]), await logits(algorithm, order)];
  const back = before.map((_, i) => after[i - i % WAYS + order[i % WAYS]]);
  ok(before.some((value, i) => Math.abs(value - after[i]) > 1e-3));
  return Math.max(...before.map((value, i) => Math.abs(value - back[i])));
}

Deno.test("numbering the classes of a task in another order numbers UNICORN-MAML's predictions so, and changes MAML's", async () => {
  assertAlmost("UNICORN-MAML", [await moved(unicornMaml)], [0], 1e-14);
  ok(await moved(maml) > 1e-2);
});
