/** What a sweep says of a model and of images: whether it can be, and what of it is part of a training. */
import { type Augmentation, augments } from "../../data/augmentation/augment.ts";
import { UsageError } from "../../common/errors.ts";
import { explain } from "../sweeps/explain.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { TrainSpec } from "../store/types.ts";
import type { Catalog, PlannedModel } from "./catalog.ts";

/** The options of a model that are not at their defaults. @throws UsageError where it has no such option, or not of that value */
function ownOptions(
  { name, model, modelOptions = {} }: DataSetSweep,
  { options }: PlannedModel,
): TrainSpec["modelOptions"] {
  const parsed = options.safeParse(modelOptions);
  if (!parsed.success) {
    const [stray] = Object.keys(modelOptions);
    if (Object.keys(options.shape).length === 0) {
      throw new UsageError(
        `The model of "${name}": unknown key modelOptions.${stray}; ${model} has no options of its own`,
      );
    }
    throw new UsageError(`The model of "${name}": ${explain(options, parsed.error, "modelOptions")}`);
  }
  const defaults = options.parse({});
  const own = Object.entries(parsed.data).filter(([option, value]) => value !== defaults[option]);
  return own.length === 0 ? undefined : Object.fromEntries(own) as TrainSpec["modelOptions"];
}

/** What a training has of a data set's model options and augmentation: only what is not the default, so that saying a default changes no address. */
export function imageSettings(entry: DataSetSweep, catalog: Catalog): Pick<TrainSpec, "modelOptions" | "augment"> {
  const modelOptions = ownOptions(entry, catalog.models[entry.model]);
  const augment: Augmentation | undefined = entry.augment;
  return {
    ...(modelOptions === undefined ? {} : { modelOptions }),
    ...(augment === undefined || !augments(augment) ? {} : { augment }),
  };
}

/** @throws UsageError where the model cannot take the data, or what is no image is to be augmented */
export function checkImages(entry: DataSetSweep, catalog: Catalog): void {
  const { name, model, hidden, norms, ways, augment } = entry;
  const { inputShape } = catalog.dataSets[name];
  const settings = ownOptions(entry, catalog.models[model]);
  const refusal = catalog.models[model].refusal({ inputShape, outputs: ways, hidden, norm: norms[0], settings });
  if (refusal !== undefined) throw new UsageError(`Cannot use the model ${model} on "${name}": ${refusal}`);
  if (augment === undefined || !augments(augment)) return;
  if (inputShape.length !== 3) {
    throw new UsageError(`Cannot augment "${name}": it has no images but inputs of shape [${inputShape.join(", ")}]`);
  }
  const side = Math.min(inputShape[0], inputShape[1]);
  if (augment.crop >= side) {
    throw new UsageError(
      `Cannot crop "${name}" by ${augment.crop}: its images are ${inputShape[0]} x ${inputShape[1]}`,
    );
  }
}
