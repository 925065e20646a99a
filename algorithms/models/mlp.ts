import { z } from "zod";
import { sizeOf } from "../tensor/graph.ts";
import { denseLayer, headLayer } from "./layers.ts";
import type { ModelEntry } from "./model.ts";

/** Fully connected ReLU network: Finn et al. 2017, sections 5.1 (1-40-40-1) and 5.2 (784-256-128-64-64-N with batch norm). */
export const mlp: ModelEntry = {
  name: "mlp",
  title: "Fully connected network",
  summary: "ReLU layers and a linear head; 1-40-40-1 for sinusoids, 784-256-128-64-64-N for Omniglot",
  source: "Finn et al. 2017, sections 5.1 and 5.2 (arXiv:1703.03400)",
  defaultHidden: [40, 40],
  options: z.strictObject({}),
  refusal: () => undefined,
  build({ inputShape, outputs, hidden, norm }) {
    const widths = [sizeOf(inputShape), ...(hidden.length > 0 ? hidden : this.defaultHidden)];
    const trunk = widths.slice(1).map((width, index) => denseLayer(`dense${index + 1}`, widths[index], width, norm));
    const features = widths[widths.length - 1];
    return { name: "mlp", layers: [...trunk, headLayer(features, outputs)], features };
  },
};
