import { deepStrictEqual as equal, match, ok, strictEqual } from "node:assert/strict";
import { z } from "zod";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { optimisers } from "../../algorithms/optimisers/registry.ts";
import { schedules } from "../../algorithms/optimisers/schedules.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { TASK_KINDS } from "../../common/vocabulary.ts";
import { describeCells, describeOptions } from "./describe_algorithm.ts";
import { listing } from "./list.ts";

const lines = await listing();
const text = lines.join("\n");

Deno.test("everything there is to choose is listed, each in its section, with every setting of its own", () => {
  const named = (name: string) => lines.some((line) => line.startsWith(`  ${name} `));
  for (const table of [algorithms, adapters, optimisers, schedules]) {
    for (const name of Object.keys(table)) ok(named(name), name);
  }
  for (const { name, hyper } of Object.values<Algorithm>(algorithms)) {
    for (const setting of Object.keys(hyper?.shape ?? {})) {
      ok(text.includes(`- own.${setting} = `), `${name}: ${setting}`);
    }
  }
  for (const name of ["images:PATH", "table:PATH", "miniimagenet:PATH"]) ok(named(name), name);
  ok(text.includes('- colour = "grey" (grey or rgb): What models see of the colours.'));
  ok(text.includes("- features = [] (a list): "));
  ok(lines.every((line) => line.length <= 110 || !line.trim().includes(" ")), "lines fit a terminal");
});

Deno.test("an algorithm says what an iteration of it costs beside joint training", () => {
  const flat = text.replace(/\s+/g, " ");
  match(flat, /an iteration costs that of mtl 7\.8 times on sinusoid, 1\.4 times on omniglot/);
  strictEqual(flat.split("an iteration costs that of mtl").length - 1, Object.keys(algorithms).length - 2);
});

Deno.test("an algorithm says for each kind of task what adapts it, natively or not, and why the others do not", () => {
  for (const algorithm of Object.values<Algorithm>(algorithms)) {
    for (const kind of TASK_KINDS) {
      const said = describeCells(algorithm, kind);
      if (!algorithm.supports.includes(kind)) {
        strictEqual(said, `no cells on ${kind}: it is for ${algorithm.supports.join(" and ")} only`);
        continue;
      }
      const ofKind = Object.values<Adapter>(adapters).filter(({ supports }) => supports.includes(kind));
      const native = algorithm.nativeAdapters.find((name) => ofKind.some((adapter) => adapter.name === name));
      const [by, ...notBy] = said.split("; ");
      ok(by.startsWith(`${kind}: adapted by ${native} (native)`), said);
      const named = by.slice(`${kind}: adapted by `.length).replace(" (native)", "").split(", ");
      const refused = notBy.flatMap((part) => {
        const [, names, reason] = /^not by (.*?): (.+)$/.exec(part) ?? [];
        match(reason, /^(its training leaves no head for that adapter to start from|it has no context vectors)$/);
        return names.split(", ");
      });
      // Each adapter for the kind once, on one side or the other.
      equal([...named, ...refused].sort(), ofKind.map(({ name }) => name).sort());
      for (const { name, startsFromHead } of ofKind) {
        if (startsFromHead && algorithm.trainsHead === false) ok(refused.includes(name), `${name}: ${said}`);
      }
    }
  }
  const rows = describeCells(algorithms["mtl-class-rows"], "classification");
  ok(rows.startsWith("classification: adapted by logistic (native), "), rows);
  match(rows, /; not by gradient\b.*: its training leaves no head for that adapter to start from/);
  strictEqual(
    describeCells(algorithms.protonet, "regression"),
    "no cells on regression: it is for classification only",
  );
  ok(describeCells(algorithms.mtl, "regression").startsWith("regression: adapted by ridge (native), gradient"));
});

Deno.test("options are said with their default, what they may be and what they mean", () => {
  const schema = z.strictObject({
    name: z.literal("it"),
    kept: z.number().min(0).lt(1).default(0.9).describe("How much is kept."),
    from: z.enum(["a", "b"]).default("a").describe("Where it starts."),
    parts: z.int().min(1).default(3).describe("In how many parts."),
  });
  equal(describeOptions(schema, "x."), [
    "x.kept = 0.9 (a number, at least 0, less than 1): How much is kept.",
    'x.from = "a" (a or b): Where it starts.',
    "x.parts = 3 (a whole number, at least 1): In how many parts.",
  ]);
});
