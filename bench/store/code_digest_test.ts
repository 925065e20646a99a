import { deepStrictEqual as equal, notDeepStrictEqual as differs, ok } from "node:assert";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { models } from "../../algorithms/models/registry.ts";
import { optimisers } from "../../algorithms/optimisers/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { type DataSetEntry, dataSets } from "../../data/mod.ts";
import { backendEntries, type BackendEntry } from "../../algorithms/tensor/backends.ts";
import { CodeDigester } from "./code_digest.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";

const FILES: Record<string, string> = {
  "deno.json": '{"imports":{"pkg":"npm:pkg@1.0.0","other":"npm:other@1.0.0"}}',
  "algorithms/registry.ts": 'import { a } from "./a.ts"; import { b_c } from "./b_c.ts"; export const all = [a, b_c];',
  "algorithms/a.ts": 'import { shared } from "./shared.ts"; export const a = shared;',
  "algorithms/b_c.ts": "export const b_c = 1;",
  "algorithms/adapters/registry.ts": 'import { one } from "./steps_one.ts"; export const adapters = [one];',
  "algorithms/adapters/steps_one.ts": "export const one = 1;",
  "algorithms/models/net.ts": "export const net = 1;",
  "algorithms/optimisers/descent.ts": "export const descent = 1;",
  "algorithms/shared.ts": 'import { x } from "pkg/sub"; export const shared = x;',
  "algorithms/tensor/cpu.ts": 'import "./graph.ts"; export const cpu = 1;',
  "algorithms/tensor/cpu_test.ts": "0;",
  "algorithms/tensor/fast.ts": 'fetch(new URL("fast.wasm", import.meta.url)); import "./graph.ts";',
  "algorithms/tensor/fast.wasm": "kernels",
  "algorithms/tensor/graph.ts": "export const graph = 1;",
  "bench/units/train.ts":
    'import { all } from "../../algorithms/registry.ts"; import type { T } from "../types.ts"; all;',
  "bench/units/evaluate.ts": 'import "./train.ts"; import { solve } from "../solve.ts"; solve;',
  "bench/solve.ts": "export const solve = 1;",
  "bench/store/types.ts": "export type T = 1;",
  "bench/commands/bench.ts": "0;",
  "data/curves.ts": "export const curves = 1;",
};

async function withProject(
  use: (edit: (file: string, text: string) => void, digests: (name: string, backend?: string) => string[]) => void,
) {
  const root = await Deno.makeTempDir();
  const edit = (file: string, text: string) => {
    Deno.mkdirSync(dirname(join(root, file)), { recursive: true });
    Deno.writeTextFileSync(join(root, file), text);
  };
  try {
    for (const [file, text] of Object.entries(FILES)) edit(file, text);
    use(edit, (name, backend = "cpu") => {
      const digester = new CodeDigester(root);
      const subject = {
        ...{ algorithm: name, model: "net", optimiser: "descent", adapter: "steps-one" },
        dataFiles: ["data/curves.ts"],
        backendFile: `algorithms/tensor/${backend}.ts`,
      };
      return [digester.train(subject), digester.evaluate(subject)];
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a change of anything that shapes a result changes its digest", () =>
  withProject((edit, digests) => {
    for (
      const file of [
        "algorithms/a.ts",
        "algorithms/adapters/steps_one.ts",
        "algorithms/models/net.ts",
        "algorithms/optimisers/descent.ts",
        "algorithms/shared.ts",
        "algorithms/tensor/cpu.ts",
        "algorithms/tensor/graph.ts",
        "bench/units/train.ts",
        "data/curves.ts",
      ]
    ) {
      const before = digests("a");
      edit(file, `${FILES[file]} // changed`);
      const after = digests("a");
      ok(before[0] !== after[0] && before[1] !== after[1], file);
    }
    const before = digests("a");
    edit("deno.json", FILES["deno.json"].replace("pkg@1.0.0", "pkg@1.0.1"));
    differs(digests("a")[0], before[0]);
  }));

Deno.test("a checkout with other line ends has the same digests", () =>
  withProject((edit, digests) => {
    edit("algorithms/a.ts", `${FILES["algorithms/a.ts"]}\n// two\n`);
    const before = digests("a");
    edit("algorithms/a.ts", `${FILES["algorithms/a.ts"]}\r\n// two\r\n`);
    equal(digests("a"), before);
  }));

Deno.test("a change of evaluation leaves trainings, and one of other algorithms, tests, types and tools leaves everything", () =>
  withProject((edit, digests) => {
    const before = digests("a");
    edit("algorithms/b_c.ts", "export const b_c = 2;");
    edit("algorithms/new.ts", "export const fresh = 1;");
    edit("algorithms/registry.ts", `${FILES["algorithms/registry.ts"]} // one more`);
    edit("algorithms/adapters/registry.ts", `${FILES["algorithms/adapters/registry.ts"]} // one more`);
    edit("algorithms/tensor/cpu_test.ts", "1;");
    edit("bench/commands/bench.ts", "1;");
    edit("bench/store/types.ts", "export type T = 2;");
    edit("deno.json", FILES["deno.json"].replace("other@1.0.0", "other@2.0.0"));
    equal(digests("a"), before);
    edit("bench/solve.ts", "export const solve = 2;");
    equal(digests("a")[0], before[0]);
    differs(digests("a")[1], before[1]);
  }));

Deno.test("a change of one backend, or of the kernels that it loads, leaves what others have computed", () =>
  withProject((edit, digests) => {
    const [cpu, fast] = [digests("a"), digests("a", "fast")];
    edit("algorithms/tensor/fast.wasm", "other kernels");
    equal(digests("a"), cpu);
    differs(digests("a", "fast"), fast);
    edit("algorithms/tensor/fast.wasm", "kernels");
    edit("algorithms/tensor/cpu.ts", `${FILES["algorithms/tensor/cpu.ts"]} // changed`);
    equal(digests("a", "fast"), fast);
    edit("algorithms/tensor/graph.ts", "export const graph = 2;");
    differs(digests("a", "fast"), fast);
  }));

Deno.test("no module that a training or an evaluation loads is left out of its digest, on any backend", async () => {
  const digester = new CodeDigester();
  const kinds = { "": algorithms, "adapters/": adapters, "models/": models, "optimisers/": optimisers };
  const entries = Object.entries(kinds).flatMap(([kind, table]) =>
    Object.keys(table).map((name) => `algorithms/${kind}${name.replaceAll("-", "_")}.ts`)
  );
  for (const { name, sourceFile } of Object.values(backendEntries) as BackendEntry[]) {
    for (const entry of ["bench/units/train.ts", "bench/units/evaluate.ts", sourceFile]) {
      const loaded = await modulesOf(entry);
      ok(loaded.includes("algorithms/tensor/graph.ts"), entry);
      const covered = digester.files([entry, ...entries]);
      const missing = loaded.filter((file) => !covered.includes(file) && !file.endsWith("/registry.ts"));
      equal(missing, [], `${name}: ${entry}`);
    }
    const others = Object.values(backendEntries).filter((other) => other.name !== name);
    const own = digester.files([sourceFile]);
    ok(own.includes(sourceFile));
    ok(others.every((other) => !own.includes(other.sourceFile)), name);
  }
  ok(digester.files([backendEntries.wasm.sourceFile]).includes("algorithms/tensor/wasm/kernels.wasm"));
});

Deno.test("the files behind each data set, its sampler and its lists of classes among them, are found from its own", async () => {
  const digester = new CodeDigester();
  for (const { name, sourceFiles } of Object.values(dataSets) as DataSetEntry[]) {
    const covered = digester.files(sourceFiles);
    const loaded = (await Promise.all(sourceFiles.map(modulesOf))).flat();
    equal(loaded.filter((file) => !covered.includes(file)), [], name);
    ok(covered.some((file) => file.startsWith("data/sampling/")), name);
  }
  const files = digester.files(dataSets.omniglot.sourceFiles);
  for (const file of ["omniglot/rotation.ts", "omniglot/alphabets.json", "omniglot/splits/vinyals_2016.json"]) {
    ok(files.includes(`data/${file}`), file);
  }
});

/** The files of this project that Deno loads for an entry file, types apart. */
async function modulesOf(entry: string): Promise<string[]> {
  const { stdout } = await Subprocess.deno({
    args: ["info", "--json", `--config=${join(PROJECT_ROOT, "deno.json")}`, join(PROJECT_ROOT, entry)],
  }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    modules: { specifier: string; dependencies?: { code?: { specifier?: string } }[] }[];
  };
  const graph = new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.flatMap(({ code }) => code?.specifier ?? []),
  ]));
  const found = new Set(roots);
  for (const specifier of found) for (const next of graph.get(specifier) ?? []) found.add(next);
  const root = `${pathToFileURL(PROJECT_ROOT)}/`;
  return [...found].filter((file) => file.startsWith(root)).map((file) => file.slice(root.length));
}

Deno.test("the code behind each algorithm of this project is found, its own file among it", () => {
  const digester = new CodeDigester();
  const digests = Object.keys(algorithms).map((algorithm) =>
    digester.train({
      ...{ algorithm, model: "mlp", optimiser: "adam", adapter: "gradient", dataFiles: ["data/sinusoid.ts"] },
      backendFile: backendEntries.wasm.sourceFile,
    })
  );
  equal(new Set(digests).size, digests.length);
  const files = digester.files(["bench/units/train.ts", "bench/units/evaluate.ts", "algorithms/maml.ts"]);
  for (const file of ["bench/units/training_program.ts", "algorithms/blocks/inner_loop.ts", "common/random.ts"]) {
    ok(files.includes(file), file);
  }
  ok(!files.includes("algorithms/reptile.ts") && !files.includes("algorithms/registry.ts"));
});
