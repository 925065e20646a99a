/** What tests of figures draw: made-up inputs of every kind, every figure of the table, and the one that CONTRIBUTING.md works through. */
import { acrossDomains } from "./domains.ts";
import { withDistances } from "./distances.ts";
import { inWords } from "./words.ts";
import { fromGuide } from "../../common/testing/guide.ts";
import type { Drawing, Figure, Spec } from "../figures/figure.ts";
import { FIGURES } from "../figures/registry.ts";
import type { CellRow } from "../rows/rows.ts";
import type { ReportInput } from "../view/input.ts";
import { overSizes } from "./sizes.ts";
import { synthetic } from "./synthetic.ts";

/** Everything that a figure may show. */
export const full = synthetic();
/** The full input with every cell changed. */
export const changed = (change: (row: CellRow, index: number) => Partial<CellRow>): ReportInput => ({
  ...full,
  cells: full.cells.map((row, i) => ({ ...row, ...change(row, i) })),
});
/** What a cell is that failed. */
export const lost = {
  status: "failed",
  reason: "<lost> & gone",
  mean: null,
  sd: null,
  median: null,
  meanLog: null,
} as const;

/** What makes figures say which: two normalisations, two adapters without steps. */
export const SEVERAL = synthetic({
  algorithms: ["mtl", "maml", "anil"],
  norms: ["batch", "batch-inductive"],
  still: ["logistic", "prototypes"],
});

/** Inputs that must be drawn without a complaint. */
export const INPUTS: Readonly<Record<string, ReportInput>> = {
  full,
  "distances of predictions": withDistances(full),
  "one seed": synthetic({ seeds: 1 }),
  "two algorithms at one depth": synthetic({ algorithms: ["mtl", "maml"], depths: [1], seeds: 2 }),
  "one cell": synthetic({ algorithms: ["mtl"], depths: [1], seeds: 1, shots: [5], steps: [] }),
  "algorithms without a style": synthetic({ algorithms: ["zeta", "maml", "alpha", 'it\'s "new"'] }),
  "comparisons of its own": synthetic({
    algorithms: ["anil", "maml"],
    comparisons: [{ id: "own", question: "?", family: "matched", a: { innerSteps: 1 }, b: { innerSteps: 10 } }],
  }),
  "several normalisations and adapters without steps": SEVERAL,
  "every depth": synthetic({ depths: [0, 1, 2, 3] }),
  "half of the cells failed": changed((_, i) => i % 2 === 0 ? lost : {}),
  "all but one cell failed": changed((_, i) => i !== 7 ? lost : {}),
  "equal scores": changed(({ metric }) => metric === "mse" ? { mean: 1, meanLog: 0 } : { mean: 1 }),
  "exploded scores": changed((_, i) => i % 9 === 0 ? { mean: 1e30, meanLog: 69 } : {}),
  "verdicts without intervals": synthetic({ seeds: 2 }),
  "verdicts with one meta-learner": synthetic({ algorithms: ["mtl", "reptile"], depths: [1] }),
  "representations that are undefined in part": {
    ...full,
    representations: full.representations.map((row, i) =>
      i % 3 === 0 ? { ...row, cka: null, ckaSd: null, undefinedEpisodes: row.episodes } : row
    ),
  },
  "unrelated representations": {
    ...full,
    representations: full.representations.map((row) => ({ ...row, cka: -0.07 })),
  },
  "texts for images": inWords(full),
  "across domains": acrossDomains(full),
  "several sizes": overSizes(full),
  "no timings": { ...full, timings: [] },
  "no validation curves": { ...full, curves: [] },
  "no pictures": { ...full, pictures: [] },
  "pictures without states": { ...full, pictures: full.pictures.map((picture) => ({ ...picture, states: [] })) },
  "predictions that are not finite": {
    ...full,
    pictures: full.pictures.map((picture) => ({
      ...picture,
      states: picture.states.map((state) => ({
        ...state,
        illustrations: state.illustrations.map(({ innerSteps, predictions }) => ({
          innerSteps,
          predictions: predictions.map((row, i) => i % 7 === 0 ? row.map(() => NaN) : row),
        })),
      })),
    })),
  },
};

const { scoreSpread } = await fromGuide<{ scoreSpread: Figure }>("reports/figures/score_spread.ts");

/** The figures of the table, and the one that CONTRIBUTING.md works through. */
export const figures: readonly Figure[] = Object.values({ ...FIGURES, [scoreSpread.name]: scoreSpread });

/** Every figure of every data set that it is about, by its name and the data set's. */
export function drawings(input: ReportInput): [string, Drawing][] {
  return figures.flatMap((figure) =>
    input.datasets.flatMap((dataset): [string, Drawing][] => {
      const drawing = figure.draw(input, dataset);
      return drawing === undefined ? [] : [[`${figure.name} of ${dataset.name}`, drawing]];
    })
  );
}

/** A figure of one data set. @throws where it draws nothing */
export function drawing(figure: Figure, input: ReportInput, dataset: string): Drawing {
  const drawn = figure.draw(input, input.datasets.find(({ name }) => name === dataset) ?? input.datasets[0]);
  if (drawn === undefined) throw new Error(`${figure.name} drew nothing`);
  return drawn;
}

/** A spec as the shape that the test knows a figure to make: Vega-Lite's type is a union of all that there are. */
export function specAs<T>(spec: Spec): T {
  return spec as unknown as T;
}

/** Rows of data in a spec. */
export type Values = Record<string, number | string>[];

/** The rows that a drawing's marks share. */
export function valuesOf({ spec }: Pick<Drawing, "spec">): Values {
  return specAs<{ data: { values: Values } }>(spec).data.values;
}
