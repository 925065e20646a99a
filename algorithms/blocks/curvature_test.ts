import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { rng } from "../../common/random.ts";
import { models } from "../models/registry.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { matmul } from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { curvatureFrom, curvatureOf } from "./curvature.ts";

const CONV4 = models.conv4.build({ inputShape: [4, 4, 2], outputs: 3, hidden: [5, 2], norm: "layer" });

/** What a model's curvature makes of a gradient [2, ...] of a parameter, with matrices as `spread` fills them; and those by their part. */
async function curved(model: typeof CONV4, layer: number, parameter: string, shape: readonly number[]) {
  const graph = new Graph();
  const own = curvatureOf(model).filter(({ name }) => name.startsWith(`curvature${layer}.${parameter}.`));
  const meta = Object.fromEntries(own.map(({ name, shape }) => [name, graph.input(name, shape)]));
  const gradient = graph.input("gradient", [2, ...shape]);
  const executable = cpuBackend(64).compile(program({
    outputs: { result: curvatureFrom(meta)(gradient, layer, parameter) },
  }));
  const values = Object.fromEntries(own.map(({ name, shape }, phase) => [name, spread(sizeOf(shape), -1, 1, phase)]));
  const fed = spread(2 * sizeOf(shape), -1, 1, 9);
  executable.run({ ...values, gradient: fed });
  const parts = Object.fromEntries(Object.entries(values).map(([name, own]) => [name.split(".")[2], own]));
  return { result: await executable.read("result"), gradient: fed, parts };
}

Deno.test("the gradient of a convolution's weight is multiplied over positions, channels and filters, one sum over all three", async () => {
  const [positions, channels, filters] = [9, 2, 5];
  const { result, gradient, parts } = await curved(CONV4, 0, "weight", [positions * channels, filters]);
  const at = (task: number, p: number, c: number, f: number) => ((task * positions + p) * channels + c) * filters + f;
  const expected = new Float64Array(gradient.length);
  for (let task = 0; task < 2; task++) {
    for (let p = 0; p < positions; p++) {
      for (let c = 0; c < channels; c++) {
        for (let f = 0; f < filters; f++) {
          for (let q = 0; q < positions; q++) {
            for (let d = 0; d < channels; d++) {
              for (let g = 0; g < filters; g++) {
                expected[at(task, p, c, f)] += parts.window[p * positions + q] * parts.in[c * channels + d] *
                  parts.out[g * filters + f] * gradient[at(task, q, d, g)];
              }
            }
          }
        }
      }
    }
  }
  assertAlmost("M(G)", result, expected, 1e-13);
});

Deno.test("the gradient of the head's weight is multiplied on both sides, that of its bias elementwise", async () => {
  const { result, gradient, parts } = await curved(CONV4, 2, "weight", [2, 3]);
  const expected = Float64Array.from({ length: 12 }, (_, index) => {
    const [task, i, j] = [Math.floor(index / 6), Math.floor(index / 3) % 2, index % 3];
    let sum = 0;
    for (let k = 0; k < 2; k++) {
      for (let l = 0; l < 3; l++) sum += parts.in[2 * i + k] * gradient[6 * task + 3 * k + l] * parts.out[3 * l + j];
    }
    return sum;
  });
  assertAlmost("M(G)", result, expected, 1e-14);
  const bias = await curved(CONV4, 2, "bias", [1, 3]);
  equal([...bias.result], [...bias.gradient].map((value, i) => value * bias.parts.diagonal[i % 3]));
});

Deno.test("every parameter of every model has a curvature that starts at the identity, and none has another", () => {
  const resnet = models.resnet12.build({ inputShape: [3, 2, 1], outputs: 2, hidden: [2], norm: "batch" });
  const named = Object.fromEntries(curvatureOf(resnet).map(({ name, shape }) => [name, shape]));
  equal(named["curvature0.weight2.window"], [1, 9, 9]);
  equal(named["curvature0.weight2.in"], [1, 2, 2]);
  equal(named["curvature0.weightShortcut.in"], [1, 1, 1]);
  equal(named["curvature0.weightShortcut.window"], undefined);
  equal(named["curvature0.gamma2.diagonal"], [1, 1, 2]);
  for (const { name, shape, init } of [...curvatureOf(CONV4), ...curvatureOf(resnet)]) {
    const values = [...init(sizeOf(shape), rng([0]))];
    equal(values, values.map((_, i) => name.endsWith("diagonal") || i % (shape[2] + 1) === 0 ? 1 : 0), name);
  }
  const graph = new Graph();
  throws(() => curvatureFrom({})(graph.input("g", [2, 3, 4]), 1, "weight"), /no curvature of "weight"/);
});

Deno.test("a gradient that is a product over few examples is multiplied factor by factor: the same for less work", async () => {
  const [rows, columns] = [8, 6];
  const build = (examples: number, whole: boolean, transposed: boolean) => {
    const graph = new Graph();
    const meta = {
      "curvature0.weight.in": graph.input("in", [1, rows, rows]),
      "curvature0.weight.out": graph.input("out", [1, columns, columns]),
    };
    const left = graph.input("left", transposed ? [2, examples, rows] : [2, rows, examples]);
    const right = graph.input("right", transposed ? [2, columns, examples] : [2, examples, columns]);
    const product = matmul(left, right, transposed, transposed);
    const gradient = whole ? graph.input("gradient", product.shape) : product;
    return program({ outputs: { result: curvatureFrom(meta)(gradient, 0, "weight"), product } });
  };
  for (const transposed of [false, true]) {
    const feeds = {
      in: spread(rows * rows, -1, 1, 1),
      out: spread(columns * columns, -1, 1, 2),
      left: spread(2 * 2 * rows, -1, 1, 3),
      right: spread(2 * 2 * columns, -1, 1, 4),
    };
    const [factored, plain] = [build(2, false, transposed), build(2, true, transposed)];
    const [ours, theirs] = [cpuBackend(64).compile(factored), cpuBackend(64).compile(plain)];
    ours.run(feeds);
    theirs.run({ ...feeds, gradient: Float64Array.from(await ours.read("product")) });
    assertAlmost("M(G)", await ours.read("result"), await theirs.read("result"), 1e-13);
    ok(factored.flops < plain.flops, `${factored.flops} ${plain.flops}`);
    // Over many examples the whole product is less work.
    equal(build(20, false, transposed).flops, build(20, true, transposed).flops);
  }
});
