import { cpuBackend } from "../tensor/cpu.ts";
import { Graph } from "../tensor/graph.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost } from "../testing/tensor.ts";
import { multiStepWeights } from "./multi_step.ts";

async function weightsAt(progress: number, steps: number, share: number): Promise<number[]> {
  const graph = new Graph();
  const weights = multiStepWeights(graph.input("progress", [1]), steps, share);
  const executable = cpuBackend(64).compile(
    program({ outputs: Object.fromEntries(weights.map((weight, i) => [`${i}`, weight])) }),
  );
  executable.run({ progress: Float64Array.of(progress) });
  return await Promise.all(weights.map(async (_, i) => (await executable.read(`${i}`))[0]));
}

// The authors' code for S = 5 and E = 10 epochs of 100, at whole epochs e: v_i = max(1/S - e/(S E), 0.03/S), v_S = min(1/S + e (S - 1)/(S E), 1 - (S - 1) 0.03/S).
for (
  const [epoch, early, last] of [[0, 0.2, 0.2], [4, 0.12, 0.52], [9, 0.02, 0.92], [9.9, 0.006, 0.976], [10, 0, 1], [
    99,
    0,
    1,
  ]]
) {
  Deno.test(`after ${epoch} of 100 epochs the weights of five steps are the authors'`, async () => {
    assertAlmost("weights", await weightsAt(epoch / 100, 5, 0.1), [early, early, early, early, last], 1e-12);
  });
}

Deno.test("the weights sum to 1 all the way", async () => {
  for (let progress = 0; progress < 1; progress += 0.03) {
    const weights = await weightsAt(progress, 3, 0.5);
    assertAlmost("sum", [weights.reduce((sum, weight) => sum + weight)], [1], 1e-12);
  }
});
