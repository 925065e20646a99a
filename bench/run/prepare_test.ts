import { ok, rejects } from "node:assert/strict";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { maml } from "../../algorithms/maml.ts";
import type { TrainingStep } from "../../algorithms/blocks/training_step.ts";
import { dataSets } from "../../data/mod.ts";
import type { Clipping } from "../../algorithms/optimisers/clipping.ts";
import { smoke } from "../sweeps/smoke.ts";
import { iterationFlops } from "../units/operations.ts";
import { CATALOG } from "./catalog.ts";
import { prepare } from "./prepare.ts";

/** An algorithm that hands out a gradient of its own and does not say which task has which share of it. */
const odd: Algorithm = {
  ...maml,
  outerGradient: "modified",
  objective: (step: TrainingStep) => ({
    losses: maml.objective!(step).losses,
    gradients: { params: step.params, meta: {} },
  }),
};

/** Prepares the smoke sweep of MAML, with its outer gradient changed to that of `odd`. */
function prepared(clip: Clipping) {
  const [sinusoid] = smoke.datasets;
  const datasets = [{ ...sinusoid, hyper: { ...sinusoid.hyper, clip }, overrides: {} }];
  const sweep = { ...smoke, algorithms: ["maml"], datasets, comparisons: [] };
  const request = { sweep, digest: "", out: "/nowhere", store: "/nowhere/store", dataDir: "/nowhere/data" };
  return prepare(request, { name: "cpu", reason: "" }, false, {
    ...CATALOG,
    iterationFlops: (spec) => iterationFlops(spec, dataSets.sinusoid, odd),
  });
}

Deno.test("a gradient of an algorithm's own that comes without shares of tasks is refused while planning where tasks are clipped one by one", async () => {
  const plan = async (clip: Clipping) => (await prepared(clip)).plan(() => undefined);
  await rejects(plan({ by: "task-norm", limit: 1 }), {
    name: "UsageError",
    message:
      /^Cannot clip the outer gradient of "maml" by task-norm: [^\n]+ clip by norm or value[^\n]+overrides\.maml\.clip[^\n]+$/,
  });
  ok((await plan({ by: "norm", limit: 1 })).units.length > 0);
});
