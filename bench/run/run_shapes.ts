/**
 * The shapes of what a run leaves, for reading it again. A run's folder may come from anywhere: nothing in it is believed before it has the right shape, and
 * no text in it becomes a path but those that say where data and store are.
 */
import { inPlainWords } from "../../common/missing_words.ts";
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { tuningRow } from "../../reports/rows/training_row.ts";
import { planSchema } from "../store/types.ts";
import type { Catalog } from "../plan/catalog.ts";
import { trainedOn } from "../sweeps/derived.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

const recordSchema = z.object({
  /** Folder of the store; relative to the run's folder where it lies inside. */
  store: z.string().min(1),
  dataDir: z.string(),
  /** Reasons by address. */
  failures: z.array(z.tuple([z.string(), z.string()])),
  /** Trials included. */
  plan: planSchema,
  tuning: z.array(tuningRow).default([]),
  /** sha256 of the tables, what describes them, and the manifest, by file; absent where an older version wrote them. */
  tables: z.record(z.string().regex(/^\w[\w.-]*$/), z.string()).optional(),
});

/** Contents of plan.json: which stored results belong to a run, so that its report can be drawn again later, by later code too. */
export type RunRecord = Immutable<z.infer<typeof recordSchema>>;

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new SyntaxError(`${path.length === 0 ? "" : `${path.map(String).join(".")}: `}${inPlainWords(message)}`);
}

/** Checks the contents of plan.json. @throws SyntaxError naming the first place that is wrong */
export function parseRecord(value: unknown): RunRecord {
  return parse(recordSchema, value);
}

/** Checks the contents of manifest.json. @throws SyntaxError naming the first place that is wrong */
export function parseManifest(value: unknown): Manifest {
  return parse(manifestSchema, value);
}

/**
 * Checks that a record speaks of its sweep only, so that every name in it is one that this version knows.
 *
 * @param algorithms the table of all there are
 * @throws SyntaxError naming what the sweep does not have
 */
export function requireOfSweep({ plan, tuning }: RunRecord, sweep: Sweep, algorithms: Catalog["algorithms"]): void {
  const datasets = new Set(sweep.datasets.flatMap((entry) => [entry.name, trainedOn(entry)]));
  const names = new Set(sweep.algorithms);
  const models = new Set(sweep.datasets.map(({ model }) => model));
  const wrong = plan.cells.find(({ dataset, algorithm }) => !datasets.has(dataset) || !names.has(algorithm)) ??
    // What is trained may bear the name of another algorithm that trains the same.
    [...plan.units.map(({ spec }) => spec), ...tuning].find(({ dataset, algorithm }) =>
      !datasets.has(dataset) || !Object.hasOwn(algorithms, algorithm)
    );
  if (wrong !== undefined) throw new SyntaxError(`its sweep has no ${wrong.algorithm} on ${wrong.dataset}`);
  const unit = plan.units.find(({ spec }) => !models.has(spec.model));
  if (unit !== undefined) throw new SyntaxError(`its sweep has no model ${unit.spec.model}`);
}
