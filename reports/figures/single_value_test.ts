import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { drawings } from "../testing/figures.ts";
import { synthetic } from "../testing/synthetic.ts";
import { algorithmOrder, stylesOf } from "../view/series.ts";
import { renderSvg } from "./render.ts";

/** Figures in which every algorithm is a series of its own. */
const OF_SERIES = ["score_by_steps", "cost_by_score", "validation_curves", "layer_similarity"];

const ONE_VALUE = {
  "one number of shots": { shots: [1] },
  "one number of inner steps": { steps: [1] },
  "one of each": { shots: [1], steps: [1], depths: [1] },
  "one of each and one seed": { shots: [1], steps: [1], depths: [1], seeds: 1 },
};

for (const [what, options] of Object.entries(ONE_VALUE)) {
  Deno.test(`with ${what} each series still has a point, and its name in the legend`, async () => {
    const names = ["mtl", "maml", "fomaml", "anil"];
    const input = synthetic({ algorithms: names, ...options });
    const styles = stylesOf(input, names);
    const titles = algorithmOrder(input, names).map((name) => input.algorithms.find((one) => one.name === name)?.title);
    const seen = new Set<string>();
    for (const [label, { spec }] of drawings(input)) {
      const [figure] = label.split(" ");
      if (!OF_SERIES.includes(figure)) continue;
      seen.add(figure);
      const { svg, warnings } = await renderSvg(spec);
      equal(warnings, [], label);
      const points = svg.match(/<g class="mark-symbol role-mark [^]*?<\/g>/g)?.join("") ?? "";
      for (const [i, { colour }] of styles.entries()) {
        ok(points.includes(`="${colour}"`), `${label}: no point of ${names[i]}`);
        ok(svg.includes(`>${titles[i]}</text>`), `${label}: ${titles[i]} is not in the legend`);
      }
    }
    equal([...seen].sort(), OF_SERIES.toSorted());
  });
}
