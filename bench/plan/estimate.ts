/** How long a plan will take, from what earlier units took or, failing that, from a count of their operations at an assumed speed. */
import { canonicalJson } from "../../common/digest.ts";
import type { Catalog } from "./catalog.ts";
import type { EvaluationSpec, TrainingTiming, TrainingUnit, TrainSpec } from "../store/types.ts";

/** Assumed where nothing was measured: floating-point operations per second of one worker. */
const FLOPS_PER_S = 25e9;
/** Assumed cost of a training iteration or an adaptation step beside its arithmetic, seconds. */
const STEP_S = 0.05e-3;

/** Where an estimate comes from. */
export type EstimateSource = "measured" | "rough" | "no training";

/** Seconds of one worker. */
export interface UnitEstimate {
  readonly trainS: number;
  readonly evaluateS: number;
  readonly source: EstimateSource;
}

/** How long units take with some workers: their total shared out, but no less than the longest. */
export function wallSeconds(estimates: readonly UnitEstimate[], workers: number): number {
  const seconds = estimates.map(({ trainS, evaluateS }) => trainS + evaluateS);
  return Math.max(0, ...seconds, seconds.reduce((total, each) => total + each, 0) / workers);
}

/** Estimates units. */
export class Estimator {
  readonly #catalog: Catalog;
  readonly #exact = new Map<string, number>();
  readonly #similar = new Map<string, number>();

  /** @param timings what trainings on this machine took */
  constructor(catalog: Catalog, timings: Iterable<TrainingTiming> = []) {
    this.#catalog = catalog;
    for (const { spec, iterationsPerS } of timings) {
      if (iterationsPerS === null || !(iterationsPerS > 0)) continue;
      this.#exact.set(exactKey(spec), 1 / iterationsPerS);
      this.#similar.set(similarKey(spec), 1 / iterationsPerS);
    }
  }

  unit(unit: TrainingUnit): UnitEstimate {
    const { spec } = unit;
    const evaluateS = unit.evaluations.reduce((total, evaluation) => total + this.#evaluateS(spec, evaluation.spec), 0);
    if (this.#catalog.algorithms[spec.algorithm].data === "none") {
      return { trainS: 0, evaluateS, source: "no training" };
    }
    const measured = this.#exact.get(exactKey(spec)) ?? this.#similar.get(similarKey(spec));
    const iterationS = measured ?? this.#iterationS(spec);
    return {
      trainS: spec.hyper.iterations * iterationS,
      evaluateS,
      source: measured === undefined ? "rough" : "measured",
    };
  }

  #iterationS(spec: TrainSpec): number {
    return this.#catalog.iterationFlops(spec) / FLOPS_PER_S + STEP_S * (1 + (spec.innerSteps ?? 0));
  }

  #evaluateS(spec: TrainSpec, { innerSteps, shots, testQueries, episodes, innerLrs }: EvaluationSpec): number {
    const steps = Math.max(0, ...innerSteps);
    const passes = spec.ways * (3 * steps * shots + Math.max(1, innerSteps.length) * testQueries);
    const once = episodes *
      (passes * this.#catalog.predictionFlops(spec) / FLOPS_PER_S + STEP_S * (1 + steps) / 10);
    return once * Math.max(1, innerLrs.length);
  }
}

function exactKey(spec: TrainSpec): string {
  return canonicalJson({ ...spec, seed: 0, hyper: { ...spec.hyper, iterations: 0 } });
}

function similarKey({ dataset, ways, model, modelOptions = {}, hidden, norm, algorithm }: TrainSpec): string {
  return canonicalJson({ dataset, ways, model, modelOptions, hidden, norm, algorithm });
}

/** A duration for people: "45 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}
