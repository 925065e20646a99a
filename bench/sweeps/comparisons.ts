/** What sweeps compare that do not say otherwise: multi-task learning with every algorithm that claims to learn how to learn. */
import type { Comparison, Family } from "../../reports/claims/comparison.ts";

/** The families of the built-in comparisons, the primary question first. */
export const COMPARISON_FAMILIES: readonly Family[] = [
  { name: "native", words: "each used as its authors do", purpose: "answer", correction: "holm" },
  { name: "matched", words: "at matched settings", purpose: "exploration", correction: "holm" },
];

/** As the authors use it: adapter, sharing depth and adapted layers are its own, on the most inner steps where it takes any. */
const NATIVE = { adapter: "native", innerSteps: "most", sharingDepth: "native", adaptDepth: "native" } as const;

/** Whom multi-task learning meets: adding one is one line. */
const TITLES = { maml: "MAML", fomaml: "first-order MAML", anil: "ANIL", boil: "BOIL", reptile: "Reptile" } as const;
type Other = keyof typeof TITLES;

/** Algorithms off the axis of sharing depth: adapted as they train, they meet multi-task learning at its native depth. */
const OFF_AXIS: readonly Other[] = ["boil"];

function native(other: Other): Comparison {
  return {
    id: `mtl-${other}-native`,
    question: `Does multi-task learning match ${TITLES[other]}, each used as its authors do?`,
    family: "native",
    a: { algorithm: "mtl", ...NATIVE },
    b: { algorithm: other, ...NATIVE },
  };
}

/** Equal shots, adapter, inner steps, sharing depth and adapted layers; every start of task-specific layers is a comparison of its own. */
function matched(other: Other): Comparison {
  const offAxis = OFF_AXIS.includes(other);
  return {
    id: `mtl-${other}-matched`,
    question: `Where do multi-task learning and ${TITLES[other]} differ at equal settings?`,
    family: "matched",
    a: {
      algorithm: "mtl",
      taskStart: "any",
      ...(offAxis ? { sharingDepth: "native", adaptDepth: "native" } : { adaptDepth: "matched" }),
    },
    b: { algorithm: other, ...(offAxis ? { sharingDepth: null, adaptDepth: "native" } : { adaptDepth: "matched" }) },
  };
}

/** Multi-task learning against these algorithms, as their authors use them and at matched settings. */
export function mtlAgainst(...others: readonly Other[]): Comparison[] {
  return [...others.map(native), ...others.map(matched)];
}

/** The built-in list. */
export const COMPARISONS: readonly Comparison[] = mtlAgainst(...Object.keys(TITLES) as Other[]);
