import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Ajv } from "ajv";
import { PROJECT_ROOT } from "../../common/project.ts";
import { TABLES } from "../../reports/rows/tables.ts";
import { sweeps } from "../sweeps/registry.ts";
import { PAGES } from "./pages.ts";
import { resultsPage } from "./results_page.ts";
import { sweepJsonSchema } from "./sweep_schema.ts";

for (const [path, page] of Object.entries(PAGES)) {
  Deno.test(`${path} is what its sources say: deno task docs`, () => {
    equal(Deno.readTextFileSync(join(PROJECT_ROOT, path)), page());
  });
}

Deno.test("every column of every table has its line in the results page", () => {
  const page = resultsPage();
  for (const { file, fields } of TABLES) {
    const section = page.slice(page.indexOf(`\n## ${file}`)).split("\n## ")[1];
    for (const { name, meaning } of fields) ok(section.includes(`| \`${name}\` |`) && section.includes(meaning), name);
  }
});

/** Every member's schema, at any depth, with its path. */
function members(schema: unknown, path = ""): [path: string, schema: object][] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key !== "properties" || typeof value !== "object" || value === null) return members(value, path);
    return Object.entries(value).flatMap(([name, member]: [string, object]) => {
      const place: [string, object] = [`${path}.${name}`, member];
      return [place, ...members(member, place[0])];
    });
  });
}

Deno.test("editors find every built-in sweep right, and what is misspelt or missing wrong", () => {
  const validate = new Ajv().compile(JSON.parse(sweepJsonSchema()));
  for (const sweep of Object.values(sweeps)) {
    ok(validate({ $schema: "./docs/sweep.schema.json", ...sweep }), JSON.stringify(validate.errors));
  }
  const [first] = sweeps.smoke.datasets;
  for (
    const wrong of [{ titel: "" }, { seeds: [-1] }, { seeds: undefined }, { datasets: [{ ...first, norm: "rms" }] }]
  ) {
    ok(!validate(JSON.parse(JSON.stringify({ ...sweeps.smoke, ...wrong }))), JSON.stringify(wrong));
  }
});

Deno.test("every setting of a sweep tells an editor what it means", () => {
  const silent = members(JSON.parse(sweepJsonSchema())).filter(([path, schema]) =>
    !("description" in schema) && !("const" in schema) && !path.endsWith(".matchedUpTo")
  );
  equal(silent.map(([path]) => path), []);
  match(sweepJsonSchema(), /step size of the inner loop in training/);
});
