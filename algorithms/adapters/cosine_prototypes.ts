import type { HeadAdapter, HeadSolution, HeadTask } from "./adapter.ts";
import { BY_PROTOTYPES, classMeans, once, prototypeFlops } from "./prototypes.ts";
import { requireFinite, unitRows } from "./span.ts";

/**
 * Logits: cosines of the features with the mean of each class's unit-length support features.
 *
 * @throws RangeError when a feature is not finite
 */
export function cosineHead(task: HeadTask): HeadSolution {
  requireFinite(task.support);
  const means = unitRows(classMeans({ support: unitRows(task.support), targets: task.targets }));
  return { predictions: unitRows(task.query).mmul(means.transpose()), flops: prototypeFlops(task) };
}

/** Nearest class mean in angle. */
export const cosinePrototypes: HeadAdapter = {
  ...BY_PROTOTYPES,
  name: "cosine-prototypes",
  title: "class prototypes (cosine)",
  short: "cosine prototypes",
  summary: "nearest mean of unit-length features, by cosine",
  source:
    "Vinyals et al. 2016 (arXiv:1606.04080) for cosine distance; Gidaris & Komodakis 2018 (arXiv:1804.09458) for means of unit features",
  solver: (task) => once(cosineHead(task)),
};
