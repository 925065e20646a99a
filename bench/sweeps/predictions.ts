/** What is expected of the built-in sweeps. Each expectation follows from the work it names, not from results of these sweeps, and is not adjusted to them. */
import type { Prediction, Side } from "../../reports/claims/prediction.ts";

/** L - 1 of the sinusoids' network of three layers. */
const SINUSOID_TRUNK = 2;
/** L - 1 of Omniglot's network of five layers. */
const OMNIGLOT_TRUNK = 4;

const ridge = { adapter: "ridge", innerSteps: null } as const;
const logistic = { adapter: "logistic", innerSteps: null } as const;
const steps = (innerSteps: number) => ({ adapter: "gradient", innerSteps }) as const;
const mtl: Side = { algorithm: "mtl", sharingDepth: SINUSOID_TRUNK };
const mtlAnywhere: Side = { algorithm: "mtl" };
const anilAnywhere: Side = { algorithm: "anil" };
const anil: Side = { algorithm: "anil", sharingDepth: SINUSOID_TRUNK };

/** Sinusoids of one frequency: two shared features serve every task exactly. */
export const ON_SINUSOID: readonly Prediction[] = [
  {
    kind: "comparison",
    id: "shared-features-ridge",
    statement:
      "Where tasks share their features exactly, the features of MTL and of ANIL serve new tasks equally well: they are equivalent once the head is solved (d = L - 1).",
    source:
      "this project, beyond Wang et al. 2021 (arXiv:2106.09017): they show that the formulations agree where training solves the inner problem; ANIL takes 5 steps here",
    dataset: "sinusoid",
    a: { ...mtl, ...ridge },
    b: { ...anil, ...ridge },
    expect: "equivalent",
  },
  {
    kind: "at-floor",
    id: "pooled-at-floor",
    statement:
      "One network without task parameters (d = L), not adapted, predicts as well as the best curve that knows no task, and no better.",
    source: "E[y | x] of the family; its expected MSE is 3.006",
    dataset: "sinusoid",
    a: { algorithm: "pooled", ...steps(0) },
  },
  {
    kind: "steps-over-algorithm",
    id: "budget-over-paradigm-sinusoid",
    statement: "From 1 to 10 inner steps the score changes by more than from MAML to MTL.",
    source:
      "this project, after Luo et al. 2023 and Chen et al. 2019 on images: how a state is adapted weighs at least as much as how it was trained",
    dataset: "sinusoid",
    a: { algorithm: "mtl", adapter: "gradient" },
    b: { algorithm: "maml" },
    innerSteps: [1, 10],
  },
];

/** Sinusoids, where training solves every task's head. */
export const OF_SOLVED_HEADS: readonly Prediction[] = [
  {
    kind: "comparison",
    id: "solved-heads-are-joint-heads",
    statement:
      "Where training solves the inner problem on the examples of its loss, it is multi-task learning: the features of both are equivalent once the head is solved (d = L - 1).",
    source:
      "Wang et al. 2021, section 3: with the last layer adapted to the optimum on the same examples, meta-learning and multi-task learning are one problem",
    dataset: "sinusoid",
    a: { ...mtl, ...ridge },
    b: { algorithm: "mtl-solved", sharingDepth: SINUSOID_TRUNK, ...ridge },
    expect: "equivalent",
  },
  {
    kind: "comparison",
    id: "held-out-heads-are-joint-heads",
    statement:
      "So it is where the loss is taken on other examples than those that the head is solved on: the features of MTL and of R2-D2 are equivalent once the head is solved (d = L - 1).",
    source: "this project, beyond Wang et al. 2021: their identity has no split, and R2-D2 has",
    dataset: "sinusoid",
    a: { ...mtl, ...ridge },
    b: { algorithm: "r2d2", sharingDepth: SINUSOID_TRUNK, ...ridge },
    expect: "equivalent",
  },
];

/** Sinusoids where ANIL trains at the inner steps that it is tested at, which the bound is about. */
export const ON_SINUSOID_MATCHED: readonly Prediction[] = [
  {
    kind: "gap-grows",
    id: "gap-grows-with-inner-steps",
    statement: "The gap between MTL and ANIL is larger at 5 inner steps than at 1, in training and at test time alike.",
    source:
      "Wang et al. 2021: the distance of the two predictors is bounded by inner step size times steps, plus 1 / L",
    dataset: "sinusoid",
    a: mtl,
    b: anil,
    innerSteps: [1, 5],
  },
];

/** How far the predictions of MTL and ANIL are apart: on "sinusoid" and on other data sets that differ in layers or step size. */
export function ofDistance(across: readonly string[]): Prediction[] {
  const common = { kind: "distance-trend", dataset: "sinusoid", across, a: mtlAnywhere, b: anilAnywhere } as const;
  return [
    {
      ...common,
      id: "distance-grows-with-rate-times-steps",
      statement: "The predictions of MTL and ANIL on the same episodes move apart as λτ grows, the depth held.",
      source:
        "Wang et al. 2021: the distance of the two predictors is bounded by inner step size times steps, plus 1 / L",
      along: "rate-times-steps",
      expect: "grows",
    },
    {
      ...common,
      id: "distance-falls-with-depth",
      statement: "The predictions of MTL and ANIL on the same episodes come together as networks get deeper, λτ held.",
      source: "the same",
      along: "layers",
      expect: "falls",
    },
  ];
}

/** Whether training and adaptation can be taken apart, on features that serve every task. */
export const OF_ORDER: readonly Prediction[] = [
  {
    kind: "order-kept",
    id: "order-of-trainings-kept",
    statement:
      "Training and adaptation disentangle: whichever of MTL's and ANIL's features is better with the head adapted by gradient steps is better with the head solved by ridge regression.",
    source: "Luo et al. 2023 (arXiv:2301.12246): training and adaptation algorithms can be completely disentangled",
    dataset: "sinusoid",
    a: mtl,
    b: anil,
    adapters: ["gradient", "ridge"],
  },
];

/** Sinusoids whose frequency varies: the negative control. */
export const ON_FREQUENCY: readonly Prediction[] = [
  {
    kind: "comparison",
    id: "frozen-trunk-loses",
    statement:
      "Where no few features serve all tasks, MTL with its trunk frozen loses to MAML, each as its authors use it.",
    source:
      "Chua et al. 2021: a frozen representation can be no better than no source tasks, where fine-tuning is fine",
    dataset: "sinusoid-frequency",
    a: { algorithm: "maml", sharingDepth: 0, ...steps(10) },
    b: { ...mtl, ...ridge },
    expect: "a-better",
  },
  {
    kind: "comparison",
    id: "fine-tuning-recovers",
    statement: "There, fine-tuning all layers of MTL for 10 steps does better than fine-tuning its head alone.",
    source: "Chua et al. 2021",
    dataset: "sinusoid-frequency",
    a: { ...mtl, ...steps(10), adaptDepth: 0 },
    b: { ...mtl, ...steps(10), adaptDepth: SINUSOID_TRUNK },
    expect: "a-better",
  },
];

/** Omniglot, whose labels are drawn anew in every task. */
export const ON_OMNIGLOT: readonly Prediction[] = [
  {
    kind: "comparison",
    id: "no-heads-no-features",
    statement:
      "Joint training without task heads (d = L) on permuted labels leaves features no better than random ones.",
    source: "Raghu et al. 2020 (arXiv:1909.09157), section 5.2",
    dataset: "omniglot",
    a: { algorithm: "pooled", ...logistic, sharingDepth: OMNIGLOT_TRUNK + 1 },
    b: { algorithm: "scratch", ...logistic, sharingDepth: null },
    expect: "a-not-better",
  },
  {
    kind: "steps-over-algorithm",
    id: "budget-over-paradigm-omniglot",
    statement: "From 1 to 5 inner steps on the head, accuracy changes by more than from ANIL to MTL.",
    source: "Luo et al. 2023, Chen et al. 2019: how a state is adapted weighs at least as much as how it was trained",
    dataset: "omniglot",
    a: { algorithm: "mtl", adapter: "gradient" },
    b: { algorithm: "anil" },
    innerSteps: [1, 5],
  },
];
