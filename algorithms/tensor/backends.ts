/** The table of backends and the choice between them. */
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu.ts";
import { openTensorflow, tensorflowMissing } from "./tensorflow/open.ts";
import { wasmBackend } from "./wasm/wasm.ts";
import { openWebgpu, webgpuAdapter } from "./webgpu.ts";

/** One line of the table of backends. */
export interface BackendEntry {
  readonly name: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  /** Package or file it comes from. */
  readonly source: string;
  /** File of this project that opens it: what it imports shapes the results of this backend, and of no other. */
  readonly sourceFile: string;
  /** Undefined when it works here; otherwise one sentence that says why not and the way out. */
  missing(): Promise<string | undefined>;
  open(): Promise<Backend>;
}

const present = () => Promise.resolve(undefined);

async function webgpuMissing(): Promise<string | undefined> {
  return await webgpuAdapter() === undefined ? "no WebGPU adapter was found; install a Vulkan driver" : undefined;
}

/** All backends, the one that `auto` prefers first. */
export const backendEntries = {
  wasm: {
    name: "wasm",
    summary: "SIMD kernels in WebAssembly: the embedded default, nothing to install",
    source: "algorithms/tensor/wasm",
    sourceFile: "algorithms/tensor/wasm/wasm.ts",
    missing: present,
    open: wasmBackend,
  },
  tensorflow: {
    name: "tensorflow",
    summary: "graphs of the native TensorFlow library, after deno task setup:tensorflow",
    source: "npm:@tensorflow/tfjs-node-gpu",
    sourceFile: "algorithms/tensor/tensorflow/open.ts",
    missing: () => Promise.resolve(tensorflowMissing()),
    open: openTensorflow,
  },
  webgpu: {
    name: "webgpu",
    summary: "kernels of TensorFlow.js on Deno's WebGPU",
    source: "npm:@tensorflow/tfjs-backend-webgpu",
    sourceFile: "algorithms/tensor/webgpu.ts",
    missing: webgpuMissing,
    open: openWebgpu,
  },
  cpu: {
    name: "cpu",
    summary: "plain TypeScript interpreter: slow, for checking the others",
    source: "algorithms/tensor/cpu.ts",
    sourceFile: "algorithms/tensor/cpu.ts",
    missing: present,
    open: () => Promise.resolve(cpuBackend()),
  },
} as const satisfies Record<string, BackendEntry>;

/** A backend of the table. */
export type BackendName = keyof typeof backendEntries;

/** Opens a backend. @throws with the way out when it does not work here */
export async function openBackend(name: BackendName): Promise<Backend> {
  const entry: BackendEntry = backendEntries[name];
  const missing = await entry.missing();
  if (missing !== undefined) throw new Error(`Cannot use backend "${name}": ${missing}`);
  return await entry.open();
}
