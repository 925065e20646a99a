/** What sweeps compare that do not say otherwise: forms of multi-task learning with the algorithms that claim to learn how to learn. */
import type { Norm } from "../../common/vocabulary.ts";
import type { Comparison, Family } from "../../reports/claims/comparison.ts";

/**
 * The families of the built-in comparisons, the primary question first: multi-task learning against MAML. It and the other answers share an error rate of 5 %
 * for the whole run, of which most is for the question and what its winners free goes on to the others; the grid of matched settings explores.
 */
export const COMPARISON_FAMILIES: readonly Family[] = [
  { name: "primary", words: "each used as its authors do", purpose: "answer", correction: "holm", alpha: 0.04 },
  {
    name: "native",
    words: "each used as its authors do",
    purpose: "answer",
    correction: "holm",
    alpha: 0.01,
    gate: "primary",
  },
  {
    name: "matched",
    words: "at matched settings",
    purpose: "exploration",
    correction: "benjamini-hochberg",
    alpha: 0.05,
  },
];

/** As the authors use it: adapter, sharing depth and adapted layers are its own, on the most inner steps where it takes any. */
const NATIVE = { adapter: "native", innerSteps: "most", sharingDepth: "native", adaptDepth: "native" } as const;

/** What questions call the algorithms that the built-in comparisons name. */
const WORDS = {
  mtl: "multi-task learning",
  "mtl-class-rows": "multi-task learning with class rows",
  "mtl-all-rows": "supervised training on all classes",
  maml: "MAML",
  fomaml: "first-order MAML",
  anil: "ANIL",
  boil: "BOIL",
  "meta-sgd": "Meta-SGD",
  reptile: "Reptile",
  protonet: "prototypical networks",
} as const;
type Named = keyof typeof WORDS;

/** Joint training as the question has it: what costs of other trainings are told beside. */
export const JOINT = "mtl";

/** Multi-task learning as its authors do it: a head per task, or on classes a row per class. */
const PRIMARY: ReadonlySet<Named> = new Set<Named>(["mtl", "mtl-class-rows"]);

/** Algorithms off the axis of sharing depth: adapted as they train, they meet multi-task learning at its native depth. */
const OFF_AXIS: readonly Named[] = ["boil"];

/** Each side used as its authors do. The primary question is about MAML. */
export function native(a: Named, b: Named): Comparison {
  return {
    id: `${a}-${b}-native`,
    question: `Does ${WORDS[a]} match ${WORDS[b]}, each used as its authors do?`,
    family: PRIMARY.has(a) && b === "maml" ? "primary" : "native",
    a: { algorithm: a, ...NATIVE },
    b: { algorithm: b, ...NATIVE },
  };
}

/** Equal shots, adapter, inner steps (but not none), sharing depth and adapted layers; every start of task-specific layers is a comparison of its own. */
export function matched(a: Named, b: Named): Comparison {
  const offAxis = OFF_AXIS.includes(b);
  return {
    id: `${a}-${b}-matched`,
    question: `Where do ${WORDS[a]} and ${WORDS[b]} differ at equal settings?`,
    family: "matched",
    a: {
      algorithm: a,
      taskStart: "any",
      innerSteps: "some",
      ...(offAxis ? { sharingDepth: "native", adaptDepth: "native" } : { adaptDepth: "matched" }),
    },
    b: { algorithm: b, ...(offAxis ? { sharingDepth: null, adaptDepth: "native" } : { adaptDepth: "matched" }) },
  };
}

/** Multi-task learning against these algorithms, as their authors use them and at matched settings. ANIL at matched settings is MAML at d = L - 1. */
export function mtlAgainst(...others: readonly Named[]): Comparison[] {
  return [
    ...others.map((other) => native("mtl", other)),
    ...others.filter((other) => other !== "anil" && other !== "protonet").map((other) => matched("mtl", other)),
  ];
}

/** Multi-task learning with one head row per class, and supervised training on all classes: classification only. */
export function onClasses(): Comparison[] {
  return (["mtl-class-rows", "mtl-all-rows"] as const).flatMap((rows) =>
    (["maml", "protonet"] as const).map((other) => native(rows, other))
  );
}

/**
 * Multi-task learning against trainings that solve every task's head: without a split, where the two are one problem, and with one (R2-D2). All heads are
 * solved alike at test time, so that what differs is the features.
 */
export function ofSolvedHeads(): Comparison[] {
  const use = { adapter: "ridge", sharingDepth: "native" } as const;
  const against = (b: string, words: string): Comparison => ({
    id: `mtl-${b}-ridge`,
    question: `Does multi-task learning match ${words}, with the head solved by ridge regression?`,
    family: "native",
    a: { algorithm: "mtl", ...use },
    b: { algorithm: b, ...use },
  });
  return [
    against("mtl-solved", "itself with the heads solved in training"),
    against("r2d2", "training through solved heads (R2-D2)"),
  ];
}

/** Each side used as its authors do, and normalised in a way of its own. */
export function nativeAcross(a: Named, normOfA: Norm, b: Named, normOfB: Norm): Comparison {
  const { a: left, b: right, question, ...rest } = native(a, b);
  return {
    ...rest,
    id: `${a}-${normOfA}-${b}-${normOfB}-native`,
    question: `${question.slice(0, -1)}, at norm ${normOfA} and ${normOfB}?`,
    a: { ...left, norm: normOfA },
    b: { ...right, norm: normOfB },
  };
}

/** The built-in list. */
export const COMPARISONS: readonly Comparison[] = [
  ...mtlAgainst("maml", "fomaml", "anil", "boil", "meta-sgd", "reptile", "protonet"),
  ...onClasses(),
  ...ofSolvedHeads(),
];
