/** What R2-D2 is to multi-task learning. */
import { ok } from "node:assert/strict";
import { mtl } from "./mtl.ts";
import { r2d2 } from "./r2d2.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { gradientsOf, knobsOf, type Setting, TASKS } from "./testing/conformance.ts";
import { bodyOf, featuresOf, REGRESSION, solvedHeads } from "./testing/solved_heads.ts";
import { spread } from "./testing/tensor.ts";

Deno.test("without a split and as λ falls to 0, R2-D2 descends along multi-task learning's gradient where every task's head is solved", async () => {
  // Five examples for four unknowns, so that the heads cannot fit them all and the gradient is not zero.
  const setting: Setting = { ...REGRESSION, parts: [5, 5] };
  const body = bodyOf(setting);
  const [x, y] = [spread(TASKS * 5, -1.5, 1.5, 20), spread(TASKS * 5, -1.5, 1.5, 22)];
  const batch = { x0: x, x1: x, y0: y, y1: y };
  const distances: number[] = [];
  for (const lambda of [1e-4, 1e-5, 1e-6]) {
    const solving = await gradientsOf(cpuBackend(64), r2d2, setting, knobsOf(r2d2, {}, 3), {
      ...body,
      ...batch,
      "meta:logLambda": Float64Array.of(Math.log(lambda)),
    });
    const heads = await solvedHeads(setting, { z: featuresOf(body, x), y0: y }, lambda);
    const joint = await gradientsOf(cpuBackend(64), mtl, setting, knobsOf(mtl, { depth: "L - 1" }, 3), {
      ...body,
      ...batch,
      ...heads,
    });
    const [ours, theirs] = [solving, joint].map((found) => Object.keys(body).flatMap((key) => [...found[`d:${key}`]]));
    const size = Math.hypot(...theirs);
    ok(size > 1e-2, `${size}`);
    distances.push(Math.hypot(...ours.map((value, i) => value - theirs[i])) / size);
  }
  // The penalty's share of the inner problem is all that is between the two.
  ok(distances[1] < distances[0] / 5 && distances[2] < distances[1] / 5 && distances[2] < 1e-2, distances.join());
});
