/** What holds for every algorithm of the table; what differs between them is declared by the algorithms themselves. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { fromGuide } from "../common/testing/guide.ts";
import type { Algorithm } from "./algorithm.ts";
import { initialMeta } from "./blocks/parameters.ts";
import { algorithms } from "./registry.ts";
import { backendEntries, type BackendEntry } from "./tensor/backends.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { depthsOf, gradientsOf, knobsOf, type OuterGradients, settingsOf } from "./testing/conformance.ts";
import { numericGradients } from "./testing/numeric_gradients.ts";
import { assertAlmost } from "./testing/tensor.ts";

const table: Readonly<Record<string, Algorithm>> = algorithms;
const { foanil } = await fromGuide<{ foanil: Algorithm }>("algorithms/foanil.ts");
const { scaledMaml } = await fromGuide<{ scaledMaml: Algorithm }>("algorithms/scaled_maml.ts");
/** The algorithms of the table that train, and those that CONTRIBUTING.md works through. */
const trained = [...Object.values(table), foanil, scaledMaml].filter(({ objective }) => objective !== undefined);

/** An inner step size that float32 holds exactly, as what is learned starts in float32. */
const EXACT = { innerLr: 0.25 };

/** Compares what both are taken with respect to; an algorithm's own learned state is nobody else's. */
function sameGradients(what: string, a: OuterGradients, b: OuterGradients, tolerance: number, factor = 1): void {
  for (const name of Object.keys(b).filter((name) => name.startsWith("d:") && name in a)) {
    assertAlmost(`${what} ${name}`, a[name], b[name].map((value) => factor * value), tolerance);
  }
}

for (const algorithm of trained) {
  for (const setting of settingsOf(algorithm)) {
    const { layers } = setting.model;
    Deno.test({
      name:
        `${algorithm.name}: the outer gradient of ${setting.name} is what it declares, in float64, at every sharing depth`,
      ignore: algorithm.outerGradient === "modified",
      async fn() {
        for (const depth of depthsOf(algorithm, layers.length)) {
          for (const innerSteps of [1, 2]) {
            const knobs = { ...knobsOf(algorithm, { innerSteps }, layers.length), depth };
            const exact = await gradientsOf(cpuBackend(64), algorithm, setting, knobs);
            const numeric = await numericGradients(algorithm, setting, knobs);
            ok(numeric !== undefined);
            sameGradients(`d = ${depth}, S = ${innerSteps}:`, exact, numeric, 2e-7);
          }
        }
      },
    });
  }
  for (const { statement, is, here, there, factor, tolerance } of algorithm.identities ?? []) {
    Deno.test(`identity: ${statement}`, async () => {
      const other = table[is];
      ok(other !== undefined, `${algorithm.name} names "${is}", which is no algorithm`);
      for (const setting of settingsOf(algorithm)) {
        // Two algorithms that normalise by other statistics are not the same under that normalisation.
        if (setting.norm === "batch-inductive" && algorithm.statistics !== other.statistics) continue;
        const layers = setting.model.layers.length;
        // What the algorithm has learned beyond the model is where its training starts.
        const own = knobsOf(algorithm, { ...EXACT, ...here }, layers);
        const start = algorithm.metaParameters?.(setting.model, { ...own, trainClasses: 7 }) ?? [];
        const begun = Object.fromEntries(
          Object.entries(initialMeta(start, 7)).map(([key, values]) => [key, Float64Array.from(values)]),
        );
        sameGradients(
          `${setting.name}:`,
          await gradientsOf(cpuBackend(64), algorithm, setting, own, begun),
          await gradientsOf(cpuBackend(64), other, setting, knobsOf(other, { ...EXACT, ...there }, layers)),
          tolerance,
          factor,
        );
      }
    });
  }
}

Deno.test("the shares of tasks in a gradient of an algorithm's own are its mean over tasks, and a modified one has them", async () => {
  for (const algorithm of trained) {
    for (const setting of settingsOf(algorithm)) {
      const { length } = setting.model.layers;
      for (const depth of depthsOf(algorithm, length)) {
        const knobs = { ...knobsOf(algorithm, { innerSteps: 2 }, length), depth };
        const found = await gradientsOf(cpuBackend(64), algorithm, setting, knobs);
        const shares = Object.keys(found).filter((name) => name.startsWith("share:"));
        ok(shares.length > 0 || algorithm.outerGradient !== "modified", `${algorithm.name}: return taskGradients`);
        for (const name of shares) {
          assertAlmost(`${algorithm.name} ${name}`, found[name], found[name.replace("share:", "d:")], 1e-10);
        }
      }
    }
  }
});

Deno.test("a modified outer gradient is pinned by an identity", () => {
  const loose = trained.filter(({ outerGradient, identities = [] }) =>
    outerGradient === "modified" && identities.length === 0
  );
  equal(loose.map(({ name }) => name), []);
});

Deno.test("an algorithm that says to train as another one does has its identity too", () => {
  for (const algorithm of trained) {
    const same = algorithm.sameTrainingAs?.(algorithm.sharingDepth(2, 3) ?? null, 3);
    if (same === undefined) continue;
    const { identities = [] } = algorithm;
    ok(identities.some(({ is, tolerance }) => is === same.algorithm && tolerance === 0), algorithm.name);
  }
});

for (const entry of (Object.values(backendEntries) as BackendEntry[]).filter(({ name }) => name !== "cpu")) {
  const missing = await entry.missing();
  Deno.test({
    name: `every algorithm's outer gradient on backend "${entry.name}" agrees with float64${
      missing ? ` (${missing})` : ""
    }`,
    ignore: missing !== undefined,
    // Devices keep buffers and timers of their own for as long as the process lives.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const backend = await entry.open();
      for (const algorithm of trained) {
        for (const setting of settingsOf(algorithm)) {
          for (const depth of depthsOf(algorithm, setting.model.layers.length)) {
            const knobs = { ...knobsOf(algorithm, { innerSteps: 2 }, setting.model.layers.length), depth };
            const actual = await gradientsOf(backend, algorithm, setting, knobs);
            const expected = await gradientsOf(cpuBackend(64), algorithm, setting, knobs);
            sameGradients(`${algorithm.name}, ${setting.name}, d = ${depth}:`, actual, expected, 5e-5);
          }
        }
      }
    },
  });
}

Deno.test("every algorithm says where it comes from, what it is for and how it is used", () => {
  for (const [name, algorithm] of Object.entries(table)) {
    equal(algorithm.name, name);
    for (const text of [algorithm.title, algorithm.summary, algorithm.source]) {
      ok(text.length > 0 && !text.includes("\n"), `${name}: ${text}`);
    }
    algorithm.deviations.forEach((deviation, i) => ok(deviation.startsWith(`${i + 1}. `), deviation));
    ok(algorithm.shapesTraining.every((axis) => algorithm.reads.includes(axis)), name);
    for (const depth of depthsOf(algorithm, 3)) equal(algorithm.adaptationMask(depth, 3).length, 3);
  }
});
