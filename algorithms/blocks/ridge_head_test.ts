import { ok } from "node:assert/strict";
import type { LayerParams } from "../models/model.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { grad } from "../tensor/grad.ts";
import { Graph, type Node } from "../tensor/graph.ts";
import { add, mul, sumAll } from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { dualRidge, primalRidge, ridgeHead, type RidgeTask } from "./ridge_head.ts";

const [TASKS, OUTPUTS] = [2, 3];

interface Asked {
  readonly n: number;
  readonly width: number;
  readonly bias: boolean;
  readonly penalty?: number;
  readonly size?: number;
}

/** The solution by one of the roads, and derivatives of a weighted sum of it. */
async function solved(
  road: (task: RidgeTask) => LayerParams,
  { n, width, bias, penalty = 0.7, size = 1 }: Asked,
): Promise<Record<string, readonly number[]>> {
  const graph = new Graph();
  const features = graph.input("z", [TASKS, n, width]);
  const targets = graph.input("y", [TASKS, n, OUTPUTS]);
  const mu = graph.input("mu", [1, 1, 1]);
  const head = road({ features, targets, penalty: mu, bias });
  const feeds: Record<string, Float64Array> = {
    z: spread(TASKS * n * width, -size, size, 1),
    y: spread(TASKS * n * OUTPUTS, -1, 1, 2),
    mu: Float64Array.of(penalty),
  };
  const weighted = (node: Node, name: string) => {
    feeds[name] = spread(node.shape.reduce((a, b) => a * b, 1), 0.5, 1.5, name.length);
    return sumAll(mul(node, graph.input(name, node.shape)));
  };
  const total = add(weighted(head.weight, "ofWeight"), weighted(head.bias, "ofTheBias"));
  const [z, y, m] = grad(total, [features, targets, mu]);
  const executable = cpuBackend(64).compile(program({ outputs: { ...head, z, y, m } }));
  executable.run(feeds);
  const names = ["weight", "bias", "z", "y", "m"];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, [...await executable.read(name)]] as const)),
  );
}

for (const bias of [true, false]) {
  for (const [n, width] of [[3, 8], [8, 3], [4, 4]]) {
    const what = `n = ${n}, D = ${width}, ${bias ? "with" : "without"} a bias`;
    Deno.test(`the equations of the examples and those of the features have one solution, with the same derivatives: ${what}`, async () => {
      const [dual, primal] = [
        await solved(dualRidge, { n, width, bias }),
        await solved(primalRidge, { n, width, bias }),
      ];
      for (const [name, values] of Object.entries(dual)) assertAlmost(name, primal[name], values, 1e-12);
      ok(dual.weight.some((value) => Math.abs(value) > 0.01) && dual.m.some((value) => Math.abs(value) > 0.01));
      ok(dual.bias.every((value) => (Math.abs(value) > 1e-3) === bias));
    });
  }
}

// Golden values: scikit-learn 1.9.1, Ridge(alpha=0.7, fit_intercept=False, solver="cholesky").fit([Z 1], Y).coef_ for the second task, with
// Z and Y as `spread` fills them.
Deno.test("the solution is scikit-learn's", async () => {
  const { weight, bias } = await solved(ridgeHead, { n: 8, width: 3, bias: true });
  assertAlmost("weight", weight.slice(9), [
    -0.3368145441138636,
    -0.0938131242803746,
    0.7086083877676436,
    0.09005349341853348,
    -0.08620017022514907,
    -0.14387432292695224,
    -0.4374548484662173,
    0.7182906731135501,
    -0.08668924318511927,
  ], 1e-12);
  assertAlmost("bias", bias.slice(3), [0.03800222817635103, 0.21652893881619, -0.04035605297873927], 1e-12);
});

Deno.test("a penalty below what float32 can work with is raised to it, and does not count any more", async () => {
  const asked = { n: 3, width: 8, bias: true } as const;
  const [tiny, none] = [
    await solved(ridgeHead, { ...asked, penalty: 1e-12 }),
    await solved(ridgeHead, { ...asked, penalty: 1e-9 }),
  ];
  for (const [name, values] of Object.entries(tiny)) assertAlmost(name, none[name], values, 0);
  assertAlmost("derivative", tiny.m, [0], 0);
});
