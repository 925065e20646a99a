import { z } from "zod";
import { samePadded } from "../tensor/ops.ts";
import { featuresOption, halved, imageRefusal, withFeatures } from "./images.ts";
import { convLayer, headLayer, poolingAfter } from "./layers.ts";
import type { Layer, ModelEntry } from "./model.ts";

const KERNEL = 3;

const options = z.strictObject({
  pooling: z.enum(["stride", "max"]).default("stride").describe(
    "How images are halved: by convolutions of stride 2; or, as most results are published, by maxima over 2 x 2 after convolutions of stride 1.",
  ),
  features: featuresOption,
});

/**
 * Four 3 x 3 convolutions and a linear head: Finn et al. 2017, section 5.2, by default with strides and on the mean over positions, as for Omniglot there.
 * With `pooling` max and `features` flatten it is their network for miniImageNet, and the encoder of Snell et al. 2017.
 */
export const conv4: ModelEntry = {
  name: "conv4",
  title: "Four convolutions",
  summary: "four 3x3 convolutions of 64 filters, stride 2 or max-pooling, ReLU, mean over positions, linear head",
  source: "Finn et al. 2017, section 5.2 (arXiv:1703.03400); Vinyals et al. 2016",
  defaultHidden: [64, 64, 64, 64],
  options,
  refusal({ inputShape, hidden, settings = {} }) {
    const poolings = options.parse(settings).pooling === "stride" ? 0 : hidden.length || this.defaultHidden.length;
    return imageRefusal(inputShape, poolings);
  },
  build(asked) {
    const { inputShape, outputs, hidden, norm, settings = {} } = asked;
    const refusal = this.refusal(asked);
    if (refusal !== undefined) throw new Error(`internal: model "conv4": ${refusal}`);
    const { pooling, features } = options.parse(settings);
    const stride = pooling === "stride" ? 2 : 1;
    let [height, width, channels] = inputShape;
    const filters = hidden.length > 0 ? hidden : this.defaultHidden;
    const trunk = filters.map((count, index): Layer => {
      const layer = convLayer(`conv${index + 1}`, [height, width, channels], count, KERNEL, stride, norm);
      [height, width] = pooling === "stride"
        ? [samePadded(height, stride), samePadded(width, stride)]
        : halved([height, width]);
      channels = count;
      const halving = pooling === "stride" ? layer : poolingAfter(layer);
      return index === filters.length - 1 ? withFeatures(halving, features) : halving;
    });
    const entering = features === "mean" ? channels : height * width * channels;
    return { name: "conv4", layers: [...trunk, headLayer(entering, outputs)], features: entering };
  },
};
