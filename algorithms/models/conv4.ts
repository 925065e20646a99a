import { samePadded } from "../tensor/ops.ts";
import { convLayer, headLayer, pooledOver } from "./layers.ts";
import type { Layer, ModelEntry } from "./model.ts";

const KERNEL = 3;
const STRIDE = 2;

/** Four strided 3 x 3 convolutions and a linear head on the mean over positions: Finn et al. 2017, section 5.2 (strided variant for Omniglot). */
export const conv4: ModelEntry = {
  name: "conv4",
  title: "Four convolutions",
  summary: "four 3x3 convolutions of 64 filters, stride 2, ReLU, mean over positions, linear head",
  source: "Finn et al. 2017, section 5.2 (arXiv:1703.03400); Vinyals et al. 2016",
  defaultHidden: [64, 64, 64, 64],
  build({ inputShape, outputs, hidden, norm }) {
    if (inputShape.length !== 3) {
      throw new Error(`Model "conv4" takes images, not inputs of shape [${inputShape.join(", ")}]`);
    }
    let [height, width, channels] = inputShape;
    const filters = hidden.length > 0 ? hidden : this.defaultHidden;
    const trunk = filters.map((count, index): Layer => {
      const layer = convLayer(`conv${index + 1}`, [height, width, channels], count, KERNEL, STRIDE, norm);
      [height, width, channels] = [samePadded(height, STRIDE), samePadded(width, STRIDE), count];
      return index === filters.length - 1 ? pooledOver(layer) : layer;
    });
    return { name: "conv4", layers: [...trunk, headLayer(channels, outputs)], features: channels };
  },
};
