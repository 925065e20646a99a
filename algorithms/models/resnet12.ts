import { z } from "zod";
import type { Drop } from "./drop.ts";
import { featuresOption, halved, imageRefusal, withFeatures } from "./images.ts";
import { headLayer } from "./layers.ts";
import type { Layer, ModelEntry } from "./model.ts";
import { residualBlock } from "./residual.ts";

const options = z.strictObject({
  dropout: z.number().min(0).max(0.9).default(0).describe(
    "Share of what each block puts out that a training drops, by a keyed draw per iteration, held through inner steps; 0.1 in Lee et al. 2019.",
  ),
  dropBlock: z.int().min(1).max(32).default(1).describe(
    "Side of the squares that the last two blocks drop instead of single activations, where dropout is above 0: 5 for images of 84 x 84, 2 for 32 x 32.",
  ),
  features: featuresOption,
});

/**
 * Twelve convolutions in four residual blocks and a linear head. A block with its shortcut and norms counts as one layer.
 *
 * Deviations from Lee et al. 2019: 1. dropping does not grow from nothing over the first 40,000 iterations. 2. Weights start by fan-in, as in the other models.
 */
export const resnet12: ModelEntry = {
  name: "resnet12",
  title: "ResNet-12",
  summary:
    "four residual blocks of three 3x3 convolutions with 64, 160, 320 and 640 filters, leaky ReLU, max-pooling; linear head",
  source: "Lee et al. 2019, section 4.1 (arXiv:1904.03758); Oreshkin et al. 2018",
  defaultHidden: [64, 160, 320, 640],
  options,
  refusal({ inputShape, hidden }) {
    return imageRefusal(inputShape, (hidden.length > 0 ? hidden : this.defaultHidden).length);
  },
  build(asked) {
    const { inputShape, outputs, hidden, norm, settings = {} } = asked;
    const refusal = this.refusal(asked);
    if (refusal !== undefined) throw new Error(`internal: model "resnet12": ${refusal}`);
    const { dropout, dropBlock, features } = options.parse(settings);
    const widths = hidden.length > 0 ? hidden : this.defaultHidden;
    let image = inputShape;
    const trunk = widths.map((filters, index): Layer => {
      const isLate = index >= widths.length - 2;
      const drop: Drop | undefined = dropout === 0 ? undefined : { rate: dropout, block: isLate ? dropBlock : 1 };
      const block = residualBlock({ name: `block${index + 1}`, image, filters, norm, drop });
      image = [...halved([image[0], image[1]]), filters];
      return index === widths.length - 1 ? withFeatures(block, features) : block;
    });
    const width = features === "mean" ? image[2] : image[0] * image[1] * image[2];
    return { name: "resnet12", layers: [...trunk, headLayer(width, outputs)], features: width };
  },
};
