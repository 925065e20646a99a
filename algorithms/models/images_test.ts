import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { parameterSlots, toLayers } from "../blocks/parameters.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { program } from "../tensor/program.ts";
import { convolved, halvedByMaxima, type Image, mapped, summed } from "../testing/images.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import type { DropMask } from "./drop.ts";
import { featuresOf, type Model, type ModelOptions } from "./model.ts";
import { models } from "./registry.ts";

const build = (name: "conv4" | "resnet12", options: Partial<ModelOptions>) =>
  models[name].build({ inputShape: [8, 9, 2], outputs: 3, hidden: [3, 2], norm: "none", ...options });

/** Features of one image in float64, and the parameters that they come from. */
async function features(model: Model, image: Image, factors?: Float64Array) {
  const graph = new Graph();
  const feeds: Record<string, Float64Array> = { x: Float64Array.from(image.flat(2)) };
  const params = toLayers(model, ({ key, shape }) => {
    feeds[key] = spread(sizeOf(shape), -0.5, 0.5, key.length + sizeOf(shape));
    return graph.input(key, [1, ...shape]);
  });
  const x = graph.input("x", [1, 1, image.length, image[0].length, image[0][0].length]);
  const drop = factors && ((layer: string, shape: readonly number[]) => {
    feeds[`drop ${layer}`] = layer === "block1" ? factors : new Float64Array(sizeOf(shape)).fill(1);
    return graph.input(`drop ${layer}`, shape);
  });
  const executable = cpuBackend(64).compile(
    program({ outputs: { y: featuresOf(model, params, x, undefined, drop) } }),
  );
  executable.run(feeds);
  return { y: await executable.read("y"), feeds };
}

function sampleImage(height: number, width: number, channels: number): Image {
  const values = spread(height * width * channels, -1, 1, 5);
  return Array.from(
    { length: height },
    (_, y) =>
      Array.from({ length: width }, (_, x) =>
        Array.from({ length: channels }, (_, c) => {
          return values[(y * width + x) * channels + c];
        })),
  );
}

const image = sampleImage(8, 9, 2);
const relu = (value: number) => Math.max(0, value);
const leaky = (value: number) => value > 0 ? value : 0.1 * value;

Deno.test("conv4 with max-pooling is convolutions of stride 1, ReLU and maxima over 2 x 2, as loops compute them", async () => {
  const flat = await features(build("conv4", { settings: { pooling: "max", features: "flatten" } }), image);
  let expected = image;
  for (const layer of ["conv1", "conv2"]) {
    const { [`${layer}.weight`]: weight, [`${layer}.bias`]: bias } = flat.feeds;
    expected = halvedByMaxima(mapped(convolved(expected, weight, bias, 3), relu));
  }
  equal([expected.length, expected[0].length, expected[0][0].length], [2, 2, 2]);
  assertAlmost("flattened", flat.y, expected.flat(2), 1e-12);
  const { y } = await features(build("conv4", { settings: { pooling: "max" } }), image);
  assertAlmost("mean", y, [0, 1].map((c) => expected.flat().reduce((sum, pixel) => sum + pixel[c], 0) / 4), 1e-12);
});

/** A residual block as loops compute it. */
function residual(x: Image, feeds: Record<string, Float64Array>, name: string): Image {
  const part = (image: Image, suffix: string, kernel: number) =>
    convolved(image, feeds[`${name}.weight${suffix}`], feeds[`${name}.bias${suffix}`], kernel);
  const inner = part(mapped(part(mapped(part(x, "1", 3), leaky), "2", 3), leaky), "3", 3);
  return halvedByMaxima(mapped(summed(inner, part(x, "Shortcut", 1)), leaky));
}

Deno.test("ResNet-12's blocks are three convolutions beside a shortcut, leaky ReLU and maxima, as loops compute them", async () => {
  const { y, feeds } = await features(build("resnet12", { settings: { features: "flatten" } }), image);
  assertAlmost("features", y, residual(residual(image, feeds, "block1"), feeds, "block2").flat(2), 1e-12);
});

Deno.test("ResNet-12 has the 12,424,320 weights of its authors' network below the head, and four blocks before it", () => {
  const model = models.resnet12.build({ inputShape: [84, 84, 3], outputs: 5, hidden: [], norm: "batch" });
  const body = parameterSlots(model).filter(({ layer }) => layer < 4);
  equal(body.reduce((sum, { shape }) => sum + sizeOf(shape), 0), 12_424_320);
  equal(model.layers.map(({ name }) => name), ["block1", "block2", "block3", "block4", "head"]);
  equal(model.features, 640);
  const flat = models.resnet12.build({
    ...{ inputShape: [84, 84, 3], outputs: 5, hidden: [], norm: "batch" },
    settings: { features: "flatten" },
  });
  equal(flat.features, 5 * 5 * 640);
});

Deno.test("what a block puts out is multiplied by what a training drops, and by nothing where nothing is said to drop", async () => {
  const factors = Float64Array.from({ length: 4 * 4 * 3 }, (_, i) => i % 3 === 0 ? 0 : 1.5);
  const dropping = build("resnet12", { settings: { dropout: 0.3, features: "flatten" } });
  const { y, feeds } = await features(dropping, image, factors);
  const inner = residual(image, feeds, "block1").map((row, y) =>
    row.map((pixel, x) => pixel.map((value, c) => value * factors[(y * 4 + x) * 3 + c]))
  );
  assertAlmost("dropped", y, residual(inner, feeds, "block2").flat(2), 1e-12);
  const still = await features(build("resnet12", { settings: { features: "flatten" } }), image, factors);
  assertAlmost("not dropped", still.y, (await features(dropping, image)).y, 1e-12);
});

Deno.test("the first blocks drop single activations and the last two squares, each on its own image", () => {
  const model = models.resnet12.build({
    ...{ inputShape: [32, 32, 3], outputs: 5, hidden: [2, 2, 2, 2], norm: "none" },
    settings: { dropout: 0.1, dropBlock: 2 },
  });
  const graph = new Graph();
  const seen: DropMask[] = [];
  const params = toLayers(model, ({ key, shape }) => graph.input(key, [1, ...shape]));
  featuresOf(model, params, graph.input("x", [2, 3, 32, 32, 3]), undefined, (name, shape, drop) => {
    seen.push({ name, shape, ...drop });
    return graph.input(name, shape);
  });
  equal(seen.map(({ name, shape, block }) => [name, shape.join(), block]), [
    ["block1", "2,3,16,16,2", 1],
    ["block2", "2,3,8,8,2", 1],
    ["block3", "2,3,4,4,2", 2],
    ["block4", "2,3,2,2,2", 2],
  ]);
  ok(seen.every(({ rate }) => rate === 0.1));
});

Deno.test("images that poolings would halve to nothing are refused, and so are inputs that are no images", () => {
  const [conv4, resnet12] = [models.conv4, models.resnet12];
  const asked = { outputs: 5, hidden: [], norm: "none" } as const;
  equal(resnet12.refusal({ ...asked, inputShape: [16, 16, 1] }), undefined);
  ok(resnet12.refusal({ ...asked, inputShape: [16, 15, 1] })?.includes("16 x 16 at least"));
  equal(conv4.refusal({ ...asked, inputShape: [3, 3, 1] }), undefined);
  ok(conv4.refusal({ ...asked, inputShape: [15, 15, 1], settings: { pooling: "max" } })?.includes("15 x 15"));
  for (const model of [conv4, resnet12]) {
    ok(model.refusal({ ...asked, inputShape: [7] })?.startsWith("it takes images"));
    throws(() => model.build({ ...asked, inputShape: [7] }));
  }
});
