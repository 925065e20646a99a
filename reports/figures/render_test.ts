import { ok } from "node:assert/strict";
import type { Spec } from "./figure.ts";
import { renderSvg } from "./render.ts";

Deno.test("bold labels of an axis have the room that their wider letters need", async () => {
  const wide = async (labelFontWeight: "bold" | "normal") => {
    const spec: Spec = {
      data: { values: [{ y: "a heading of some length, which stands beside the panel", x: 1 }] },
      mark: "bar",
      encoding: {
        x: { field: "x", type: "quantitative" },
        y: { field: "y", type: "nominal", title: null, axis: { labelFontWeight, labelLimit: 900 } },
      },
    };
    return Number(/^<svg[^>]* width="(\d+)"/.exec((await renderSvg(spec)).svg)?.[1]);
  };
  const [bold, normal] = [await wide("bold"), await wide("normal")];
  ok(bold > normal + 10, `${bold} and ${normal}`);
});
