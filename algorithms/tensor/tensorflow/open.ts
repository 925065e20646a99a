/** The `tensorflow` backend: native TensorFlow, through a binding that is built on that of npm:@tensorflow/tfjs-node-gpu. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import util from "node:util";
import type { Backend } from "../backend.ts";
import { tfjsBackend } from "../tfjs.ts";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { findBinding } from "./binding.ts";
import type { Device } from "./graph_def.ts";
import { hasSessions, sessionBackend } from "./sessions.ts";

/** The command that makes this backend work. */
export const SETUP = "deno task setup:tensorflow";

/**
 * Settings that TensorFlow reads from its environment, applied where the user has set nothing. One thread per process, since there is one worker process
 * per core. oneDNN's kernels are the fastest; with the same number of threads they give the same bits on every run.
 */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  TF_CPP_MIN_LOG_LEVEL: "2",
  TF_ENABLE_ONEDNN_OPTS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  TF_NUM_INTRAOP_THREADS: "1",
};

/** Undefined when the backend can be opened; otherwise one sentence that says what is missing and the command that helps. */
export function tensorflowMissing(): string | undefined {
  if (findBinding() !== undefined) return undefined;
  return `the native TensorFlow binding is not built; run \`${SETUP}\``;
}

/**
 * Loads TensorFlow and opens the backend. Needs permission to load native code (`--allow-ffi`) from the binding's folder.
 *
 * Programs run as whole graphs where the binding can do that, which is the one that `setup.ts` builds; with the binding of the package's own installer
 * they run operation by operation.
 *
 * @throws Error when the binding is missing or cannot be loaded
 */
export async function openTensorflow(): Promise<Backend> {
  const native = loadBinding();
  if (!hasSessions(native)) return await openOpByOp();
  return sessionBackend(native, deviceOf(native));
}

/** The backend without sessions: operation by operation, as with the binding of the package's own installer. */
export async function openOpByOp(): Promise<Backend> {
  const native = loadBinding();
  restoreNodeUtilities();
  await import("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  const { NodeJSKernelBackend } = await import("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js");
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  // The package's index would register the same, after looking for the binding in its own folder only.
  const backend = new NodeJSKernelBackend(native, "tfjs-node-gpu");
  tf.registerBackend("tensorflow", () => backend);
  if (!await tf.setBackend("tensorflow")) throw new Error("Cannot open backend tensorflow: TensorFlow.js refused it");
  return tfjsBackend(
    tf,
    "tensorflow",
    "tensorflow",
    `native TensorFlow kernels, one by one, on the ${deviceOf(native)}`,
  );
}

/** The binding of tfjs-node; the one that is built here has sessions besides. */
export type Binding = ConstructorParameters<typeof NodeJSKernelBackend>[0];

/** Loads the native code. @throws Error when it is missing or cannot be loaded */
export function loadBinding(): Binding {
  const binding = findBinding();
  if (binding === undefined) throw new Error(`Cannot open backend tensorflow: ${tensorflowMissing()}`);
  for (const [name, value] of Object.entries(ENVIRONMENT)) if (!Deno.env.has(name)) Deno.env.set(name, value);
  return createRequire(import.meta.url)(fileURLToPath(binding));
}

function deviceOf(binding: Binding): Device {
  return binding.isUsingGpuDevice() ? "GPU" : "CPU";
}

/** tfjs-node calls functions that node:util no longer has. */
function restoreNodeUtilities(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
}
