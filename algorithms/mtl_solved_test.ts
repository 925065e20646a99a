/** What multi-task learning with solved heads is to multi-task learning. */
import { ok } from "node:assert/strict";
import { mtl } from "./mtl.ts";
import { mtlSolved } from "./mtl_solved.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { gradientsOf, knobsOf, type Setting, TASKS } from "./testing/conformance.ts";
import { bodyOf, featuresOf, REGRESSION, solvedHeads } from "./testing/solved_heads.ts";
import { spread } from "./testing/tensor.ts";

Deno.test("with its heads solved, multi-task learning descends along its own gradient at these heads, whatever λ", async () => {
  // Ten examples for four unknowns, so that the heads cannot fit them all and the gradient is not zero.
  const setting: Setting = { ...REGRESSION, parts: [5, 5] };
  const body = bodyOf(setting);
  const [x, y] = [spread(TASKS * 10, -1.5, 1.5, 20), spread(TASKS * 10, -1.5, 1.5, 22)];
  // Joint training takes its examples in two parts, the other in one.
  const half = (values: Float64Array, part: number) =>
    Float64Array.from({ length: TASKS * 5 }, (_, i) => values[10 * Math.floor(i / 5) + 5 * part + i % 5]);
  const halves = { x0: half(x, 0), x1: half(x, 1), y0: half(y, 0), y1: half(y, 1) };
  for (const lambda of [1e-3, 0.1, 3]) {
    const own = { lambda };
    const solving = await gradientsOf(cpuBackend(64), mtlSolved, setting, knobsOf(mtlSolved, { own }, 3), {
      ...body,
      ...{ x0: x, y0: y },
    });
    const heads = await solvedHeads({ ...setting, parts: [10, 0] }, { z: featuresOf(body, x), y0: y }, lambda);
    const joint = await gradientsOf(cpuBackend(64), mtl, setting, knobsOf(mtl, { depth: "L - 1" }, 3), {
      ...body,
      ...halves,
      ...heads,
    });
    const [ours, theirs] = [solving, joint].map((found) => Object.keys(body).flatMap((key) => [...found[`d:${key}`]]));
    const size = Math.hypot(...theirs);
    ok(size > 1e-3, `${size}`);
    const distance = Math.hypot(...ours.map((value, i) => value - theirs[i])) / size;
    ok(distance < 1e-9, `λ = ${lambda}: ${distance}`);
  }
});
