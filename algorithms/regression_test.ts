/** Outer gradients on regression against JAX. */
import { ok } from "node:assert/strict";
import type { OwnSettings } from "./blocks/own_settings.ts";
import { parameterSlots } from "./blocks/parameters.ts";
import { algorithms } from "./registry.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { sizeOf } from "./tensor/graph.ts";
import { gradientsOf, knobsOf, type Setting, SETTINGS } from "./testing/conformance.ts";
// Made by testing/golden/regression.py, which says how.
import golden from "./testing/golden/regression.json" with { type: "json" };
import { assertAlmost, spread } from "./testing/tensor.ts";

const TASKS = 2;
const REGRESSION = SETTINGS.find(({ kind }) => kind === "regression") as Setting;

for (const name of Object.keys(golden.gradients) as (keyof typeof golden.gradients)[]) {
  Deno.test(`${name}: the outer gradient on regression is JAX's`, async () => {
    const { model, parts: [support, query] } = REGRESSION;
    const slots = parameterSlots(model);
    // Conjugate gradients to the end, where there are any.
    const own: OwnSettings = name === "imaml" ? { cgSteps: 60 } : {};
    const knobs = knobsOf(algorithms[name], { innerSteps: 2, own }, model.layers.length);
    const actual = await gradientsOf(cpuBackend(64), algorithms[name], REGRESSION, knobs, {
      ...Object.fromEntries(slots.map(({ key, shape }, phase) => [key, spread(sizeOf(shape), -1, 1, phase)])),
      "meta:logLambda": Float64Array.of(-0.4),
      "meta:context.bias": spread(5 * 4, -1, 1, 50),
      x0: spread(TASKS * support, -1.5, 1.5, 20),
      x1: spread(TASKS * query, -1.5, 1.5, 21),
      y0: spread(TASKS * support, -1.5, 1.5, 22),
      y1: spread(TASKS * query, -1.5, 1.5, 23),
    });
    const expected: Readonly<Record<string, number[]>> = golden.gradients[name];
    for (const [key, values] of Object.entries(expected)) {
      assertAlmost(key, actual[key], values, name === "imaml" ? 1e-9 : 1e-12);
      // A head that is solved for has no part in the loss.
      ok(name === "r2d2" && key.startsWith("d:head") || values.some((value) => Math.abs(value) > 1e-3), key);
    }
  });
}
