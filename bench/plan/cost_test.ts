import { testHyper } from "../testing/hyper.ts";
import { deepStrictEqual as equal } from "node:assert";
import { algorithms } from "../../algorithms/registry.ts";
import { models } from "../../algorithms/models/registry.ts";
import { gradient } from "../../algorithms/adapters/gradient.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { adaptationFlops, adaptationProgram, featureProgram, type Subject } from "../units/adaptation.ts";
import { gradientsPerIteration } from "./cost.ts";
import { stepGraph, trainingProgram } from "../units/training_program.ts";

// Hand counts. A product [n, a] x [a, b] is 2nab operations, everything elementwise 1 per element, a sum 1 per summand; moving data is free.
const product = (n: number, a: number, b: number) => 2 * n * a * b;

/** MAML on a model. */
const subject = (model: Model, sharingDepth: number): Subject => ({
  model,
  spec: { algorithm: "maml", sharingDepth, norm: "none", hyper: testHyper() },
  metaSpecs: [],
});

const [D, H, O] = [3, 4, 2];
const MLP = models.mlp.build({ inputShape: [D], outputs: O, hidden: [H], norm: "none" });
const POINTS = { kind: "regression", inputShape: [D], outputs: O } as const;

/** One example's way through the mlp: product and bias twice, one ReLU. */
const mlpForward = (n: number) => product(n, D, H) + n * H + n * H + product(n, H, O) + n * O;
/** The gradients of every parameter of the mlp from the gradient at its outputs. */
const mlpBackward = (n: number) =>
  n * O + // bias of the head: a sum
  product(H, n, O) + // weight of the head
  product(n, O, H) + // back through the head
  n * H + n * H + // ReLU: its step, and the product with it
  n * H + // bias of the hidden layer
  product(D, n, H); // weight of the hidden layer
/** From outputs and targets to the gradient of the mean square: difference, times 1/(nO), added to itself. */
const squareGradient = (n: number) => 3 * n * O;
const mlpParameters = D * H + H + H * O + O;

Deno.test("operations of adapting the mlp are those counted by hand, step by step", () => {
  const [support, query, tasks] = [5, 7, 25];
  const adapter = { ...subject(MLP, 0), adapter: gradient, adaptDepth: "native", strength: 0.1 } as const;
  const sizes = { tasks, nSupport: support, nQuery: query };
  const flops = (steps: number) => adaptationFlops(adapter, steps, sizes, POINTS);
  equal(flops(0), mlpForward(query));
  const step = mlpForward(support) + squareGradient(support) + mlpBackward(support) + 2 * mlpParameters;
  equal(flops(1), step + mlpForward(query));
  equal(flops(2), 2 * step + mlpForward(query));
});

Deno.test("the cost at few steps is not a share of the curve that goes on to more", () => {
  const adapter = { ...subject(MLP, 0), adapter: gradient, adaptDepth: "native" } as const;
  const sizes = { tasks: 25, nSupport: 5, nQuery: 7 };
  const curve = adaptationProgram({ ...adapter, innerSteps: [0, 1, 2], strength: 0.1 }, sizes, POINTS);
  const single = (steps: number) => adaptationFlops({ ...adapter, strength: 0.1 }, steps, sizes, POINTS);
  // One adaptation to the end, and three predictions.
  equal(curve.flops / sizes.tasks, single(2) + 2 * mlpForward(7));
});

Deno.test("operations of a joint training iteration of the mlp are those counted by hand, optimiser included", () => {
  const [tasks, examples] = [6, 5];
  const n = tasks * examples;
  const hyper = testHyper({
    iterations: 1,
    metaBatch: tasks,
    queries: examples,
    innerLr: 0,
    outerLr: 0.1,
    pool: tasks,
  });
  const spec = { norm: "none", sharingDepth: 2, innerSteps: null, hyper } as const;
  const batch = { tasks, parts: [examples], outputs: O, ways: 0 };
  const step = stepGraph({ algorithm: algorithms.mtl, model: MLP, spec, batch, dataSet: POINTS, metaSpecs: [] });
  const loss = n * O + n * O + tasks + tasks + 1; // square, sum per task, mean, sum over tasks, mean
  const adam = 2 + 3 + 4 + 5; // clip; m; v; root, epsilon, quotient, step size, difference
  equal(
    trainingProgram(step, MLP, hyper).flops,
    mlpForward(n) + squareGradient(n) + loss + 4 + mlpBackward(n) + adam * mlpParameters, // + 4: running sum and largest of the loss
  );
});

Deno.test("operations of conv4 are those counted by hand: its features, and a step of its head alone", () => {
  const [filters, ways, support, query, tasks] = [2, 3, 6, 9, 25];
  const images = { kind: "classification", inputShape: [28, 28, 1], outputs: ways } as const;
  const model = models.conv4.build({
    inputShape: [28, 28, 1],
    outputs: ways,
    hidden: [filters, filters, filters, filters],
    norm: "none",
  });
  const positions = [14 * 14, 7 * 7, 4 * 4, 2 * 2]; // 28 x 28 halved four times, rounded up
  const features = (n: number) =>
    positions.reduce((total, size, layer) => {
      const inputs = 3 * 3 * (layer === 0 ? 1 : filters);
      return total + product(n * size, inputs, filters) + 2 * n * size * filters; // bias, ReLU
    }, 0) + n * positions[3] * filters + n * filters; // mean over the last positions
  const sizes = { tasks, nSupport: support, nQuery: query };
  equal(featureProgram(subject(model, 4), sizes, images).flops / tasks, features(support) + features(query));

  const head = (n: number) => product(n, filters, ways) + n * ways;
  const n = support;
  const softmaxGradient = 4 * n * ways + // maximum, shift, exponential, its sum
    2 * n * ways + 2 * n + // targets by -1/n and their sum, its sign, the quotient by the exponentials' sum
    2 * n * ways; // times the exponentials, plus the targets
  const headGradient = n * ways + product(filters, n, ways);
  const update = 2 * (filters * ways + ways);
  const adapter = { ...subject(model, 4), adapter: gradient, adaptDepth: "native", strength: 0.1 } as const;
  equal(
    adaptationFlops(adapter, 1, sizes, images),
    features(support) + head(support) + softmaxGradient + headGradient + update + features(query) + head(query),
  );
  equal(adaptationFlops(adapter, 0, sizes, images), features(query) + head(query));
});

Deno.test("gradient evaluations follow from what an algorithm declares", () => {
  const hyper = testHyper({ iterations: 1, metaBatch: 25, queries: 10, innerLr: 0.01, outerLr: 0.1, pool: 10 });
  const count = (name: keyof typeof algorithms, sharingDepth: number | null, innerSteps: number | null) =>
    gradientsPerIteration(algorithms[name], { hyper, sharingDepth, innerSteps }, 3);
  equal(count("maml", 0, 5), 25 * (5 + 1));
  equal(count("maml", 3, 5), 25); // nothing is adapted, so there is no inner gradient
  equal(count("anil", 2, 1), 25 * 2);
  equal(count("reptile", 0, 5), 25 * 5); // the displacement needs no outer gradient
  equal(count("pooled", 3, null), 25);
  equal(count("mtl", 2, null), 10); // no more tasks than the pool has
  equal(count("scratch", null, null), 0);
});
