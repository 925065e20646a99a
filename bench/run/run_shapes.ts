/**
 * The shapes of what a run leaves, for reading it again. A run's folder may come from anywhere: nothing in it is believed before it has the right shape, and
 * no text in it becomes a path but those that say where data and store are.
 */
import { z } from "zod";
import { METRICS, TASK_STARTS } from "../../common/vocabulary.ts";
import { trainSpec } from "../store/entry_shapes.ts";
import type { Manifest } from "./manifest.ts";
import type { RunRecord } from "./outputs.ts";
import type { Sweep } from "../sweeps/schema.ts";

const count = z.int().min(0);
const number = z.number();
const depth = count.nullable();
const strings = z.record(z.string(), z.string());
const adapter = z.string();
const taskStart = z.enum(TASK_STARTS).nullable();
const adaptDepth = z.union([z.literal("native"), count]);
const metric = z.enum(METRICS);
/** 64 hex digits: addresses name files of the store. */
const address = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hex digits");
const addressOrNone = z.union([z.literal(""), address]);

const evaluationSpec = z.looseObject({
  adapter,
  shots: count,
  innerSteps: z.array(count),
  adaptDepth,
  taskStart,
  innerLrs: z.array(number),
  episodes: count,
  testQueries: count,
});

const recordShape = z.object({
  store: z.string().min(1),
  dataDir: z.string(),
  failures: z.array(z.tuple([z.string(), z.string()])),
  plan: z.object({
    units: z.array(z.object({
      id: address,
      spec: trainSpec,
      evaluations: z.array(z.object({ id: address, spec: evaluationSpec })),
    })),
    cells: z.array(z.object({
      dataset: z.string(),
      algorithm: z.string(),
      adapter,
      shots: count,
      innerSteps: depth,
      sharingDepth: depth,
      adaptDepth: depth,
      taskStart,
      seed: count,
      unit: addressOrNone,
      evaluation: addressOrNone,
      skipped: z.string(),
    })),
  }),
  tuning: z.array(z.looseObject({ dataset: z.string(), algorithm: z.string(), sharingDepth: depth, metric })).default(
    [],
  ),
});

const manifestShape = z.looseObject({
  created: z.string(),
  sweep: z.looseObject({ seeds: z.array(count) }),
  versions: strings,
  packages: strings,
  backend: z.looseObject({ name: z.string() }),
  workers: count,
  machine: z.looseObject({ os: z.string(), arch: z.string(), cpu: z.string().nullable(), cores: count }),
  git: z.looseObject({ commit: z.string(), dirty: z.boolean().nullable() }).nullable(),
  data: z.record(z.string(), z.union([z.object({ digest: z.string() }), z.object({ skipped: z.string() })])),
  code: z.record(z.string(), z.object({ train: z.string(), evaluate: z.string() })),
});

function parse(shape: z.ZodType, value: unknown): void {
  const parsed = shape.safeParse(value);
  if (parsed.success) return;
  const { path, message } = parsed.error.issues[0];
  throw new SyntaxError(`${path.length === 0 ? "" : `${path.map(String).join(".")}: `}${message}`);
}

/** Checks the contents of plan.json. @throws SyntaxError naming the first place that is wrong */
export function parseRecord(value: unknown): RunRecord {
  parse(recordShape, value);
  return value as RunRecord;
}

/** Checks the contents of manifest.json as far as they are used. @throws SyntaxError naming the first place that is wrong */
export function parseManifest(value: unknown): Manifest {
  parse(manifestShape, value);
  return value as Manifest;
}

/**
 * Checks that a record speaks of its sweep only, so that every name in it is one that this version knows.
 *
 * @throws SyntaxError naming what the sweep does not have
 */
export function requireOfSweep({ plan, tuning }: RunRecord, sweep: Sweep): void {
  const datasets = new Set(sweep.datasets.map(({ name }) => name));
  const names = new Set(sweep.algorithms);
  const models = new Set(sweep.datasets.map(({ model }) => model));
  const wrong = [...plan.units.map(({ spec }) => spec), ...plan.cells, ...tuning].find(({ dataset, algorithm }) =>
    !datasets.has(dataset) || !names.has(algorithm)
  );
  if (wrong !== undefined) throw new SyntaxError(`its sweep has no ${wrong.algorithm} on ${wrong.dataset}`);
  const unit = plan.units.find(({ spec }) => !models.has(spec.model));
  if (unit !== undefined) throw new SyntaxError(`its sweep has no model ${unit.spec.model}`);
}
