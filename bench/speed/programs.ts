/** Workloads as the harness runs them: its spec of their training, and the program that is timed. */
import type { OwnSettings } from "../../algorithms/blocks/own_settings.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { type Program } from "../../algorithms/tensor/program.ts";
import type { TrainSpec } from "../store/types.ts";
import { adaptationProgram } from "../units/adaptation.ts";
import { CHUNK } from "../units/episodes.ts";
import { algorithmOf, metaSpecsOf, modelOf, nativeAdapterOf } from "../units/subject.ts";
import { stepGraph, type StepParts, trainingProgram } from "../units/training_program.ts";
import { EPISODES, isLabelled, isSplit, sharingDepthOf, type Sizes, sizesOf, type Workload } from "./workloads.ts";

/** A workload as the harness would be told to train it. */
export function trainSpecOf(workload: Workload, sizes: Sizes = sizesOf(workload)): TrainSpec {
  const { setting, algorithm, innerSteps } = workload;
  return {
    dataset: setting.dataset,
    ways: setting.data.outputs,
    model: setting.model,
    hidden: setting.hidden,
    norm: setting.norm,
    algorithm,
    sharingDepth: sharingDepthOf(workload),
    shots: setting.shots,
    innerSteps,
    seed: 0,
    hyper: {
      iterations: 0,
      metaBatch: setting.tasks,
      queries: isSplit(workload) ? setting.queries : setting.shots + setting.queries,
      innerLr: setting.innerLr,
      outerLr: OUTER_LR,
      optimiser: { name: "adam" },
      schedule: { name: "constant" },
      weightDecay: 0,
      clip: { by: "value", limit: CLIP },
      pool: sizes.pool,
      taskLayers: "auto",
      poolMoments: "lazy",
      untilFlat: null,
      trainWays: null,
      own: (algorithmOf(workload).hyper?.parse({}) ?? {}) as OwnSettings,
    },
    validation: null,
  };
}

/** β of Adam in every workload. */
export const OUTER_LR = 1e-3;

/** What share of a training is behind in every workload: early, where MAML++ has losses on the way. */
export const TRAINED_SHARE = 1 / 32;

/** Outer gradients are clipped to ±this in every workload. */
export const CLIP = 10;

/** The program that is timed: the one that the harness trains or adapts with. */
export function programOf(workload: Workload, sizes: Sizes = sizesOf(workload)): Program {
  const spec = trainSpecOf(workload, sizes);
  const { data } = workload.setting;
  const model = modelOf(spec, data);
  if (workload.kind === "adaptation") {
    const [nSupport, nQuery] = sizes.parts;
    const adapter = nativeAdapterOf(algorithmOf(spec), data.kind);
    if (!("trajectory" in adapter)) throw new Error(`internal: "${adapter.name}" adapts nothing on a backend`);
    return adaptationProgram(
      {
        ...{ adapter, model, spec, metaSpecs: metaSpecsOf(spec, model, {}), adaptDepth: "native" },
        innerSteps: [workload.innerSteps],
        strength: spec.hyper.innerLr,
      },
      { tasks: sizes.tasks, nSupport, nQuery },
      data,
    );
  }
  return trainingProgram(stepGraph(stepPartsOf(workload, spec, model, sizes)), model, spec.hyper);
}

/** What the graph of a training workload is built from. */
export function stepPartsOf(workload: Workload, spec: TrainSpec, model: Model, sizes: Sizes): StepParts {
  const { setting: { data } } = workload;
  return {
    algorithm: algorithmOf(spec),
    model,
    spec,
    batch: {
      ...sizes,
      outputs: isLabelled(workload) ? sizes.trainClasses : data.outputs,
      ways: data.kind === "classification" ? data.outputs : 0,
    },
    dataSet: data,
    metaSpecs: metaSpecsOf(spec, model, sizes),
  };
}

/** Runs of the program that make one iteration of a workload: a chunk of episodes each, or one. */
export function runsOf({ kind }: Workload): number {
  return kind === "adaptation" ? EPISODES / CHUNK : 1;
}
