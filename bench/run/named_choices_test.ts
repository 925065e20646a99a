import { deepStrictEqual as equal } from "node:assert/strict";
import { smoke } from "../sweeps/smoke.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { CATALOG } from "./catalog.ts";
import { withNativeAdapters } from "./named_choices.ts";

const named = (algorithms: readonly string[], adapters?: readonly string[]) => {
  const changed: Sweep = { ...smoke, algorithms };
  const flags = { overrides: { algorithms, ...(adapters === undefined ? {} : { adapters }) } };
  return withNativeAdapters(changed, smoke, flags, () => CATALOG).datasets.map((entry) => [entry.name, entry.adapters]);
};
const own = smoke.datasets.map(({ name, adapters }) => [name, adapters] as const);

Deno.test("an algorithm that flags add to a sweep is adapted the way its authors do, where the sweep has not planned for it", () => {
  equal(named(["maml", "cavia"]), own.map(([name, adapters]) => [name, [...adapters, "context-gradient"]]));
  const classes = new Set(smoke.datasets.filter(({ ways }) => ways > 1).map(({ name }) => name));
  equal(
    named(["metaoptnet-svm"]),
    own.map(([name, adapters]) => [name, classes.has(name) ? [...adapters, "svm"] : adapters]),
  );
});

Deno.test("what the sweep has planned for, and what flags say of adapters, stays", () => {
  equal(named(["maml"]), own);
  equal(named(["cavia"], ["gradient"]), own);
});
