import { deepStrictEqual as equal, notDeepStrictEqual as differs, throws } from "node:assert/strict";
import { UsageError } from "../../common/errors.ts";
import { CATALOG } from "../run/catalog.ts";
import { OMNIGLOT, SINUSOID } from "../sweeps/parts.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import { fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planSweep } from "./plan.ts";
import { validateSweep } from "./validate.ts";

const IMAGES: DataSetSweep = {
  ...OMNIGLOT,
  ...{ model: "conv4", hidden: [], sharingDepths: [0], depthsOf: {}, overrides: {} },
};

const sweepOf = (change: Partial<DataSetSweep>) =>
  fakeSweep({ ...IMAGES, ...change }, { algorithms: ["maml"], seeds: [0] });

function refuses(change: Partial<DataSetSweep>, message: RegExp): void {
  throws(() => validateSweep(sweepOf(change), CATALOG), (error) => {
    return error instanceof UsageError && message.test(error.message) && !error.message.includes("\n");
  });
}

const units = (change: Partial<DataSetSweep>) =>
  planSweep(sweepOf(change), CATALOG, PLAIN_ADDRESSES).units.map(({ id, spec }) => ({ id, spec }));

Deno.test("what a model cannot take is refused in one line, before anything is computed", () => {
  refuses(
    { ...SINUSOID, model: "conv4" },
    /^Cannot use the model conv4 on "sinusoid": it takes images, not inputs of shape \[1\]$/,
  );
  refuses(
    { hidden: [4, 4, 4, 4, 4], modelOptions: { pooling: "max" } },
    /its 5 poolings halve an image of 28 x 28 to nothing/,
  );
  refuses({ modelOptions: { poling: "max" } }, /unknown key poling; did you mean "pooling"\?$/);
  refuses({ modelOptions: { pooling: "mean" } }, /^The model of "omniglot": pooling: /);
  refuses({ model: "mlp", modelOptions: { pooling: "max" } }, /modelOptions\.pooling; mlp has no options of its own$/);
  refuses({ model: "resnet12", modelOptions: { dropout: 1 } }, /dropout/);
});

Deno.test("what is no image is not augmented, and no image is cut away", () => {
  const flip = { crop: 0, flip: true, jitter: 0 };
  refuses({ ...SINUSOID, augment: flip }, /^Cannot augment "sinusoid": it has no images/);
  refuses({ augment: { ...flip, crop: 28 } }, /^Cannot crop "omniglot" by 28: its images are 28 x 28$/);
  validateSweep(sweepOf({ augment: { ...flip, crop: 27 } }), CATALOG);
});

Deno.test("saying a default changes no training's address; saying anything else does, and is in its spec", () => {
  const [plain] = units({});
  const nothing = { crop: 0, flip: false, jitter: 0 };
  equal(units({ modelOptions: { pooling: "stride", features: "mean" }, augment: nothing })[0], plain);
  equal(Object.keys(plain.spec).filter((name) => name === "modelOptions" || name === "augment"), []);
  const [pooled] = units({ modelOptions: { pooling: "max", features: "mean" } });
  equal(pooled.spec.modelOptions, { pooling: "max" });
  const [mirrored] = units({ augment: { ...nothing, flip: true } });
  equal(mirrored.spec.augment, { ...nothing, flip: true });
  differs(pooled.id, plain.id);
  differs(mirrored.id, plain.id);
});
