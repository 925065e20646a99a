/** Small trainings of any algorithm, on a data set that it is for. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { TaskKind } from "../../common/vocabulary.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { dataSets } from "../../data/mod.ts";
import { collectionDataSet } from "../../data/sampling/collection_data_set.ts";
import { glyphs } from "../../data/testing/glyphs.ts";
import type { TrainSpec } from "../store/types.ts";
import { testHyper } from "./hyper.ts";

/** Every algorithm, by name. */
export const TABLE: Readonly<Record<string, Algorithm>> = algorithms;

/** The names of the algorithms that learn something. */
export const TRAINED = Object.keys(TABLE).filter((name) => TABLE[name].objective !== undefined);

/** N of the tasks of glyphs. */
export const WAYS = 3;

/** Glyphs of 8 x 8 pixels: eight training classes, four to choose and four to test on. */
export const TINY_GLYPHS = {
  side: 8,
  alphabets: [2, 1, 1],
  charactersPerAlphabet: 4,
  examples: [22, 24],
} as const;

/** Three-way tasks of tiny glyphs, each of which is drawn once. */
function tinyGlyphs(): DataSet {
  const collection = glyphs(TINY_GLYPHS);
  const drawn = new Map<string, Float32Array>();
  const size = TINY_GLYPHS.side ** 2;
  return collectionDataSet({
    ...collection,
    write(classId, example, out, at) {
      const key = `${classId} ${example}`;
      let image = drawn.get(key);
      if (image === undefined) {
        collection.write(classId, example, image = new Float32Array(size), 0);
        drawn.set(key, image);
      }
      out.set(image, at);
    },
  }, WAYS);
}

const TINY = tinyGlyphs();

/** Sinusoids, or three-way tasks of tiny glyphs. */
export async function tinyDataSet(kind: TaskKind): Promise<DataSet> {
  return kind === "regression" ? await dataSets.sinusoid.open({ dataDir: "", ways: 1 }) : TINY;
}

/** The kind of task that an algorithm is for, the first where there are several. */
export function kindOf(algorithm: string): TaskKind {
  return TABLE[algorithm].supports[0];
}

/** A training of three layers at sharing depth 1, or the algorithm's own; only joint training has a finite set of tasks. */
export function tinySpec(
  algorithm: string,
  kind: TaskKind = kindOf(algorithm),
  change: Partial<TrainSpec> = {},
  hyper: Partial<TrainSpec["hyper"]> = {},
): TrainSpec {
  const { sharingDepth, hyper: own } = TABLE[algorithm];
  const classification = kind === "classification";
  return {
    dataset: classification ? "glyphs" : "sinusoid",
    ways: classification ? WAYS : 1,
    model: "mlp",
    hidden: [8, 7],
    norm: classification ? "batch" : "none",
    algorithm,
    sharingDepth: sharingDepth(1, 3) ?? null,
    shots: 5,
    innerSteps: 2,
    seed: 3,
    hyper: testHyper({
      ...{ iterations: 20, metaBatch: 3, queries: 5, innerLr: 0.02, outerLr: 1e-2 },
      pool: TABLE[algorithm].data === "pool" ? 7 : 0,
      own: (own?.parse({}) ?? {}) as TrainSpec["hyper"]["own"],
      ...hyper,
    }),
    validation: null,
    ...change,
  };
}
