import { layerGradients, trajectory } from "../blocks/inner_loop.ts";
import { transductive } from "../blocks/network.ts";
import { forward } from "../models/model.ts";
import { models } from "../models/registry.ts";
import { initialState, parameterSlots, toLayers } from "../blocks/parameters.ts";
import { cpuBackend } from "./cpu.ts";
import { Graph, type Node } from "./graph.ts";
import { crossEntropyPerTask } from "./nn.ts";
import * as op from "./ops.ts";
import { assemble, program, type ProgramRequest } from "./program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";

const TASKS = 3;

/** MAML on layers much wider than the support set is large, where adapted weights are taken apart. */
function wideMaml(innerSteps: number): { request: ProgramRequest; feeds: Record<string, Float64Array> } {
  const model = models.mlp.build({ inputShape: [60], outputs: 2, hidden: [50, 40], norm: "batch" });
  const start = initialState(model, 3, "init");
  const graph = new Graph();
  const feeds: Record<string, Float64Array> = {};
  const params = toLayers(model, ({ key, shape }) => {
    feeds[key] = Float64Array.from(start[key]);
    return graph.input(key, [1, ...shape]);
  });
  const [support, query] = [2, 6].map((n, part) => {
    feeds[`x${part}`] = spread(TASKS * n * 60, -1, 1, part);
    feeds[`y${part}`] = Float64Array.from({ length: TASKS * n * 2 }, (_, i) => (i >> 1) % 2 === i % 2 ? 1 : 0);
    return { x: graph.input(`x${part}`, [TASKS, n, 60]), y: graph.input(`y${part}`, [TASKS, n, 2]) };
  });
  const mask = [true, true, true];
  const end = trajectory({
    network: transductive(model),
    ...{ params, support, mask, innerSteps, rates: 0.4, lossPerTask: crossEntropyPerTask },
  });
  const loss = op.meanAll(crossEntropyPerTask(forward(model, end[innerSteps], query.x), query.y));
  const gradients = layerGradients(loss, params);
  const outputs: Record<string, Node> = { loss };
  for (const { key, layer, name } of parameterSlots(model)) outputs[key] = gradients[layer][name];
  return { request: { outputs }, feeds };
}

for (const innerSteps of [1, 2, 4]) {
  Deno.test(`simplification leaves MAML's loss and outer gradient after ${innerSteps} inner steps as they are, for less work`, async () => {
    const { request, feeds } = wideMaml(innerSteps);
    const [plain, simple] = [assemble(request), program(request)];
    const [expected, actual] = [plain, simple].map((one) => cpuBackend(64).compile(one));
    expected.run(feeds);
    actual.run(feeds);
    for (const name of Object.keys(request.outputs)) {
      assertAlmost(name, await actual.read(name), await expected.read(name), 1e-12);
    }
    if (!(simple.flops < plain.flops)) throw new Error(`${simple.flops} operations instead of ${plain.flops}`);
    const perTask = simple.nodes.filter((node) =>
      node.shape.length === 3 && node.shape[0] === TASKS && node.shape[1] === 60 && node.shape[2] === 50
    );
    if (perTask.length > 0) {
      throw new Error(`per-task weights of the widest layer still exist: ${perTask.map((node) => node.op)}`);
    }
  });
}

Deno.test("a sum over tasks of products that are needed themselves repeats none of them", async () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", [TASKS, 9, 30]), graph.input("b", [TASKS, 9, 20])];
  const products = op.matmul(a, b, true, false);
  const total = op.sum(products, [0]);
  const feeds = { a: spread(TASKS * 9 * 30, -1, 1, 1), b: spread(TASKS * 9 * 20, -1, 1, 2) };
  const count = (one: { nodes: readonly Node[] }) => one.nodes.filter(({ op }) => op === "matmul").length;
  const [alone, both] = [program({ outputs: { total } }), program({ outputs: { total, roots: op.tanh(products) } })];
  if (count(alone) !== 1 || count(both) !== 1) throw new Error(`${count(alone)} and ${count(both)} products`);
  if (!(alone.flops === 2 * TASKS * 9 * 30 * 20)) throw new Error("the sum alone is not one product over all rows");
  const [expected, first, second] = [assemble({ outputs: { total } }), alone, both].map((one) => {
    const executable = cpuBackend(64).compile(one);
    executable.run(feeds);
    return executable;
  });
  assertAlmost("alone", await first.read("total"), await expected.read("total"), 1e-12);
  assertAlmost("both", await second.read("total"), await expected.read("total"), 1e-12);
});

Deno.test("a product of columns with rows is elementwise", async () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", [2, 1, 3]), graph.input("b", [2, 4, 1])];
  const request = { outputs: { product: op.matmul(a, b, true, true) } };
  const feeds = { a: spread(6, -1, 1, 1), b: spread(8, -1, 1, 2) };
  const [plain, simple] = [assemble(request), program(request)];
  if (simple.nodes.some((node) => node.op === "matmul")) throw new Error("it is still a matrix product");
  const [expected, actual] = [plain, simple].map((one) => cpuBackend(64).compile(one));
  expected.run(feeds);
  actual.run(feeds);
  assertAlmost("product", await actual.read("product"), await expected.read("product"), 0);
});
