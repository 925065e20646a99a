/** What the outputs of an adapter say of probabilities, which calibration is about. */
import type { AdapterName } from "./registry.ts";

/**
 * Of classification, how the probabilities of the classes follow from the outputs. Adapters that are not here give none: scores that are regressed on labels, and
 * cosines, are no logits, and a softmax of them would be as unsure as the scale of scores happens to be.
 */
export const LIKELIHOODS: Readonly<Partial<Record<AdapterName, string>>> = {
  "gradient": "softmax of the logits, whose cross-entropy is minimised",
  "finetune-all": "softmax of the logits, whose cross-entropy is minimised",
  "context-gradient": "softmax of the logits, whose cross-entropy is minimised",
  "logistic": "softmax of the logits (logistic regression)",
  "prototypes": "softmax of minus the squared distances (Snell et al. 2017, equation 2)",
};

/** Whether the outputs of an adapter, by its name, are logits. */
export function givesProbabilities(adapter: string): boolean {
  return Object.hasOwn(LIKELIHOODS, adapter);
}
