import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { adapters } from "../../algorithms/adapters/registry.ts";
import type { GraphAdapter } from "../../algorithms/adapters/adapter.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";
import { initialState } from "../../algorithms/blocks/parameters.ts";
import { dataSets } from "../../data/registry.ts";
import { curveFamily } from "../../data/sampling/curves.ts";
import { familyDataSet } from "../../data/sampling/family_data_set.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { SINUSOID_HYPER } from "../sweeps/parts.ts";
import { spreadOf } from "../../reports/statistics/effective_rank.ts";
import { featureProgram } from "./adaptation.ts";
import { DIVERSE_EPISODES, measureDiversity } from "./diversity.ts";
import { modelOf } from "./subject.ts";

const BACKEND = await openBackend("cpu");
const SINUSOID = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
/** Lines through 0 of one slope each, with its sign: all that tasks differ in is a number. */
const CONSTANTS = familyDataSet(curveFamily(
  { name: "constants", x: [-1, 1], gridPoints: 10 },
  (random) => {
    const height = random.uniform(-1, 1);
    return () => height;
  },
));

function measured(dataSet: DataSet, hidden: readonly number[], change: Record<string, unknown> = {}) {
  const spec = {
    ...{ model: "mlp", hidden, norm: "none" as const, algorithm: "maml", sharingDepth: 0, ...change },
    hyper: { ...SINUSOID_HYPER, pool: 0 },
  };
  const model = modelOf(spec, dataSet);
  const adaptation = {
    ...{ model, spec, metaSpecs: [], strength: 0.01, adaptDepth: "native" as const },
    adapter: adapters.gradient as GraphAdapter,
  };
  const start = initialState(model, 3, "init");
  const evaluation = { shots: 5, testQueries: 10, episodes: 100 };
  return { adaptation, start, evaluation, dataSet, backend: BACKEND };
}

Deno.test("after one step on the head the spread is that of its gradient, which the features give in closed form", async () => {
  const task = measured(SINUSOID, [2]);
  const { model, spec, metaSpecs } = task.adaptation;
  const [{ episodes, weights, rms, effectiveRank }] = await measureDiversity(
    { ...task, adaptation: { ...task.adaptation, adaptDepth: 1 } },
    [1],
  );
  equal([episodes, weights], [DIVERSE_EPISODES, 3]);
  const batch = SINUSOID.episodes("test", 0, episodes, 5, 10);
  const program = featureProgram(
    { model, spec, metaSpecs },
    { tasks: episodes, nSupport: 5, nQuery: batch.nQuery },
    SINUSOID,
  );
  const executable = BACKEND.compile(program);
  for (const { attributes: { name } } of program.states) executable.setState(name, task.start[name]);
  executable.run({ supportX: batch.supportX, queryX: batch.queryX });
  const features = await executable.read("support");
  const [w, b] = [task.start["head.weight"], task.start["head.bias"]];
  // −α ∇ of the mean squared error: −α · 2/K Σ_k (f_k · w + b − y_k) (f_k, 1).
  const moves = Array.from({ length: episodes }, (_, t) => {
    const move = [0, 0, 0];
    for (let k = 5 * t; k < 5 * (t + 1); k++) {
      const f = [features[2 * k], features[2 * k + 1], 1];
      const residual = f[0] * w[0] + f[1] * w[1] + b[0] - batch.supportY[k];
      f.forEach((value, i) => move[i] -= 0.01 * 2 / 5 * residual * value);
    }
    return move;
  });
  const expected = spreadOf(moves.map((x) => moves.map((y) => x.reduce((sum, value, i) => sum + value * y[i], 0))));
  ok(Math.abs(rms! / expected.rms! - 1) < 1e-4, `${rms} ${expected.rms}`);
  ok(Math.abs(effectiveRank! - expected.effectiveRank!) < 1e-3, `${effectiveRank} ${expected.effectiveRank}`);
});

Deno.test("tasks that differ in one number move the weights along fewer directions than sinusoids do", async () => {
  const rankOf = async (dataSet: DataSet) =>
    (await measureDiversity(measured(dataSet, [10]), [1, 5])).at(-1)!.effectiveRank!;
  const [lines, waves] = [await rankOf(CONSTANTS), await rankOf(SINUSOID)];
  ok(lines >= 1 && lines < waves, `${lines} ${waves}`);
});

Deno.test("no step moves nothing, and where every layer is frozen nothing is measured", async () => {
  equal(await measureDiversity(measured(SINUSOID, [4]), [0]), []);
  const steps = (await measureDiversity(measured(SINUSOID, [4]), [0, 2, 5])).map(({ innerSteps }) => innerSteps);
  equal(steps, [2, 5]);
  const task = measured(SINUSOID, [4]);
  equal(await measureDiversity({ ...task, adaptation: { ...task.adaptation, adaptDepth: 2 } }, [1]), []);
});
