/** The table of adapters: adding one is one file and one line. */
import type { TaskKind } from "../../common/vocabulary.ts";
import type { Adapter } from "./adapter.ts";
import { contextGradient } from "./context_gradient.ts";
import { cosinePrototypes } from "./cosine_prototypes.ts";
import { finetuneAll } from "./finetune_all.ts";
import { gradient } from "./gradient.ts";
import { logistic } from "./logistic.ts";
import { prototypes } from "./prototypes.ts";
import { ridge } from "./ridge.ts";
import { ridgeClassifier } from "./ridge_classifier.ts";
import { svm } from "./svm.ts";

/** All adapters, by name. */
export const adapters = {
  gradient,
  "finetune-all": finetuneAll,
  "context-gradient": contextGradient,
  ridge,
  "ridge-classifier": ridgeClassifier,
  svm,
  logistic,
  prototypes,
  "cosine-prototypes": cosinePrototypes,
} as const satisfies Record<string, Adapter>;

/** An adapter of the table. */
export type AdapterName = keyof typeof adapters;

/** The first of some adapters that is for a kind of task; undefined where none is. */
export function firstFor(names: readonly AdapterName[], kind: TaskKind): AdapterName | undefined {
  return names.find((name) => (adapters[name] as Adapter).supports.includes(kind));
}
