import { deepStrictEqual as equal, ok } from "node:assert";
import { CATALOG } from "../run/catalog.ts";
import { JOINT } from "../sweeps/comparisons.ts";
import { OMNIGLOT, SINUSOID } from "../sweeps/parts.ts";
import { relativeCost } from "./relative_cost.ts";

const of = (name: string, entry = SINUSOID) => relativeCost(entry, name, JOINT, CATALOG);

Deno.test("an iteration of joint training costs what it costs, and one of second order several times that", () => {
  equal(of(JOINT), 1);
  const [maml, fomaml] = [of("maml"), of("fomaml")];
  // Five inner steps; what the default run counts is 210, 81 and 27 GFLOP.
  ok(maml !== undefined && maml > 7 && maml < 9 && fomaml !== undefined && fomaml > 2.5 && fomaml < 3.5);
});

Deno.test("there is no ratio where nothing is trained, or the data set is not for it", () => {
  equal([of("scratch"), of("protonet"), of("mtl-solved", OMNIGLOT)], [undefined, undefined, undefined]);
  ok((of("protonet", OMNIGLOT) ?? 0) > 0);
});
