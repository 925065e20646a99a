import { assertAlmost } from "../testing/tensor.ts";
import { backendEntries, type BackendEntry } from "./backends.ts";
import { conformanceCases, runConformance } from "../testing/primitives.ts";

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
