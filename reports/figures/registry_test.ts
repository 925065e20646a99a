/** What holds for every figure of the table. */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Ajv } from "ajv";
import schema from "vega-lite/vega-lite-schema.json" with { type: "json" };
import { page } from "../page/page.ts";
import { changed, drawing, drawings, figures, full, INPUTS, lost } from "../testing/figures.ts";
import { overSizes } from "../testing/sizes.ts";
import { synthetic } from "../testing/synthetic.ts";
import { acrossDomains } from "../testing/domains.ts";
import { withDistances } from "../testing/distances.ts";
import { inWords } from "../testing/words.ts";
import type { ReportInput } from "../view/input.ts";
import type { Spec } from "./figure.ts";
import { FIGURES } from "./registry.ts";
import { renderPng, renderSvg } from "./render.ts";

Deno.test("every figure of the table goes by its own name", () => {
  deepStrictEqual(Object.values(FIGURES).map(({ name }) => name), Object.keys(FIGURES));
});

/** What the figures are about that come with this project; others say nothing here. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  verdict_grid: ["sinusoid", "omniglot"],
  forest: ["sinusoid", "omniglot"],
  score_by_steps: ["sinusoid", "omniglot"],
  depth_heatmap: ["sinusoid", "omniglot"],
  cost_by_score: ["sinusoid", "omniglot"],
  validation_curves: ["sinusoid", "omniglot"],
  layer_similarity: ["sinusoid", "omniglot"],
  reliability: ["omniglot"],
  curve_adaptation: ["sinusoid"],
  omniglot_episode: ["omniglot"],
};

Deno.test("every figure draws a data set of the full input at least, and those of one picture only the one they are about", () => {
  const drawn = drawings(full).map(([name]) => name);
  const others = [inWords(full), acrossDomains(full), overSizes(full), withDistances(full)].flatMap(drawings).map((
    [name],
  ) => name);
  for (const { name } of figures) {
    const own = drawn.filter((drawing) => drawing.startsWith(`${name} of `));
    ok(
      own.length > 0 || others.some((drawing) => drawing.startsWith(`${name} of `)),
      `${name} draws nothing of results of every kind`,
    );
    if (Object.hasOwn(ABOUT, name)) deepStrictEqual(own, ABOUT[name].map((dataset) => `${name} of ${dataset}`));
  }
  deepStrictEqual(Object.keys(ABOUT).filter((name) => !figures.some((figure) => figure.name === name)), []);
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
      // What is binned already, Vega-Lite draws as it is told to.
      const text = JSON.stringify(spec).replace(/base64,[^"]*/g, "").replace(/"bin":(\{"binned":true\}|"binned")/g, "");
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
  const image: Spec = {
    mark: "image",
    data: { values: [{}] },
    encoding: { url: { value: "https://example.org/x.png" } },
  };
  // Vega-Lite's type knows of no image without an encoding of its place, which a spec from elsewhere may lack.
  const outside = await renderSvg(image);
  ok(!outside.svg.includes("example.org"));
  match(outside.warnings.join(), /must hold its own data, but refers to https:\/\/example.org/);
  const data = await renderSvg({ mark: "point", data: { url: "https://example.org/x.json" }, encoding: {} });
  match(data.warnings.join(), /x\.json/);
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
