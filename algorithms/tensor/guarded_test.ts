import { deepStrictEqual as equal, ok, rejects, throws } from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu.ts";
import { Graph } from "./graph.ts";
import { guarded } from "./guarded.ts";
import * as op from "./ops.ts";
import { program } from "./program.ts";
import { openWebgpu, webgpuAdapter } from "./webgpu.ts";

/** A backend that computes right, on a device that says what it is told to say. */
function faulty() {
  const device = new EventTarget();
  const { promise: lost, resolve: lose } = Promise.withResolvers<Pick<GPUDeviceLostInfo, "message">>();
  return {
    backend: guarded(cpuBackend(), Object.assign(device, { lost })),
    fail(message: string): void {
      device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error: new GPUValidationError(message) }));
    },
    lose,
  };
}

/** Keeps the input as its state and gives its double. */
function doubling(backend: Backend) {
  const graph = new Graph();
  const [x, state] = [graph.input("x", [2]), graph.state("last", [2])];
  return backend.compile(program({ outputs: { y: op.scale(x, 2) }, updates: [{ state, value: x }] }));
}

const FEEDS = { x: Float32Array.of(1, 2) };

Deno.test("a guarded backend computes what its backend does", async () => {
  const { backend } = faulty();
  const executable = doubling(backend);
  executable.setState("last", Float32Array.of(7, 8));
  equal(Array.from(await executable.getState("last")), [7, 8]);
  executable.run(FEEDS);
  equal(Array.from(await executable.read("y")), [2, 4]);
  equal(Array.from(await executable.getState("last")), [1, 2]);
  equal([backend.name, executable.flops], ["cpu", doubling(cpuBackend()).flops]);
  executable.dispose();
});

Deno.test("after an error of the device nothing is read or run, and the first error is the one told", async () => {
  const { backend, fail } = faulty();
  const executable = doubling(backend);
  executable.run(FEEDS);
  fail("too large");
  fail("follows from it");
  await rejects(() => executable.read("y"), /WebGPU failed: too large\..*fewer tasks.*another backend/);
  await rejects(() => executable.getState("last"), /too large/);
  throws(() => executable.run(FEEDS), /too large/);
  executable.dispose();
});

Deno.test("an error that the device reports while numbers are read back refuses them", async () => {
  const { backend, fail } = faulty();
  const executable = doubling(backend);
  executable.run(FEEDS);
  const reading = executable.read("y");
  setTimeout(() => fail("late"), 0);
  await rejects(() => reading, /late/);
  executable.dispose();
});

Deno.test("a program compiled after an error works", async () => {
  const { backend, fail } = faulty();
  const before = doubling(backend);
  fail("too large");
  const after = doubling(backend);
  after.run(FEEDS);
  equal(Array.from(await after.read("y")), [2, 4]);
  for (const executable of [before, after]) executable.dispose();
});

Deno.test("a lost device is named", async () => {
  const { backend, lose } = faulty();
  const executable = doubling(backend);
  executable.run(FEEDS);
  lose({ message: "the driver was reset" });
  await rejects(() => executable.read("y"), /the device is lost: the driver was reset/);
  executable.dispose();
});

const missing = await webgpuAdapter() === undefined;
Deno.test({
  name: `webgpu refuses what was computed when its device reported an error${missing ? " (not here: no adapter)" : ""}`,
  ignore: missing,
  // Devices keep buffers and timers of their own for as long as the process lives.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const backend = await openWebgpu();
    const executable = doubling(backend);
    executable.run(FEEDS);
    equal(Array.from(await executable.read("y")), [2, 4]);
    const opened = tf.backend();
    ok(opened instanceof WebGPUBackend);
    // No buffer may be mapped for both.
    opened.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    executable.run(FEEDS);
    await rejects(() => executable.read("y"), /^Error: WebGPU failed: /);
    executable.dispose();
    const next = doubling(backend);
    next.run(FEEDS);
    equal(Array.from(await next.read("y")), [2, 4]);
    next.dispose();
  },
});
