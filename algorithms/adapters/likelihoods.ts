/** What the outputs of an adapter say of probabilities, which calibration is about. */
import type { AdapterName } from "./registry.ts";

/**
 * Of classification, how the probabilities of the classes follow from the outputs; null where the source gives none: scores that are regressed on labels, and
 * cosines, are no logits, and a softmax of them would be as unsure as the scale of scores happens to be.
 */
export const LIKELIHOODS: Readonly<Record<AdapterName, string | null>> = {
  "gradient": "softmax of the logits, whose cross-entropy is minimised",
  "finetune-all": "softmax of the logits, whose cross-entropy is minimised",
  "context-gradient": "softmax of the logits, whose cross-entropy is minimised",
  "ridge": null,
  "ridge-classifier": null,
  "logistic": "softmax of the logits (logistic regression)",
  "prototypes": "softmax of minus the squared distances (Snell et al. 2017, equation 2)",
  "cosine-prototypes": null,
};

/** Whether the outputs of an adapter, by its name, are logits. */
export function givesProbabilities(adapter: string): boolean {
  return (LIKELIHOODS as Readonly<Record<string, string | null>>)[adapter] != null;
}
