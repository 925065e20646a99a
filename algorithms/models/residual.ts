/** The residual block of few-shot networks: three convolutions beside a shortcut, and a pooling after them. */
import type { Norm } from "../../common/vocabulary.ts";
import type { Node, Shape } from "../tensor/graph.ts";
import { conv2d, dense } from "../tensor/nn.ts";
import { add, maxPool, mul, relu, reshape, scale } from "../tensor/ops.ts";
import { pooled } from "../tensor/pools.ts";
import type { Drop } from "./drop.ts";
import { heNormal, momentsOf, normalise, offsets } from "./layers.ts";
import type { Layer, LayerParams, MomentSource } from "./model.ts";

const KERNEL = 3;
const WINDOW = 2;
/** Slope of the leaky ReLU below 0. */
const LEAK = 0.1;
/** Suffixes of the parameters of a block's three convolutions and of its shortcut. */
const PARTS = ["1", "2", "3", "Shortcut"] as const;
type Part = typeof PARTS[number];

/** What a block is made of. */
export interface BlockOptions {
  readonly name: string;
  /** Height, width and channels of what comes in. */
  readonly image: Shape;
  readonly filters: number;
  readonly norm: Norm;
  /** What a training drops of what the block puts out; undefined for nothing. */
  readonly drop: Drop | undefined;
}

/** max(x, 0.1 x) */
function leakyRelu(x: Node): Node {
  return add(scale(relu(x), 1 - LEAK), scale(x, LEAK));
}

/**
 * pool(leaky(n(conv(leaky(n(conv(leaky(n(conv(x)))))))) + n(x W))): three 3 x 3 convolutions, a 1 x 1 shortcut, each with a norm n, and a maximum over
 * windows of 2 x 2. One layer: [T, n, H, W, C] -> [T, n, ⌊H/2⌋, ⌊W/2⌋, F].
 */
export function residualBlock({ name, image: [height, width, channels], filters, norm, drop }: BlockOptions): Layer {
  const fanIn = (part: Part) => part === "Shortcut" ? channels : KERNEL ** 2 * (part === "1" ? channels : filters);
  const moments = momentsOf(norm, filters);
  const normOf = (part: Part) => `${name}.${part.toLowerCase()}`;
  return {
    name,
    parameters: PARTS.flatMap((part) => [
      {
        name: `weight${part}`,
        shape: [fanIn(part), filters],
        window: part === "Shortcut" ? 1 : KERNEL ** 2,
        init: heNormal(fanIn(part)),
      },
      ...offsets(norm, filters, part),
    ]),
    moments,
    norms: PARTS.map(normOf),
    apply(params, x, source, dropped) {
      const [tasks, examples] = x.shape;
      const flat = [tasks, examples * height * width, filters];
      const normed = (part: Part, y: Node) =>
        normalise(norm, ofPart(params, part), y, momentsFor(source, normOf(part), y));
      const convolved = (part: Part, y: Node) => {
        const own = ofPart(params, part);
        const images = reshape(y, [tasks, examples, height, width, y.shape[y.shape.length - 1]]);
        return normed(part, reshape(conv2d(images, own.weight, own.bias, KERNEL, 1), flat));
      };
      const inner = convolved("3", leakyRelu(convolved("2", leakyRelu(convolved("1", x)))));
      const shortcut = ofPart(params, "Shortcut");
      const beside = normed(
        "Shortcut",
        dense(reshape(x, [tasks, examples * height * width, channels]), shortcut.weight, shortcut.bias),
      );
      const whole = reshape(leakyRelu(add(inner, beside)), [tasks * examples, height, width, filters]);
      const shape = [tasks, examples, pooled(height, WINDOW), pooled(width, WINDOW), filters];
      const out = reshape(maxPool(whole, WINDOW), shape);
      return drop === undefined || dropped === undefined ? out : mul(out, dropped(name, shape, drop));
    },
  };
}

function momentsFor(source: MomentSource, norm: string, y: Node): () => ReturnType<MomentSource> {
  return () => source(norm, y);
}

/** The parameters of one part, without its suffix. */
function ofPart(params: LayerParams, part: Part): LayerParams {
  const own = Object.entries(params).filter(([name]) => name.endsWith(part));
  return Object.fromEntries(own.map(([name, node]) => [name.slice(0, -part.length), node]));
}
