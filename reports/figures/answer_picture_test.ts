import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import type { ReportInput } from "../view/input.ts";
import { THEMES } from "../view/palette.ts";
import { answerPicture } from "./answer_picture.ts";
import { renderPng } from "./render.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });

function svgOf(some: ReportInput, theme: "light" | "dark" = "light"): string {
  return answerPicture(some, theme)?.svg ?? "";
}

Deno.test("the picture of the answer is the same words in light and in dark, and the same bytes each time", async () => {
  const [light, dark] = [svgOf(input), svgOf(input, "dark")];
  const words = (svg: string) =>
    (svg.match(/<text[^>]*>[^<]*/g) ?? []).map((text) => text.replace(/<[^>]*>/, "")).join("|");
  strictEqual(words(light), words(dark));
  match(light, new RegExp(`fill="${THEMES.light.paper}"`));
  match(dark, new RegExp(`fill="${THEMES.dark.paper}"`));
  strictEqual(svgOf(input), light);
  const png = await renderPng(light);
  strictEqual(String(png.slice(0, 4)), "137,80,78,71");
});

Deno.test("it has the verdict, both averages with the verdict's intervals, and three costs for every row", () => {
  const svg = svgOf(input);
  for (
    const text of [
      "Sinusoids",
      "5 shots",
      "10 shots",
      "Omniglot, 5-way",
      "1 shot",
      "MAML better",
      "1.85×",
      "1.65× to 2.07×",
      "0.08×",
    ]
  ) {
    ok(svg.includes(`>${text}<`), text);
  }
  doesNotMatch(svg, />1 shots</);
  match(svg, /<title>Sinusoids, 5 shots: MAML better, typical task 1\.85×/);
});

Deno.test("nothing of it lies outside its frame, whatever the titles and intervals", () => {
  const long: ReportInput = {
    ...input,
    datasets: input.datasets.map((dataset) => ({
      ...dataset,
      title: `${dataset.title} with a very long title that has no end in sight`,
    })),
    verdicts: input.verdicts.map(({ key, verdict }) => ({
      key,
      verdict: { ...verdict, lo: -30, hi: 30, loMean: -0.01, hiMean: 40 },
    })),
  };
  const svg = svgOf(long);
  const height = Number(/height="([\d.]+)"/.exec(svg)?.[1]);
  for (const [, x, y] of svg.matchAll(/<(?:text|circle|rect)[^>]* c?x="([\d.-]+)" c?y="([\d.-]+)"/g)) {
    ok(Number(x) >= 0 && Number(x) <= 940 && Number(y) >= 0 && Number(y) <= height, `${x} ${y}`);
  }
  doesNotMatch(svg, /NaN|Infinity|undefined/);
});

Deno.test("without the question there is no picture", () => {
  strictEqual(answerPicture({ ...input, verdicts: [] }, "light"), undefined);
});
