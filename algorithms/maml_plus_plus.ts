import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { descend, type InnerRates, perTask, taskGradients } from "./blocks/inner_loop.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { multiStepWeights } from "./blocks/multi_step.ts";
import type { Params } from "./blocks/network.ts";
import type { OwnSettings } from "./blocks/own_settings.ts";
import type { TrainingStep } from "./blocks/training_step.ts";
import { rateOfStep, ratesPerStep } from "./blocks/rates.ts";
import { normsFrom, normsPerStep } from "./blocks/step_norms.ts";
import type { Node } from "./tensor/graph.ts";
import { add, mul } from "./tensor/ops.ts";

/** Step sizes of every parameter tensor and step, 0 beyond the steps of training; undefined where they are not learned. */
function learnedRates(
  { meta, own }: { readonly meta: Readonly<Record<string, Node>>; readonly own: OwnSettings },
): InnerRates | undefined {
  if (own.learnRates === false) return undefined;
  return (layer, parameter, step) => meta[rateOfStep(layer, parameter, step)] ?? 0;
}

/** γ and β of every step; undefined where the model's own are adapted. */
function learnedNorms({ meta, own }: Pick<TrainingStep, "meta" | "own">) {
  return own.stepNorms === true ? normsFrom(meta) : undefined;
}

/**
 * MAML with what steadies it: the outer loss is a sum of the query losses after every inner step, whose weights go over to the last one as training goes
 * on, and every parameter tensor has a learned step size for every inner step.
 *
 * θ' = θ − α_{l,s} ∇L_support(θ); outer loss Σ_s v_s(t) L_query(θ_s).
 */
export const mamlPlusPlus: Algorithm = {
  name: "maml-plus-plus",
  title: "MAML++",
  summary: "MAML with a loss after every inner step and a learned step size per layer and step",
  source: "Antoniou, Edwards & Storkey 2019, section 4 (arXiv:1810.09502), and the authors' code",
  deviations: [
    "1. The losses' weights change with every iteration, over the first tenth of a training (`multiStepShare`); the authors' change with every epoch, over the first 10 or 15 of 100.",
    "2. Norms have a γ and β for every inner step only where `stepNorms` is on; statistics of single steps, which the authors' code keeps and does not normalise by, there are none.",
    "3. All derivatives are of second order throughout, as in the authors' settings, which never anneal their order; the cosine of the outer step size is a schedule of the sweep.",
    "4. A new task takes no more steps than training had: those beyond have step size 0, since repeating the last one's diverges.",
    "5. A score is that of one state; the authors' is of the mean prediction of five.",
    "6. The outer optimiser is Adam; the inner loss is the mean cross-entropy.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  hyper: z.strictObject({
    multiStep: z.boolean().default(true).describe("Whether the outer loss has a part after every inner step."),
    multiStepShare: z.number().positive().max(1).default(0.1).describe(
      "Share of a training by which the last step has all of the loss.",
    ),
    learnRates: z.boolean().default(true).describe(
      "Whether step sizes are learned; else they are the inner step size.",
    ),
    stepNorms: z.boolean().default(false).describe(
      "Whether norms have a γ and β for every inner step, which the outer loop learns and the inner loop leaves alone.",
    ),
  }),
  identities: [
    {
      statement: "with its switches off, MAML++ is MAML",
      is: "maml",
      here: { own: { multiStep: false, learnRates: false }, innerSteps: 3 },
      there: { innerSteps: 3 },
      tolerance: 0,
    },
    {
      statement: "where its step sizes start, θ's gradient without losses on the way is MAML's",
      is: "maml",
      here: { own: { multiStep: false }, innerSteps: 3 },
      there: { innerSteps: 3 },
      tolerance: 1e-12,
    },
    {
      statement: "at one inner step, there are no losses on the way",
      is: "maml",
      here: { own: { learnRates: false }, innerSteps: 1 },
      there: { innerSteps: 1 },
      tolerance: 0,
    },
  ],
  metaParameters: (model, { innerLr, innerSteps, own }) => [
    ...(own.learnRates === false ? [] : ratesPerStep(model, innerLr, innerSteps)),
    ...(own.stepNorms === true ? normsPerStep(model, innerSteps) : []),
  ],
  innerRates: learnedRates,
  atStep: learnedNorms,
  objective({ network, params, meta, own, batch: [support, query], mask, innerLr, innerSteps, lossPerTask, progress }) {
    const rates = learnedRates({ meta, own });
    const atStep = learnedNorms({ meta, own }) ?? ((theta: Params) => theta);
    let theta = perTask(params, mask, support.x.shape[0]);
    const queryLosses: Node[] = [];
    for (let step = 0; step < innerSteps; step++) {
      const losses = lossPerTask(network.outputs(atStep(theta, step), support.x), support.y);
      const rate = rates === undefined ? innerLr : (layer: number, name: string) => rates(layer, name, step);
      theta = descend(theta, taskGradients(losses, theta, mask), rate);
      if (own.multiStep === false && step < innerSteps - 1) continue;
      queryLosses.push(lossPerTask(network.queryOutputs(atStep(theta, step), support.x, query.x), query.y));
    }
    if (queryLosses.length === 1) return { losses: queryLosses[0] };
    const weights = multiStepWeights(progress(), innerSteps, Number(own.multiStepShare));
    return { losses: queryLosses.map((losses, step) => mul(losses, weights[step])).reduce(add) };
  },
};
