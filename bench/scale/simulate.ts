/** Stands in for training and evaluation: results of the real shapes and sizes, which nothing has learned. */
import { createHash } from "node:crypto";
import type { Store } from "../store/store.ts";
import type { EvaluationResult, EvaluationSpec, TrainingResult, TrainingUnit, TrainSpec } from "../store/types.ts";

/** Query points of a picture, layers of the network, points of a loss curve. */
const [QUERIES, LAYERS, LOSSES] = [100, 5, 100];

/** Numbers in [0, 1) that depend on nothing but the name (xorshift32 of its digest). */
function numbers(name: string): () => number {
  let state = createHash("sha256").update(name).digest().readUInt32LE() | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Better with more steps and shots; algorithms differ by less than seeds do. */
function level({ algorithm, seed }: TrainSpec, shots: number, steps: number): number {
  const own = numbers(`${algorithm} ${seed}`)();
  return (0.5 + own / 2) * 4 / (1 + 0.3 * Math.log1p(steps) * shots);
}

function training({ id, spec }: TrainingUnit): TrainingResult {
  const draw = numbers(id);
  const { iterations } = spec.hyper;
  const flops = 1e9 * (1 + draw());
  const points = spec.validation?.points ?? 0;
  const at = (index: number, count: number) => Math.round(iterations * (index + 1) / count);
  return {
    status: "ok",
    reason: "",
    iterations,
    curve: Array.from(
      { length: LOSSES },
      (_, i) => ({ iteration: at(i, LOSSES), loss: 1 + draw(), maxLoss: 1 + draw() }),
    ),
    restarts: 0,
    flops,
    validation: Array.from({ length: points }, (_, i) => ({
      iteration: at(i, points),
      score: level(spec, spec.shots ?? 5, i) * (1 + draw() / 10),
      flops: flops * (i + 1) / points,
    })),
    trend: points === 0 ? null : { improvement: draw() / 20, standardError: 0.02 },
  };
}

function evaluation({ id, spec }: TrainingUnit, asked: EvaluationSpec): EvaluationResult {
  const draw = numbers(`${id} ${asked.adapter} ${asked.shots} ${asked.adaptDepth} ${asked.taskStart}`);
  const solved = asked.innerSteps.length === 0;
  const steps: readonly (number | null)[] = solved ? [null] : asked.innerSteps;
  const scored = steps.map((innerSteps) => {
    const mean = level(spec, asked.shots, innerSteps ?? 30);
    // Twice the square of a mean of draws: heavy to the right, as episodes' MSE is.
    const score = () => mean * 2 * (draw() + draw()) ** 2;
    return { innerSteps, strength: 0.01, scores: Array.from({ length: asked.episodes }, score), adaptFlops: 1e6 };
  });
  const pictured = solved || asked.innerSteps.includes(0) ? steps : [0, ...steps];
  return {
    curve: scored,
    illustrations: pictured.map((innerSteps) => ({
      innerSteps,
      predictions: Array.from({ length: QUERIES }, () => [Math.fround(draw() - 0.5)]),
    })),
    representations: asked.innerSteps.map((innerSteps) => ({
      innerSteps,
      layers: Array.from({ length: LAYERS }, (_, layer) => ({
        name: layer === LAYERS - 1 ? "head" : `dense${layer + 1}`,
        adapted: true,
        cka: draw(),
        sd: draw() / 10,
        episodes: 50,
        undefinedEpisodes: 0,
      })),
    })),
  };
}

/** Puts results of all units into the store, as workers would. */
export function simulate(units: readonly TrainingUnit[], store: Store): void {
  for (const unit of units) {
    const { id, spec } = unit;
    const draw = numbers(`${id} time`);
    const result = training(unit);
    const trainS = 10 * (1 + draw());
    const peakRssMib = 150 + 50 * draw();
    store.putTraining(id, result, { head: Float32Array.of(draw()) });
    store.putTrainingTiming(id, {
      ...{ spec, trainS, iterationsPerS: result.iterations / trainS, validateS: draw(), peakRssMib },
      backend: "simulated",
    });
    for (const job of unit.evaluations) {
      store.putEvaluation(job.id, evaluation(unit, job.spec));
      store.putEvaluationTiming(job.id, { evaluateS: draw(), peakRssMib });
    }
  }
}
