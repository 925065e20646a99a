import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { batchShape } from "../units/batches.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "../units/subject.ts";
import { batchOf, movedStartOf, startOf } from "./inputs.ts";
import { programOf, stepPartsOf, trainSpecOf } from "./programs.ts";
import { checkSizesOf } from "./reference.ts";
import { GROUPS, sizesOf, unmeasured, workloads } from "./workloads.ts";

const trainings = workloads.filter(({ kind }) => kind === "training");

Deno.test("what has no workload is told by name, where it trains", () => {
  const all: readonly Algorithm[] = Object.values(algorithms);
  const told = new Set(unmeasured());
  for (const { name, objective } of all) {
    const measured = workloads.some(({ algorithm }) => algorithm === name);
    equal(told.has(name), objective !== undefined && !measured, name);
  }
});

Deno.test("every workload's algorithm has a function in PyTorch and one in JAX", async () => {
  for (const script of ["torch_methods.py", "jax_methods.py"]) {
    const text = await Deno.readTextFile(join(PROJECT_ROOT, "bench", "speed", "peers", script));
    const written = new Set([...text.matchAll(/^ {4}"([\w-]+)": \w+,$/gm)].map(([, name]) => name));
    equal([...new Set(workloads.map(({ algorithm }) => algorithm))].filter((name) => !written.has(name)), [], script);
  }
});

Deno.test("workloads have names of their own, and every group has some", () => {
  equal(new Set(workloads.map(({ name }) => name)).size, workloads.length);
  for (const group of GROUPS) ok(workloads.some((workload) => workload.group === group), group);
});

Deno.test("a workload's batches are those that the harness would train on", () => {
  for (const workload of trainings) {
    const { setting: { data, dataset, trainClasses } } = workload;
    const spec = trainSpecOf(workload);
    const described = { ...data, name: dataset, ...(trainClasses === 0 ? {} : { trainClasses }) };
    const { batch } = stepPartsOf(workload, spec, modelOf(spec, data), sizesOf(workload));
    const { tasks, parts, outputs, ways } = batch;
    equal({ tasks, parts, outputs, ways }, batchShape(spec, algorithmOf(spec), described), workload.name);
  }
});

Deno.test("a batch and a start have what the program takes in", () => {
  for (const workload of trainings.filter(({ setting }) => setting.model === "mlp")) {
    const sizes = checkSizesOf(workload);
    const program = programOf(workload, sizes);
    const batch = batchOf(workload, sizes, 0);
    for (const { shape, attributes: { name } } of program.inputs) {
      if (name in batch) equal(batch[name].shape, shape, `${workload.name}: ${name}`);
      else ok(/^(scalar\d|rowScalar\d|progress)$/.test(name), `${workload.name}: ${name}`);
    }
    const start = startOf(workload, sizes);
    const shapes = new Map(program.states.map(({ shape, attributes: { name } }) => [name, shape]));
    for (const [key, { shape, data }] of Object.entries(start)) {
      equal(shapes.get(key), shape, `${workload.name}: ${key}`);
      equal(data.length, shape.reduce((product, extent) => product * extent, 1));
    }
    const own = metaSpecsOf(trainSpecOf(workload), modelOf(trainSpecOf(workload), workload.setting.data), sizes);
    ok(own.every(({ name }) => `meta:${name}` in start), workload.name);
  }
});

Deno.test("the check starts where no parameter is still as training starts, nor two copies of a task's are alike", () => {
  for (const workload of trainings.filter(({ setting }) => setting.dataset === "sinusoid")) {
    const sizes = checkSizesOf(workload);
    const [start, moved] = [startOf(workload, sizes), movedStartOf(workload, sizes)];
    equal(Object.keys(moved), Object.keys(start));
    for (const [key, { data }] of Object.entries(moved)) {
      ok(data.every((value, i) => value !== start[key].data[i]), `${workload.name}: ${key}`);
      ok(data.length === 1 || new Set(data).size > 1, `${workload.name}: ${key}`);
    }
  }
});
