import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "./project.ts";

const read = (path: string) => Deno.readTextFileSync(join(PROJECT_ROOT, path));
const { imports, tasks } = JSON.parse(read("deno.json")) as {
  imports: Record<string, string>;
  tasks: Record<string, unknown>;
};
const lock = JSON.parse(read("deno.lock")) as {
  specifiers: Record<string, string>;
  npm: Record<string, { readonly integrity?: string; readonly scripts?: boolean }>;
};
const review = read("docs/dependencies.md");

/** Rows of the review: package, version, licence. */
const rows = [
  ...review.matchAll(
    /^\| `([^`]+)`\s*\| (\S+)\s*\| (\S+)\s*\| (\d+)\s*\| ([^|]*?)\s*\| ([^|]*?)\s*\| ([^|]*?)\s*\|$/gm,
  ),
]
  .map(([, name, version, size, others, licence, why, instead]) => ({
    name,
    version,
    size,
    others,
    licence,
    why,
    instead,
  }));

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(PROJECT_ROOT, folder))) {
    if (isDirectory) yield* sources(join(folder, name));
    else if (name.endsWith(".ts")) yield read(join(folder, name));
  }
}

Deno.test("every package has a row in the review, with the version that is locked", () => {
  equal(rows.map(({ name }) => name).sort(), Object.keys(imports).sort());
  for (const { name, version, licence, why, instead } of rows) {
    // The lock file writes some ranges another way.
    const [, locked] = Object.entries(lock.specifiers).find(([specifier]) => specifier.startsWith(`npm:${name}@`)) ??
      [];
    equal(version, imports[name].startsWith("npm:") ? locked?.replace(/_.*$/, "") : "JSR", name);
    ok([licence, why, instead].every((field) => field.length > 2), name);
  }
});

Deno.test("every package is used", () => {
  const code = ["algorithms", "bench", "common", "data", "links", "reports"].flatMap((folder) => [...sources(folder)])
    .join("\n");
  for (const name of Object.keys(imports)) {
    const used = name.replace(/^@types\//, "");
    ok(
      code.includes(`"${used}"`) || code.includes(`"${used}/`),
      `${name} is imported nowhere: take it out of deno.json`,
    );
  }
});

Deno.test("everything is pinned by checksum, and no installation script may run", () => {
  const scripted = Object.entries(lock.npm).filter(([, { scripts }]) => scripts).map(([id]) =>
    id.replace(/(?<=.)@.*/, "")
  );
  equal(scripted.sort(), ["@tensorflow/tfjs-node-gpu", "core-js"]);
  for (const name of scripted) ok(review.split("## Installation scripts")[1].includes(`\`${name}\``), name);
  for (const [id, { integrity }] of Object.entries(lock.npm)) ok(integrity?.startsWith("sha512-"), id);
  const allowed = [JSON.stringify(tasks), read(".ci/run")].filter((text) => text.includes("--allow-scripts"));
  equal(allowed, []);
});
