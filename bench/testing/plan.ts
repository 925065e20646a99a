/** Small fakes for the tests of the harness. */
import { adapters } from "../../algorithms/adapters/registry.ts";
import { mlp } from "../../algorithms/models/mlp.ts";
import { COMPARISON_FAMILIES } from "../sweeps/comparisons.ts";
import type { Catalog, PlannedAlgorithm } from "../plan/catalog.ts";
import type { Addresses } from "../plan/plan.ts";
import { canonicalJson, sha256 } from "../../common/digest.ts";
import { SINUSOID } from "../sweeps/parts.ts";
import type { DataSetEntry } from "../../data/contract/dataset.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";

const prefix = (depth: number | null, layers: number) =>
  Array.from({ length: layers }, (_, layer) => layer >= (depth ?? 0));

/** Joint training: one state for all shots and steps. */
const joint: PlannedAlgorithm = {
  name: "joint",
  title: "Joint",
  reads: ["shots", "innerSteps", "sharingDepth", "taskStart"],
  shapesTraining: ["sharingDepth"],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "pool",
  supports: ["regression", "classification"],
  nativeAdapters: ["ridge", "logistic"],
  sharingDepth: (asked) => asked,
  nativeSharingDepth: (layers) => layers - 1,
  adaptationMask: prefix,
};

/** Meta-learning: every axis shapes training. */
const meta: PlannedAlgorithm = {
  ...joint,
  name: "meta",
  title: "Meta",
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 2,
  data: "episodes",
  nativeAdapters: ["gradient"],
  nativeSharingDepth: () => 0,
};

/** No training, off the axis of sharing depth. */
const floor: PlannedAlgorithm = {
  ...meta,
  name: "floor",
  title: "Floor",
  reads: ["shots", "innerSteps"],
  shapesTraining: [],
  gradientOrder: 0,
  outerGradient: "none",
  data: "none",
  sharingDepth: () => null,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
};

/** Exists at one sharing depth only, never adapts natively, reads no axis. */
const frozen: PlannedAlgorithm = {
  ...joint,
  name: "frozen",
  title: "Frozen",
  reads: [],
  shapesTraining: [],
  sharingDepth: (asked, layers) => asked === layers ? asked : undefined,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(false),
};

function entry(name: string, kind: DataSetEntry["kind"]): DataSetEntry {
  return {
    name,
    title: name,
    summary: "",
    source: "",
    kind,
    metric: kind === "regression" ? "mse" : "accuracy",
    inputShape: [1],
    sourceFiles: [],
    ...(kind === "classification" ? { examplesPerClass: 20, classes: 100 } : {}),
    missing: () => Promise.resolve(undefined),
    open: () => Promise.reject(new Error("a fake has no data")),
  };
}

/** Four algorithms of every kind, two data sets, models of as many layers as they have hidden widths and one. */
export const FAKES: Catalog = {
  algorithms: { joint, meta, floor, frozen },
  adapters,
  dataSets: { curves: entry("curves", "regression"), letters: entry("letters", "classification") },
  models: { mlp },
  layerCount: (_, hidden) => hidden.length + 1,
  iterationFlops: ({ innerSteps, hyper: { metaBatch, queries } }) =>
    1e4 * metaBatch * queries * (1 + (innerSteps ?? 0)),
  predictionFlops: () => 1e4,
};

/** Addresses that show what they are made of. */
export const PLAIN_ADDRESSES: Addresses = {
  unit: (spec) => sha256(canonicalJson(spec)),
  evaluation: (unit, spec) => sha256(canonicalJson({ unit, spec })),
};

/** A sweep of the fakes on `curves`. */
export function fakeSweep(dataset: Partial<DataSetSweep> = {}, sweep: Partial<Sweep> = {}): Sweep {
  return {
    format: 2,
    name: "fake",
    title: "Fake",
    algorithms: ["joint", "meta", "floor", "frozen"],
    seeds: [0, 1],
    rounds: null,
    datasets: [{ ...SINUSOID, name: "curves", ...dataset }],
    families: COMPARISON_FAMILIES,
    comparisons: [],
    predictions: [],
    ...sweep,
  };
}
