import { deepStrictEqual as equal, ok } from "node:assert";
import { dataSets } from "../../data/mod.ts";
import { CATALOG } from "../run/catalog.ts";
import { planSweep } from "../plan/plan.ts";
import { sweeps } from "../sweeps/registry.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";
import { iterationFlops, predictionFlops } from "./operations.ts";
import { train } from "./train.ts";

const { units } = planSweep(sweeps.smoke, CATALOG, PLAIN_ADDRESSES);

Deno.test("the operations of every training of the smoke sweep are counted before it runs as they are in its result", async () => {
  const dataSet = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
  const backend = await openBackend("cpu");
  const first = new Map(units.map(({ spec }) => [`${spec.algorithm} ${spec.sharingDepth} ${spec.innerSteps}`, spec]));
  for (const spec of first.values()) {
    const short = { ...spec, hyper: { ...spec.hyper, iterations: 2 }, validation: null };
    const { result } = await train(short, dataSet, backend);
    equal(result.flops, result.iterations * iterationFlops(spec, dataSets.sinusoid), spec.algorithm);
  }
  ok(first.size >= 4);
});

Deno.test("a program is counted once, whatever else differs between specs", () => {
  const [{ spec }] = units;
  const { outerLr } = spec.hyper;
  const other = { ...spec, seed: 7, validation: null, hyper: { ...spec.hyper, iterations: 3, outerLr: outerLr * 2 } };
  equal(CATALOG.iterationFlops(other), CATALOG.iterationFlops(spec));
  equal(CATALOG.iterationFlops(spec), iterationFlops(spec, dataSets.sinusoid));
});

Deno.test("predicting takes two operations per weight of a perceptron, and those of its biases and non-linearities", () => {
  const flops = predictionFlops(units[0].spec, dataSets.sinusoid);
  const weights = 2 * (1 * 40 + 40 * 40 + 40 * 1);
  ok(flops >= weights && flops < weights + 4 * 81, `${flops}`);
});
