import { deepStrictEqual as equal } from "node:assert/strict";
import { Graph } from "./graph.ts";
import * as op from "./ops.ts";
import { program } from "./program.ts";
import { describeAdapter, openWebgpu, webgpuAdapter } from "./webgpu.ts";

const missing = await webgpuAdapter() === undefined;
Deno.test({
  name: `webgpu maps no buffer to upload what a run is fed${missing ? " (not here: no adapter)" : ""}`,
  ignore: missing,
  // Devices keep buffers and timers of their own for as long as the process lives.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const mapped = GPUBuffer.prototype.getMappedRange;
    let maps = 0;
    GPUBuffer.prototype.getMappedRange = function (...range) {
      maps++;
      return mapped.apply(this, range);
    };
    try {
      const graph = new Graph();
      const executable = (await openWebgpu()).compile(program({ outputs: { y: op.exp(graph.input("x", [5000])) } }));
      for (let i = 0; i < 3; i++) executable.run({ x: new Float32Array(5000) });
      equal(maps, 0);
      equal(Array.from(await executable.read("y")), Array(5000).fill(1));
      equal(maps, 1);
      executable.dispose();
    } finally {
      GPUBuffer.prototype.getMappedRange = mapped;
    }
  },
});

Deno.test("a program that imitates a GPU is told from a GPU", () => {
  const info = (description: string, vendor: string) => ({
    ...{ description, vendor, architecture: "", device: "0", isFallbackAdapter: false },
  });
  equal(describeAdapter(info("llvmpipe (LLVM 15.0.6, 256 bits)", "65541")).software, true);
  equal(describeAdapter(info("SwiftShader Device (LLVM 10.0.0)", "6880")).software, true);
  equal(describeAdapter(info("Microsoft Basic Render Driver", "5140")).software, true);
  equal(describeAdapter({ ...info("Something", "1"), isFallbackAdapter: true }).software, true);
  equal(describeAdapter(info("NVIDIA H100 PCIe", "4318")), { description: "NVIDIA H100 PCIe", software: false });
  equal(describeAdapter(info("", "apple")), { description: "apple", software: false });
});
