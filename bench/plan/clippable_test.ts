import { match, throws } from "node:assert/strict";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { TrainingStep } from "../../algorithms/blocks/training_step.ts";
import { maml } from "../../algorithms/maml.ts";
import type { Clipping } from "../../algorithms/optimisers/clipping.ts";
import { UsageError } from "../../common/errors.ts";
import { dataSets } from "../../data/mod.ts";
import { CATALOG, catalogOf } from "../run/catalog.ts";
import { sweeps } from "../sweeps/registry.ts";
import { smoke } from "../sweeps/smoke.ts";
import type { TrainSpec } from "../store/types.ts";
import { iterationFlops } from "../units/operations.ts";
import { knownSweep } from "../run/request.ts";
import { requireClippable } from "./clippable.ts";

/** An algorithm that hands out a gradient of its own and does not say which task has which share of it. */
const odd: Algorithm = {
  ...maml,
  outerGradient: "modified",
  objective: (step: TrainingStep) => ({
    losses: maml.objective!(step).losses,
    gradients: { params: step.params, meta: {} },
  }),
};

/** Checks the smoke sweep of MAML, with its outer gradient changed to that of `odd`. */
function check(clip: Clipping): void {
  const [sinusoid] = smoke.datasets;
  const datasets = [{ ...sinusoid, hyper: { ...sinusoid.hyper, clip }, overrides: {} }];
  requireClippable({ ...smoke, algorithms: ["maml"], datasets }, {
    ...CATALOG,
    iterationFlops: (spec) => iterationFlops(spec, dataSets.sinusoid, odd),
  });
}

Deno.test("a gradient of an algorithm's own that comes without shares of tasks is refused where tasks are clipped one by one", () => {
  throws(() => check({ by: "task-norm", limit: 1 }), (error: Error) => {
    match(error.message, /^Cannot clip the outer gradient of "maml" by task-norm: [^\n]+overrides\.maml\.clip[^\n]+$/);
    return error instanceof UsageError;
  });
  check({ by: "norm", limit: 1 });
});

Deno.test("a sweep from anywhere is held to it: a file, flags, the folder of a run, a task of a cluster", () => {
  const datasets = smoke.datasets.map((entry) => ({ ...entry, tuning: null, overrides: {} }));
  const sweep = { ...smoke, algorithms: ["maml"], datasets, comparisons: [], predictions: [] };
  const refusing = { ...CATALOG, iterationFlops: (spec: TrainSpec) => iterationFlops(spec, dataSets.sinusoid, odd) };
  throws(() => knownSweep(sweep, "elsewhere", refusing), /^UsageError: Cannot clip the outer gradient of "maml"/);
  knownSweep(sweep, "elsewhere", CATALOG);
});

Deno.test("the built-in sweeps clip what can be clipped", () => {
  for (const sweep of Object.values(sweeps)) requireClippable(sweep, catalogOf(sweep));
});
