/** γ and β of single inner steps, which MAML++ has where its switch is on. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { mamlPlusPlus } from "./maml_plus_plus.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { gradientsOf, knobsOf, type OuterGradients, SETTINGS, settingsOf } from "./testing/conformance.ts";
import { numericGradients } from "./testing/numeric_gradients.ts";
import { assertAlmost } from "./testing/tensor.ts";

const NORMED = SETTINGS.filter(({ kind, norm }) => kind === "classification" && norm !== "layer");
const STEPS = 2;
const isOfNorm = (key: string) => /gamma|beta/.test(key);

for (const setting of NORMED) {
  const knobs = (stepNorms: boolean) =>
    knobsOf(mamlPlusPlus, { own: { stepNorms }, innerSteps: STEPS }, setting.model.layers.length);

  Deno.test(`with norms of single steps, the outer gradient of ${setting.name} equals float64 central differences`, async () => {
    const found = await gradientsOf(cpuBackend(64), mamlPlusPlus, setting, knobs(true));
    const numeric = await numericGradients(mamlPlusPlus, setting, knobs(true)) as OuterGradients;
    for (const [key, values] of Object.entries(numeric)) assertAlmost(key, found[key], values, 2e-7);
    const names = Object.keys(found).filter((key) => key.startsWith("d:meta:norm"));
    ok(names.length > 0 && names.every((key) => found[key].some((value) => value !== 0)));
    // The model's own are in nobody's way.
    const unused = Object.keys(found).filter((key) => !key.startsWith("d:meta") && isOfNorm(key));
    for (const key of unused) equal([...found[key]], [...found[key]].map(() => 0), key);
  });

  Deno.test(`norms of single steps that are all alike are the model's own, held in the inner loop: ${setting.name}`, async () => {
    const layers = setting.model.layers;
    const of = layers.flatMap(({ name, parameters }, layer) =>
      parameters.filter((spec) => isOfNorm(spec.name)).map((spec) => ({ key: `${name}.${spec.name}`, layer, ...spec }))
    );
    const values = ({ shape }: { readonly shape: readonly number[] }, index: number) =>
      Float64Array.from({ length: shape[1] }, (_, i) => 0.5 + 0.1 * i + 0.05 * index);
    const own = Object.fromEntries(of.map((spec, index) => [spec.key, values(spec, index)]));
    const held = Object.fromEntries(
      of.flatMap(({ layer, name }) =>
        Array.from({ length: STEPS }, (_, step) => [`meta:rate${layer}.${name}.${step}`, Float64Array.of(0)])
      ),
    );
    const steps = Object.fromEntries(
      of.flatMap((spec, index) =>
        Array.from({ length: STEPS }, (_, step) => [`meta:norm${spec.layer}.${spec.name}.${step}`, values(spec, index)])
      ),
    );
    const backend = cpuBackend(64);
    const plain = await gradientsOf(backend, mamlPlusPlus, setting, knobs(false), { ...own, ...held });
    const apart = await gradientsOf(backend, mamlPlusPlus, setting, knobs(true), { ...own, ...held, ...steps });
    for (const key of Object.keys(plain).filter((key) => key.startsWith("d:") && !isOfNorm(key))) {
      assertAlmost(key, apart[key], plain[key], 1e-12);
    }
    for (const { key, layer, name } of of) {
      const parts = Array.from({ length: STEPS }, (_, step) => apart[`d:meta:norm${layer}.${name}.${step}`]);
      assertAlmost(key, Array.from(parts[0], (value, i) => value + parts[1][i]), plain[`d:${key}`], 1e-12);
    }
  });
}

Deno.test("a model without norms has none of single steps", () => {
  const [setting] = settingsOf(mamlPlusPlus).filter(({ norm }) => norm === "none");
  const settings = { innerLr: 0.1, innerSteps: 2, own: { learnRates: false, stepNorms: true }, trainClasses: 0 };
  equal(mamlPlusPlus.metaParameters?.(setting.model, settings), []);
});
