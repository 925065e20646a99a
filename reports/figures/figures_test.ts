/** What single figures show. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cellsOf } from "../statistics/cells.ts";
import { judgeComparisons } from "../statistics/judge_comparisons.ts";
import type { CellRow, ValidationRow } from "../rows/rows.ts";
import { drawing, full, INPUTS, SEVERAL, specAs, type Values, valuesOf } from "../testing/figures.ts";
import { VERDICTS } from "../view/palette.ts";
import { paretoFront } from "./cost_by_score.ts";
import { FIGURES } from "./registry.ts";
import { renderSvg } from "./render.ts";
import { inWords } from "../testing/words.ts";

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

Deno.test("training by adaptation shows every state at its own depth under every adapter, with the most steps, and what is best of each panel", () => {
  const { spec, alt } = drawing(FIGURES.train_by_adapt, SEVERAL, "omniglot");
  const values = valuesOf({ spec });
  const places = values.map(({ panel, shots, algorithm, adaptation }) => [panel, shots, algorithm, adaptation].join());
  strictEqual(new Set(places).size, places.length);
  for (const tiles of Map.groupBy(values, ({ panel, shots }) => `${panel} ${shots}`).values()) {
    const shares = tiles.map(({ share }) => Number(share));
    deepStrictEqual([Math.min(...shares), Math.max(...shares)], [0, 1]);
    const best = tiles.reduce((most, tile) => Number(tile.score) > Number(most.score) ? tile : most);
    strictEqual(best.share, 1);
    match(alt, new RegExp(`${best.algorithm} with ${best.adaptation}`));
  }
  deepStrictEqual(
    [...new Set(values.map(({ adaptation }) => String(adaptation)).filter((text) => text.includes("step")))],
    ["10 steps"],
  );
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
  const values = valuesOf({ spec });
  deepStrictEqual(values.map(({ algorithm, end }) => `${algorithm} ${end}`), [
    ...["MTL ", "MTL not shown to improve", "MAML ", "MAML still improving"],
  ]);
  ok(Math.abs(Number(values[1].score) - 0.2) < 1e-12, "geometric mean of the scores");
  ok(Math.abs(Number(values[1].gflop) - 20 * 6 ** (1 / 3)) < 1e-9, "geometric mean of the operations");
  ok(Number(values[1].low) < 0.1 && Number(values[1].high) > 0.4, "t interval of three seeds");
  match(caption, /still improving in at least one seed \(undertrained\): MAML\. /);
  match(alt, /MAML 0\.2 after 36 GFLOP, still improving/);
});

Deno.test("what needs no training is a dashed line where it is within the axis, with legend words, and else a number in the caption", () => {
  const at = (mean: number) => ({
    ...full,
    references: full.references.map((row) =>
      row.dataset === "omniglot" ? { ...row, mean: row.shots === 1 ? mean : 0.001 } : row
    ),
  });
  const trained = valuesOf(drawing(FIGURES.score_by_steps, full, "omniglot")).filter((row) => "algorithm" in row);
  const inside = Number(trained[0].score);
  const drawn = drawing(FIGURES.score_by_steps, at(inside / 100), "omniglot");
  const lines = valuesOf(drawn).filter((row) => "reference" in row);
  const panels = new Set(trained.filter(({ shots }) => shots === 1).map(({ panel }) => panel));
  deepStrictEqual(lines.length, panels.size);
  for (const line of lines) {
    deepStrictEqual([line.reference, line.shots], ["nearest-mean (floor)", 1]);
    ok(Math.abs(Number(line.referenceScore) - inside) < 1e-9);
  }
  match(drawn.caption, /Dashed lines need no training: nearest-mean \(floor\), what nearest-mean predicts\./);
  match(drawn.caption, /Beyond the axis: nearest-mean \(floor\) at 5 shots: 0\.1 %\./);
  const { layer } =
    specAs<{ spec: { layer: { encoding: Record<string, { scale?: { domain: string[] } }> }[] } }>(drawn.spec).spec;
  deepStrictEqual(layer.flatMap(({ encoding }) => encoding.stroke?.scale?.domain ?? []), ["nearest-mean (floor)"]);
  const without = drawing(FIGURES.score_by_steps, { ...full, references: [] }, "omniglot");
  deepStrictEqual(valuesOf(without).filter((row) => "reference" in row), []);
  strictEqual(/Dashed|Beyond/.test(without.caption), false);
});

Deno.test("with several adapters and normalisations no two points of a figure stand for the same, and each says what it is", () => {
  const steps = valuesOf(drawing(FIGURES.score_by_steps, SEVERAL, "omniglot")).filter((row) => "algorithm" in row);
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
  const rows = specAs<{ layer: { data: { values: Values } }[] }>(spec).layer[2].data.values;
  const groups = rows.map(({ group }) => group);
  strictEqual(groups.lastIndexOf("native") + 1, groups.indexOf("matched"));
  const far = structuredClone(full.verdicts).map((pair, i) =>
    i === 0 ? { ...pair, verdict: { ...pair.verdict, diff: 40, lo: 39, hi: 41 } } : pair
  );
  const cut = drawing(FIGURES.forest, { ...full, verdicts: far }, "sinusoid");
  match(cut.caption, /beyond the panel is drawn at its frame/);
  ok(caption.length > 0);
});

Deno.test("a layer's similarity is the mean over seeds after the most steps, hollow where adaptation does not change the layer", () => {
  const representations = full.representations.flatMap((row) => {
    const { algorithm, dataset, shots, innerSteps, sharingDepth, layer, seed } = row;
    const kept = dataset === "omniglot" && algorithm === "maml" && shots === 5 && sharingDepth === 4 && seed < 2;
    return kept ? [{ ...row, cka: innerSteps === 10 && layer === 5 ? 0.3 + 0.2 * seed : 1 }] : [];
  });
  const { spec, caption, alt } = drawing(FIGURES.layer_similarity, { ...full, representations }, "omniglot");
  const values = valuesOf({ spec });
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

Deno.test("the picture of curves has the true curve through the support points and MTL beside MAML in their textbook forms", () => {
  const values = valuesOf(drawing(FIGURES.curve_adaptation, full, "sinusoid"));
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
  const curves = valuesOf(drawing(FIGURES.curve_adaptation, input, "sinusoid")).flatMap(({ curve }) => curve ?? []);
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
  const panels = specAs<{ hconcat: { data: { values: Values } }[] }>(spec).hconcat;
  deepStrictEqual(
    panels[1].data.values.filter(({ right }) => right).map(({ row }) => row),
    Array(5).fill("class 3"),
  );
  match(String(panels[0].data.values[0].image), /^data:image\/png;base64,/);
});

Deno.test("texts are drawn as texts: a row of lines per class with its name, and each query beside what is said of it", () => {
  const input = inWords(full);
  deepStrictEqual(FIGURES.omniglot_episode.draw(input, input.datasets[1]), undefined);
  const { spec, caption, alt } = drawing(FIGURES.text_episode, input, "omniglot");
  match(caption, /at most 5 classes, 2 support and 3 query snippets.*MTL, d = 4, .*: \d+ of 75 right/);
  match(alt, /Ewe, Fon, Ga, Ibo and Twi/);
  const [support, ...panels] = (spec as unknown as { hconcat: { data: { values: Values } }[] }).hconcat;
  deepStrictEqual(support.data.values.map(({ text }) => text), ["1.0", "2.0", "3.0", "4.0", "5.0"]);
  deepStrictEqual(panels.length, 2);
  for (const { data: { values } } of panels) {
    deepStrictEqual(values.slice(0, 4).map(({ text, line }) => [text, line]), [["1.0", 0], ["1.1", 1], ["1.2", 2], [
      "2.0",
      3,
    ]]);
    for (const { row, right, says } of values) {
      strictEqual(right, says === "✓");
      if (!right) match(`${says}`, /^✗ [1-5]$/);
      strictEqual(`${says}` === `✗ ${String(row).slice(-1)}`, false, "a wrong answer is another class");
    }
  }
  deepStrictEqual(FIGURES.text_episode.draw(full, full.datasets[1]), undefined, "there are no texts");
});

Deno.test("classes of a pictured episode that differ in their support examples have their own ones beside them", () => {
  const input = inWords(full);
  const [picture] = input.pictures;
  const { episode, texts } = picture;
  // Class 1 has one example, class 2 those of both.
  const supportY = Float32Array.from(
    [0, 1, 1, 2, 3, 4].flatMap((label) => [0, 1, 2, 3, 4].map((c) => c === label ? 1 : 0)),
  );
  const support = ["1.0", "2.0", "2.1", "3.0", "4.0", "5.0"];
  const uneven = { ...picture, episode: { ...episode, nSupport: 6, supportY }, texts: { ...texts!, support } };
  const { spec } = drawing(FIGURES.text_episode, { ...input, pictures: [uneven] }, "omniglot");
  const [panel] = (spec as unknown as { hconcat: { data: { values: Values } }[] }).hconcat;
  deepStrictEqual(
    panel.data.values.map(({ text, row }) => [text, row]),
    support.map((text) => [text, `class ${text[0]}`]),
  );
});

Deno.test("the picture of texts compiles without a warning, and long texts are cut", async () => {
  const input = inWords(full);
  const [picture] = input.pictures;
  const texts = { ...picture.texts!, query: picture.texts!.query.map((text) => text.repeat(30)) };
  const { spec } = drawing(FIGURES.text_episode, { ...input, pictures: [{ ...picture, texts }] }, "omniglot");
  const [, panel] = (spec as unknown as { hconcat: { data: { values: Values } }[] }).hconcat;
  strictEqual(panel.data.values.every(({ text }) => [...String(text)].length === 40), true);
  match((await renderSvg(spec)).svg, /^<svg/);
});
