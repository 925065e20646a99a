import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Ajv } from "ajv";
import schema from "vega-lite/vega-lite-schema.json" with { type: "json" };
import type { CellRow, ValidationRow } from "../rows/rows.ts";
import type { ReportInput } from "../view/input.ts";
import { VERDICTS } from "../view/palette.ts";
import { cellsOf } from "../statistics/cells.ts";
import { judgeComparisons } from "../statistics/judge_comparisons.ts";
import { page } from "../page/page.ts";
import { renderPng, renderSvg } from "./render.ts";
import { synthetic } from "../testing/synthetic.ts";
import type { Drawing, Figure, Spec } from "./figure.ts";
import { paretoFront } from "./cost_by_score.ts";
import { FIGURES } from "./registry.ts";

const full = synthetic();
const changed = (change: (row: CellRow, index: number) => Partial<CellRow>): ReportInput => ({
  ...full,
  cells: full.cells.map((row, i) => ({ ...row, ...change(row, i) })),
});
const lost = { status: "failed", reason: "<lost> & gone", mean: null, sd: null, median: null, meanLog: null } as const;

/** What makes figures say which: two normalisations, two adapters without steps. */
const SEVERAL = synthetic({
  algorithms: ["mtl", "maml", "anil"],
  norms: ["batch", "batch-inductive"],
  still: ["logistic", "prototypes"],
});

/** Inputs that must be drawn without a complaint. */
const INPUTS: Readonly<Record<string, ReportInput>> = {
  full,
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

const figures: readonly Figure[] = Object.values(FIGURES);

function drawings(input: ReportInput): [string, Drawing][] {
  return figures.flatMap((figure) =>
    input.datasets.flatMap((dataset): [string, Drawing][] => {
      const drawing = figure.draw(input, dataset);
      return drawing === undefined ? [] : [[`${figure.name} of ${dataset.name}`, drawing]];
    })
  );
}

function drawing(figure: Figure, input: ReportInput, dataset: string): Drawing {
  const drawn = figure.draw(input, input.datasets.find(({ name }) => name === dataset) ?? input.datasets[0]);
  if (drawn === undefined) throw new Error(`${figure.name} drew nothing`);
  return drawn;
}

Deno.test("every figure of the table goes by its own name", () => {
  deepStrictEqual(figures.map(({ name }) => name), Object.keys(FIGURES));
});

Deno.test("every figure draws the full input, for the data sets it is about", () => {
  deepStrictEqual(drawings(full).map(([name]) => name), [
    "verdict_grid of sinusoid",
    "verdict_grid of omniglot",
    "forest of sinusoid",
    "forest of omniglot",
    "score_by_steps of sinusoid",
    "score_by_steps of omniglot",
    "depth_heatmap of sinusoid",
    "depth_heatmap of omniglot",
    "cost_by_score of sinusoid",
    "cost_by_score of omniglot",
    "validation_curves of sinusoid",
    "validation_curves of omniglot",
    "layer_similarity of sinusoid",
    "layer_similarity of omniglot",
    "sinusoid_adaptation of sinusoid",
    "omniglot_episode of omniglot",
  ]);
});

Deno.test("no figure is drawn of nothing: without rows, with failed rows only, without pictures", () => {
  const none = { representations: [], curves: [], verdicts: [], pictures: [] };
  deepStrictEqual(drawings({ ...full, ...none, cells: [], timings: [] }), []);
  deepStrictEqual(drawings({ ...changed(() => lost), ...none }), []);
});

Deno.test("every spec is valid by Vega-Lite's own JSON schema", () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile<Spec>(schema);
  for (const [label, input] of Object.entries(INPUTS)) {
    for (const [name, { spec }] of drawings(input)) {
      const plain = JSON.parse(JSON.stringify(spec));
      ok(validate(plain), `${name}, ${label}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
  }
  strictEqual(validate({ mark: "pint" }), false);
});

Deno.test("every spec compiles and renders without a warning, holds finite numbers and lets Vega compute no statistic", async () => {
  for (const [label, input] of Object.entries(INPUTS)) {
    for (const [name, { spec, title, caption, alt }] of drawings(input)) {
      const { svg, warnings } = await renderSvg(spec);
      deepStrictEqual(warnings, [], `${name}, ${label}`);
      ok(!/NaN|Infinity|undefined/.test(svg.replace(/base64,[^"]*/g, "")), `${name}, ${label}: NaN in the picture`);
      const text = JSON.stringify(spec).replace(/base64,[^"]*/g, "");
      ok(
        !/"(aggregate|extent|bin|sample|regression|loess|bootstrap)"/.test(text),
        `${name}, ${label}: a statistic in the spec`,
      );
      for (const words of [title, caption, alt]) {
        ok(words.length > 10 && !/NaN|Infinity|undefined|null/.test(words), `${name}, ${label}: ${words}`);
      }
    }
  }
});

Deno.test("the same input gives the same SVG and PNG bytes, whatever was drawn in between", async () => {
  const { spec } = drawing(FIGURES.depth_heatmap, full, "omniglot");
  const first = await renderSvg(spec);
  const png = await renderPng(first.svg, { scale: 1 });
  await renderSvg(drawing(FIGURES.score_by_steps, full, "sinusoid").spec);
  const again = await renderSvg(drawing(FIGURES.depth_heatmap, synthetic(), "omniglot").spec);
  strictEqual(again.svg, first.svg);
  deepStrictEqual(await renderPng(again.svg, { scale: 1 }), png);
});

Deno.test("PNGs contain text: without fonts it would vanish silently", async () => {
  const { svg } = await renderSvg(drawing(FIGURES.depth_heatmap, full, "omniglot").spec);
  const bare = svg.replace(/<text[^>]*>[^<]*<\/text>/g, "");
  notStrictEqual(bare, svg);
  notStrictEqual((await renderPng(svg, { scale: 1 })).length, (await renderPng(bare, { scale: 1 })).length);
});

Deno.test("a picture never links to anything outside itself: what a spec refers to is left out with a warning", async () => {
  const image = { mark: "image", data: { values: [{}] }, encoding: { url: { value: "https://example.org/x.png" } } };
  const outside = await renderSvg(image as unknown as Spec);
  ok(!outside.svg.includes("example.org"));
  match(outside.warnings.join(), /must hold its own data, but refers to https:\/\/example.org/);
  const data = await renderSvg({ mark: "point", data: { url: "https://example.org/x.json" }, encoding: {} });
  match(data.warnings.join(), /x\.json/);
});

type Values = Record<string, number | string>[];
const valuesOf = ({ spec }: Drawing) => (spec as unknown as { data: { values: Values } }).data.values;

Deno.test("a heat map cell is the mean over seeds of a minus b, in percentage points and as log ratio", () => {
  const row = (algorithm: string, seed: number, changes: Partial<CellRow>): CellRow => ({
    ...full.cells[0],
    algorithm,
    trainingUnit: algorithm,
    seed,
    status: "ok",
    sharingDepth: 1,
    shots: 5,
    innerSteps: 1,
    ...changes,
  });
  const accuracies = { mtl: [0.5, 0.75], maml: [0.25, 0.25] };
  const cells = [0, 1].flatMap((seed) =>
    (["mtl", "maml"] as const).flatMap((name) => [
      row(name, seed, { dataset: "omniglot", metric: "accuracy", mean: accuracies[name][seed], meanLog: null }),
      row(name, seed, { dataset: "sinusoid", metric: "mse", meanLog: name === "mtl" ? -3 : -1 }),
    ])
  );
  const run = {
    ...full,
    dataSets: { omniglot: { margin: 1, limits: null }, sinusoid: { margin: 1.1, limits: [] } },
    nativeOf: () => undefined,
  };
  const verdicts = judgeComparisons(cellsOf(cells, cells.map(() => [])), run);
  const input = { ...full, cells, verdicts };
  const [accuracy] = valuesOf(drawing(FIGURES.depth_heatmap, input, "omniglot"));
  deepStrictEqual([accuracy.difference, accuracy.label, accuracy.seeds, accuracy.depth], [37.5, "+37.5", 2, "1"]);
  const [error] = valuesOf(drawing(FIGURES.depth_heatmap, input, "sinusoid"));
  deepStrictEqual([error.difference, error.better, error.label], [-2, 2, "−2.00"]);
});

Deno.test("the Pareto front keeps what nothing cheaper matches, for scores that should be large and for ones that should be small", () => {
  const points = [[4, 9], [1, 5], [2, 5], [3, 8], [5, 1], [1, 4]].map(([gflop, score]) => ({ gflop, score }));
  const pick = (sign: 1 | -1) => paretoFront(points, sign).map(({ gflop, score }) => [gflop, score]);
  deepStrictEqual(pick(1), [[1, 5], [3, 8], [4, 9]]);
  deepStrictEqual(pick(-1), [[1, 4], [5, 1]]);
  deepStrictEqual(paretoFront([], 1), []);
});

Deno.test("validation curves are means over seeds against counted operations, and mark whose training was still improving", () => {
  const row = (algorithm: string, seed: number, iteration: number, score: number): ValidationRow => ({
    ...full.curves[0],
    ...{ dataset: "sinusoid", algorithm, sharingDepth: 0, seed, iteration, score, metric: "mse" },
    ...{ trainGflop: iteration * (seed + 1), trainingUnit: `${algorithm} ${seed}` },
  });
  const curves = ["mtl", "maml"].flatMap((name) =>
    [0, 1, 2].flatMap((seed) => [row(name, seed, 10, 1), row(name, seed, 20, [0.1, 0.2, 0.4][seed])])
  );
  const maml = { algorithm: "maml", sharingDepth: 0, trainingUnit: "maml 1" };
  const cells = [{ ...full.cells[0], ...maml, flags: "undertrained; restarted" }];
  const { spec, caption, alt } = drawing(FIGURES.validation_curves, { ...full, cells, curves }, "sinusoid");
  const values = valuesOf({ spec } as Drawing);
  deepStrictEqual(values.map(({ algorithm, end }) => `${algorithm} ${end}`), [
    ...["MTL ", "MTL not shown to improve", "MAML ", "MAML still improving"],
  ]);
  ok(Math.abs(Number(values[1].score) - 0.2) < 1e-12, "geometric mean of the scores");
  ok(Math.abs(Number(values[1].gflop) - 20 * 6 ** (1 / 3)) < 1e-9, "geometric mean of the operations");
  ok(Number(values[1].low) < 0.1 && Number(values[1].high) > 0.4, "t interval of three seeds");
  match(caption, /still improving in at least one seed \(undertrained\): MAML\. /);
  match(alt, /MAML 0\.2 after 36 GFLOP, still improving/);
});

Deno.test("with several adapters and normalisations no two points of a figure stand for the same, and each says what it is", () => {
  const steps = valuesOf(drawing(FIGURES.score_by_steps, SEVERAL, "omniglot"));
  const places = steps.map(({ panel, algorithm, shots, steps }) => [panel, algorithm, shots, steps].join());
  strictEqual(new Set(places).size, places.length);
  deepStrictEqual([...new Set(steps.map(({ steps }) => steps))], ["0", "1", "5", "10", "logistic head", "prototypes"]);
  deepStrictEqual([...new Set(steps.map(({ panel }) => panel))], [
    ...["norm batch, d = 0", "norm batch, d = 4", "norm batch-inductive, d = 0", "norm batch-inductive, d = 4"],
  ]);
  const costs = drawing(FIGURES.cost_by_score, SEVERAL, "omniglot");
  const marks = valuesOf(costs).filter(({ low }) => low !== undefined);
  deepStrictEqual([...new Set(marks.map(({ form }) => form))], [
    "d = 4, logistic head",
    "d = 0, 10 steps",
    "d = 4, 10 steps",
  ]);
  ok(marks.every(({ low, score, high }) => Number(low) <= Number(score) && Number(score) <= Number(high)));
  const judged = valuesOf(drawing(FIGURES.verdict_grid, SEVERAL, "omniglot"));
  deepStrictEqual([...new Set(judged.map(({ panel }) => panel))], ["norm batch", "norm batch-inductive"]);
  const rows = JSON.stringify(FIGURES.forest.draw(SEVERAL, SEVERAL.datasets[1]));
  match(rows, /1 shot, logistic head, d = 0, batch\\?"/);
  match(rows, /1 shot, logistic head, d = 0, batch-inductive\\?"/);
});

Deno.test("the verdict grid has one tile per cell of the first exploring comparison, lettered as judged, and marks boundary cells", () => {
  const judged = full.verdicts.filter(({ key }) => key.dataset === "omniglot" && key.comparison === "mtl-maml-matched");
  const letters = valuesOf(drawing(FIGURES.verdict_grid, full, "omniglot")).map(({ letter }) => letter);
  const expected = judged.map(({ verdict: { verdict, flags } }) =>
    VERDICTS[verdict].letter + (flags.includes("boundary") ? "*" : "")
  );
  deepStrictEqual(letters, expected);
  ok(new Set(letters).size > 2, "several kinds of verdict are drawn");
});

Deno.test("the forest plot draws the first family first and cuts at its frame what lies far beyond the margin", () => {
  const { spec, caption } = drawing(FIGURES.forest, full, "sinusoid");
  const rows = (spec as unknown as { layer: { data: { values: Values } }[] }).layer[2].data.values;
  const groups = rows.map(({ group }) => group);
  strictEqual(groups.lastIndexOf("native") + 1, groups.indexOf("matched"));
  const far = structuredClone(full.verdicts).map((pair, i) =>
    i === 0 ? { ...pair, verdict: { ...pair.verdict, diff: 40, lo: 39, hi: 41 } } : pair
  );
  const cut = drawing(FIGURES.forest, { ...full, verdicts: far }, "sinusoid");
  match(cut.caption, /beyond the panel is drawn at its frame/);
  ok(caption.length > 0);
});

Deno.test("no figure draws and no page prints an interval that no verdict is read from", () => {
  const absurd = { lo95: -7.7e7, hi95: 7.7e7, lo90: -6.6e6, hi90: 6.6e6 };
  const other: ReportInput = {
    ...full,
    verdicts: full.verdicts.map(({ key, verdict }) => ({ key, verdict: { ...verdict, unadjusted: absurd } })),
  };
  deepStrictEqual(JSON.stringify(drawings(other)), JSON.stringify(drawings(full)));
  strictEqual(page(other, []), page(full, []));
});

Deno.test("a layer's similarity is the mean over seeds after the most steps, hollow where adaptation does not change the layer", () => {
  const representations = full.representations.flatMap((row) => {
    const { algorithm, dataset, shots, innerSteps, sharingDepth, layer, seed } = row;
    const kept = dataset === "omniglot" && algorithm === "maml" && shots === 5 && sharingDepth === 4 && seed < 2;
    return kept ? [{ ...row, cka: innerSteps === 10 && layer === 5 ? 0.3 + 0.2 * seed : 1 }] : [];
  });
  const { spec, caption, alt } = drawing(FIGURES.layer_similarity, { ...full, representations }, "omniglot");
  const values = valuesOf({ spec } as Drawing);
  deepStrictEqual(values.map(({ layer, adapted, cka }) => [layer, adapted, cka]), [
    ["1", false, 1],
    ["2", false, 1],
    ["3", false, 1],
    ["4", false, 1],
    ["head", true, 0.4],
  ]);
  // t(0.975; 1) · 0.1 reaches beyond both ends of the axis.
  deepStrictEqual([values[4].low, values[4].high], [0, 1]);
  match(caption, /after 10 inner steps.*95 % t intervals over seeds, cut at 1.*their CKA is 1 by construction/);
  match(alt, /moves most at 5 shots is with MAML at d = 4 the head \(0\.40\)/);
  const before = full.representations.filter(({ innerSteps }) => innerSteps === 0);
  strictEqual(FIGURES.layer_similarity.draw({ ...full, representations: before }, full.datasets[0]), undefined);
});

Deno.test("the captions say how many seeds there are, and that one seed has no interval", () => {
  match(drawing(FIGURES.score_by_steps, INPUTS["one seed"], "omniglot").caption, /one seed there is no interval/);
  match(drawing(FIGURES.score_by_steps, full, "omniglot").caption, /mean over 3 training seeds/);
  match(
    drawing(FIGURES.score_by_steps, full, "sinusoid").caption,
    /mean over 2 to 3 training seeds.*20 cells without a score/,
  );
});

Deno.test("the sinusoid picture has the true curve through the support points and MTL beside MAML in their textbook forms", () => {
  const values = valuesOf(drawing(FIGURES.sinusoid_adaptation, full, "sinusoid"));
  deepStrictEqual([...new Set(values.map(({ panel }) => panel))], ["MTL, d = 2", "MAML, d = 0"]);
  deepStrictEqual([...new Set(values.flatMap(({ curve }) => curve ?? []))], [
    "true curve",
    "before adaptation",
    "after 10 steps",
    "ridge head",
  ]);
  strictEqual(values.filter(({ point }) => point !== undefined).length, 10);
});

Deno.test("of several trainings for different numbers of inner steps, the picture shows the one for the most", () => {
  const [picture] = full.pictures;
  const [state] = picture.states;
  const at = (innerSteps: number) => ({ ...state, illustrations: [{ ...state.illustrations[0], innerSteps }] });
  const input = {
    ...full,
    pictures: [{ ...picture, states: [at(1), at(5), at(2), { ...at(10), taskStart: "random" as const }] }],
  };
  const curves = valuesOf(drawing(FIGURES.sinusoid_adaptation, input, "sinusoid")).flatMap(({ curve }) => curve ?? []);
  deepStrictEqual([...new Set(curves)], ["true curve", "after 5 steps"]);
});

Deno.test("the episode picture marks exactly the queries whose largest logit is another class as wrong", () => {
  const picture = full.pictures[1];
  const always = (said: number) =>
    picture.states[0].illustrations[1].predictions.map(() => [0, 1, 2, 3, 4].map((c) => c === said ? 1 : 0));
  const states = [{ ...picture.states[0], illustrations: [{ innerSteps: 5, predictions: always(2) }] }];
  const { spec, caption } = drawing(
    FIGURES.omniglot_episode,
    { ...full, pictures: [{ ...picture, states }] },
    "omniglot",
  );
  match(caption, /MTL, d = 4, 5 steps: 15 of 75 right/);
  const panels = (spec as unknown as { hconcat: { data: { values: Values } }[] }).hconcat;
  deepStrictEqual(
    panels[1].data.values.filter(({ right }) => right).map(({ row }) => row),
    Array(5).fill("class 3"),
  );
  match(String(panels[0].data.values[0].image), /^data:image\/png;base64,/);
});
