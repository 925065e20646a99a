import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import type { Spec } from "../figures/figure.ts";
import { fit } from "./fit.ts";

const SPEC: Spec = {
  data: { values: [{ x: "a", y: 1 }, { x: "b", y: 2 }] },
  mark: "bar",
  width: 200,
  height: 100,
  encoding: {
    x: { field: "x", type: "nominal" },
    y: { field: "y", type: "quantitative", title: "a score" },
  },
};

/** The narrowest width that a spec can be laid out in, as the error for a much narrower one says. */
async function narrowest(): Promise<number> {
  const { message } = await fit(SPEC, 20, "bars").then(() => new Error("0"), (error: Error) => error);
  return Number(/is ([\d.]+) points wide/.exec(message)?.[1]);
}

Deno.test("a figure whose words need a little more room than a column has is drawn smaller, and one that needs much more is refused", async () => {
  const least = await narrowest();
  ok(least > 20, `${least}`);
  const width = Math.round(0.95 * least);
  const { svg, ...size } = await fit(SPEC, width, "bars");
  equal(size.width, width);
  ok(svg.includes(` width="${width}pt"`), svg.slice(0, 200));
  await rejects(fit(SPEC, Math.round(0.6 * least), "bars"), /cannot be made to fit/);
});
