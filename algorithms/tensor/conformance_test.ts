import { assertAlmost } from "../testing/tensor.ts";
import { backendEntries, type BackendEntry } from "./backends.ts";
import { conformanceCases, runConformance } from "../testing/primitives.ts";
import { Graph } from "./graph.ts";
import { maxPool, putMax, select } from "./ops.ts";
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

for (const entry of Object.values(backendEntries) as BackendEntry[]) {
  const missing = await entry.missing();
  Deno.test({
    name: `of equal elements, pooling on backend "${entry.name}" takes the first, and not-a-number before any${
      missing ? ` (${missing})` : ""
    }`,
    ignore: missing !== undefined,
    async fn() {
      const graph = new Graph();
      // Five channels, so that kernels of four at once have a remainder, with the same numbers in each.
      const x = graph.input("x", [4, 2, 2, 5]);
      const outputs = { max: maxPool(x, 2), put: putMax(graph.input("y", [4, 1, 1, 5]), x, 2) };
      const executable = (await entry.open()).compile(program({ outputs }));
      const windows = [[0, 0, 0, 0], [1, 2, 2, 2], [-1, -3, -1, -2], [4, NaN, 5, 1]];
      const five = (values: readonly number[]) => values.flatMap((value) => Array<number>(5).fill(value));
      executable.run({ x: Float32Array.from(five(windows.flat())), y: Float32Array.from(five([1, 2, 3, 4])) });
      const [max, put] = [await executable.read("max"), await executable.read("put")];
      if (String(Array.from(max)) !== String(five([0, 2, -1, NaN]))) throw new Error(`${max}`);
      const expected = five([[1, 0, 0, 0], [0, 2, 0, 0], [3, 0, 0, 0], [0, 4, 0, 0]].flat());
      if (String(Array.from(put)) !== String(expected)) throw new Error(`${put}`);
      executable.dispose();
    },
  });
}
