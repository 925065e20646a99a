import { assertAlmost } from "../testing/tensor.ts";
import { backendEntries, type BackendEntry } from "./backends.ts";
import { conformanceCases, runConformance } from "../testing/primitives.ts";
import { Graph } from "./graph.ts";
import { select } from "./ops.ts";
import { program } from "./program.ts";

for (const entry of Object.values(backendEntries) as BackendEntry[]) {
  const missing = await entry.missing();
  Deno.test({
    name: `every operation on backend "${entry.name}" equals float64 central differences to second order${
      missing ? ` (${missing})` : ""
    }`,
    ignore: missing !== undefined,
    async fn(t) {
      const backend = await entry.open();
      for (const one of conformanceCases) {
        await t.step(one.name, async () => {
          for (const { what, actual, expected, tolerance } of await runConformance(one, backend)) {
            assertAlmost(`${one.name}: ${what}`, actual, expected, tolerance);
          }
        });
      }
    },
  });
}

for (const entry of Object.values(backendEntries) as BackendEntry[]) {
  const missing = await entry.missing();
  Deno.test({
    name: `select drops what is not finite on backend "${entry.name}"${missing ? ` (${missing})` : ""}`,
    ignore: missing !== undefined,
    async fn() {
      const graph = new Graph();
      const [x, condition] = [graph.input("x", [3, 5]), graph.input("condition", [3, 1])];
      const executable = (await entry.open()).compile(program({ outputs: { kept: select(x, condition) } }));
      const row = [NaN, Infinity, -Infinity, 1, -2];
      executable.run({ x: Float32Array.from([...row, ...row, ...row]), condition: Float32Array.of(0, 1, NaN) });
      const zeros = row.map(() => 0);
      const kept = Array.from(await executable.read("kept"), (value) => value + 0); // -0 becomes 0
      if (String(kept) !== String([...zeros, ...row, ...zeros])) throw new Error(`${kept}`);
      executable.dispose();
    },
  });
}
