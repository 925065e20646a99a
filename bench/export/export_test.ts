import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { ownDataDir } from "../../common/user_paths.ts";
import { type DataSetEntry, dataSets } from "../../data/mod.ts";
import { openFinished } from "../run/finished_files.ts";
import { parseCells, parseEpisodes } from "../../reports/rows/csv.ts";
import { fieldsOf } from "../../reports/rows/schema_columns.ts";
import { cellRow } from "../../reports/rows/cell_row.ts";
import { TABLES } from "../../reports/rows/tables.ts";
import { trainingName } from "../../reports/rows/column.ts";
import { Store } from "../store/store.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { shapedState } from "./layout.ts";
import { tableToParquet } from "./parquet.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { exportRun } from "./write.ts";
import { tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import { train } from "../units/train.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";

const PYTHON = "python3";

async function has(...modules: readonly string[]): Promise<boolean> {
  const code = `import ${modules.join(", ")}`;
  try {
    return (await new Subprocess(PYTHON, { args: ["-c", code], stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

const READERS = ["numpy", "pyarrow", "safetensors"] as const;
const readable = await has(...READERS);
const why = readable ? "" : ` (ignored: ${PYTHON} has not all of ${READERS.join(", ")})`;

/** A finished run with its export. */
async function withExport(use: (run: string, folder: string) => Promise<void> | void): Promise<void> {
  await withFolder(async (folder) => {
    const run = join(folder, "run");
    const sweep = writeSweep(folder, (sweep) => sweep.seeds = [0, 1, 2]);
    const { code, err } = await cli("--sweep", sweep, "--out", run, "--workers", "1", "--quiet");
    equal(code, 0, err);
    const { paths, lost } = exportRun(run, join(run, "export"), false);
    equal(lost, 0);
    for (const path of paths) ok(Deno.statSync(path).size > 0, path);
    await use(run, join(run, "export"));
  });
}

const buffer = (path: string) => Deno.readFileSync(path).buffer;

/** A file of weights, read by the words of the format. */
function decode(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const read = ([name, place]: [string, unknown]) => {
    const { dtype, shape, data_offsets: [begin, end] } = place as {
      readonly dtype: string;
      readonly shape: number[];
      readonly data_offsets: [number, number];
    };
    const values = Array.from(
      { length: (end - begin) / 4 },
      (_, i) => view.getFloat32(8 + length + begin + 4 * i, true),
    );
    return [name, { dtype, shape, values }] as const;
  };
  return { metadata, tensors: Object.fromEntries(Object.entries(tensors).map(read)), aligned: (8 + length) % 8 === 0 };
}

Deno.test("tables and weights of a run read back as what its files and its store have, without Python", async () => {
  await withExport(async (run, folder) => {
    const files = openFinished(run);
    const cells = files.read("cells.csv", parseCells);
    const parquet = await parquetReadObjects({ file: buffer(join(folder, "cells.parquet")) });
    equal(parquet.length, cells.length);
    for (const [index, row] of parquet.entries()) {
      const { algorithm, innerSteps, seed, mean, reason, trainGflop } = cells[index];
      equal(
        [row.algorithm, row.inner_steps, row.seed, row.mean, row.reason, row.train_gflop],
        [algorithm, innerSteps === null ? null : BigInt(innerSteps), BigInt(seed), mean, reason, trainGflop],
      );
    }
    const episodes = await parquetReadObjects({ file: buffer(join(folder, "episodes.parquet")) });
    equal(episodes.map(({ scores }) => scores), files.read("episodes.csv", parseEpisodes).map(({ scores }) => scores));
    for (const { file } of TABLES) {
      const lines = Deno.readTextFileSync(join(run, file)).trimEnd().split("\r\n").length - 1;
      const name = file.replace(".csv", ".parquet");
      equal(Number(parquetMetadata(buffer(join(folder, name))).num_rows), lines, name);
    }

    const store = Store.open(join(run, "store"));
    const { units } = files.record.plan;
    equal([...Deno.readDirSync(join(folder, "weights"))].length, units.length);
    for (const { id, spec } of units) {
      const bytes = Deno.readFileSync(join(folder, "weights", `${trainingName(id)}.safetensors`));
      const { metadata, tensors, aligned } = decode(bytes);
      ok(aligned);
      equal(JSON.parse(metadata.spec), JSON.parse(JSON.stringify(spec)));
      equal(metadata.flat, undefined);
      equal(tensors["dense2.weight"].shape, [4, 4]);
      const state = store.state(id) ?? {};
      equal(Object.keys(tensors).sort(), Object.keys(state).sort());
      for (const [name, values] of Object.entries(state)) equal(tensors[name].values, [...values], name);
    }
  });
});

Deno.test("every learned state of every algorithm has shapes, what it learned beyond the model included", async () => {
  const backend = await openBackend("wasm");
  for (const algorithm of TRAINED) {
    const spec = tinySpec(algorithm);
    const dataSet = await tinyDataSet(
      spec.dataset === "sinusoid" ? "regression" : "classification",
    );
    const few = { ...spec, hyper: { ...spec.hyper, iterations: 1 }, validation: null };
    const { state } = await train(few, dataSet, backend);
    equal(shapedState(few, dataSet, state).flat, [], algorithm);
  }
});

Deno.test("data sets say beforehand how many training classes they have, so that tables of rows by class have a shape", async () => {
  for (const entry of Object.values<DataSetEntry>(dataSets)) {
    if (entry.kind === "regression" || await entry.missing(ownDataDir()) !== undefined) continue;
    const { trainClasses } = await entry.open({ dataDir: ownDataDir(), ways: 5 });
    equal(entry.classes, trainClasses, entry.name);
  }
});

Deno.test("a table without rows, whole numbers beyond 32 bits, nothing and what is not finite survive Parquet", async () => {
  const fields = fieldsOf(cellRow).filter(({ name }) =>
    ["reason", "episodes", "mean", "train_gradients"].includes(name)
  );
  equal(await parquetReadObjects({ file: tableToParquet(fields, []).buffer as ArrayBuffer }), []);
  const rows = [
    { reason: 'ä "quoted", =1+1', episodes: 2 ** 40, mean: NaN, trainGradients: null },
    { reason: "", episodes: 0, mean: 1e-300, trainGradients: 3 },
  ];
  equal(await parquetReadObjects({ file: tableToParquet(fields, rows).buffer as ArrayBuffer }), [
    { mean: null, episodes: 2n ** 40n, train_gradients: null, reason: rows[0].reason },
    { mean: 1e-300, episodes: 0n, train_gradients: 3n, reason: "" },
  ]);
});

Deno.test("tensors are written in the order of their names, and a wrong shape is refused", () => {
  const { tensors } = decode(encodeSafetensors({
    b: { shape: [1, 2], values: Float32Array.of(3, 4) },
    a: { shape: [], values: Float32Array.of(-0.5) },
  }, {}));
  equal(tensors, {
    a: { dtype: "F32", shape: [], values: [-0.5] },
    b: { dtype: "F32", shape: [1, 2], values: [3, 4] },
  });
  equal(Object.keys(tensors), ["a", "b"]);
  let message = "";
  try {
    encodeSafetensors({ a: { shape: [2], values: Float32Array.of(1) } }, {});
  } catch (error) {
    message = String(error);
  }
  match(message, /a has 1 values, which is not \[2\]/);
});

Deno.test({
  name:
    `the reader of docs/from_python.md reads an export by pyarrow and safetensors, and predicts what the run predicted${why}`,
  ignore: !readable,
  fn: () =>
    withExport(async (run, folder) => {
      const page = await Deno.readTextFile(join(PROJECT_ROOT, "docs", "from_python.md"));
      const [, script] = /```python\n([^]*?)```/.exec(page) ?? [];
      ok(script !== undefined && script.trim().split("\n").length <= 35, "a short reader");
      const { success, stdout, stderr } = await new Subprocess(PYTHON, { args: ["-c", script, folder] }).output();
      ok(success, new TextDecoder().decode(stderr));
      const [ratio, unit, predictions] = new TextDecoder().decode(stdout).trim().split("\n");

      const files = openFinished(run);
      const episodes = files.read("episodes.csv", parseEpisodes);
      const logs = (algorithm: string, adapter: string, innerSteps: number | null) =>
        episodes.filter((row) =>
          row.algorithm === algorithm && row.adapter === adapter && row.innerSteps === innerSteps
        )
          .sort((a, b) => a.seed - b.seed).flatMap(({ scores }) => scores.map((score) => Math.log(score ?? NaN)));
      const [a, b] = [logs("mtl", "ridge", null), logs("maml", "gradient", 2)];
      equal(a.length, 12);
      const expected = Math.exp(a.reduce((total, log, i) => total + log - b[i], 0) / a.length);
      ok(Math.abs(Number(ratio.split(": ")[1]) / expected - 1) < 1e-5, `${ratio}, not ${expected}`);
      equal(unit, "maml of seed 0");

      // What the run itself predicted for the grid of the first test episode before any step.
      const store = Store.open(join(run, "store"));
      const cell = files.record.plan.cells.find(({ algorithm, adapter, seed }) =>
        algorithm === "maml" && adapter === "gradient" && seed === 0
      );
      const pictures = store.evaluation(cell?.evaluation ?? "")?.illustrations ?? [];
      const before = pictures.find(({ innerSteps }) => innerSteps === 0)?.predictions.map(([y]) => y ?? NaN) ?? [];
      const ours = predictions.split(" ").map(Number);
      equal(ours.length, before.length);
      for (const [i, y] of before.entries()) ok(Math.abs(ours[i] - y) < 1e-4, `${ours[i]} and ${y} at ${i}`);
    }),
});

Deno.test({
  name: `pyarrow gives every table of an export back with the types of its columns${why}`,
  ignore: !readable,
  fn: () =>
    withExport(async (_, folder) => {
      const script = `
import json, sys, pyarrow.parquet as pq
print(json.dumps({name: [str(f.type) for f in pq.read_table(f"{sys.argv[1]}/{name}.parquet").schema] for name in sys.argv[2:]}))`;
      const names = TABLES.map(({ file }) => file.replace(".csv", ""));
      const { success, stdout, stderr } = await new Subprocess(PYTHON, { args: ["-c", script, folder, ...names] })
        .output();
      ok(success, new TextDecoder().decode(stderr));
      const types = JSON.parse(new TextDecoder().decode(stdout));
      const arrow = { string: "string", integer: "int64", number: "double" } as const;
      for (const { file, fields } of TABLES) {
        const name = file.replace(".csv", "");
        const list = name === "episodes" ? ["list<element: double>"] : [];
        equal(types[name], [...fields.map(({ type }) => arrow[type]), ...list], name);
      }
    }),
});

/** Runs the task as a user does, with its own permissions. */
function task(...args: string[]): { code: number; out: string; err: string } {
  const own = ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=export"];
  const { code, stdout, stderr } = Subprocess.deno({
    args: [...own, `--allow-run=${Deno.execPath()}`, join(PROJECT_ROOT, "bench", "commands", "export.ts"), ...args],
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("the task writes where it is told, says what a store lacks, and refuses what is no finished run", async () => {
  await withExport((run) => {
    const elsewhere = join(run, "elsewhere");
    const tables = task(run, "--out", elsewhere, "--tables-only");
    equal([tables.code, tables.out], [0, `${TABLES.length} files in ${elsewhere}`], tables.err);
    equal([...Deno.readDirSync(elsewhere)].some(({ name }) => name === "weights"), false);
    Deno.removeSync(join(run, "store", "training"), { recursive: true });
    const { code, err } = task(run, "--out", elsewhere);
    equal(code, 1);
    match(err, /They lack \d+ learned states that the store does not have/);
    Deno.writeTextFileSync(join(run, "cells.csv"), "x");
    const damaged = task(run, "--out", elsewhere);
    equal(damaged.code, 2);
    match(
      damaged.err,
      /cells\.csv is damaged: it is not as the run wrote it; run deno task bench with --out \S+ --sweep \S+sweep\.json again/,
    );
  });
  match(task("--help").out, /Usage: deno task export \[DIR\] \[--out DIR\]/);
  match(task("--outt", "x").err, /Unknown flag "--outt": deno task export takes DIR, --out DIR, --tables-only/);
  match(task("a", "b").err, /2 folders are named, but deno task export takes DIR/);
});
