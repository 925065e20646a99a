/** The `webgpu` backend: TensorFlow.js kernels on Deno's built-in WebGPU. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { BackendValues, DataType } from "@tensorflow/tfjs-core";
import type { Backend, Data } from "./backend.ts";
import { guarded } from "./guarded.ts";
import { tfjsBackend } from "./tfjs.ts";

/** What WebGPU would run on. */
export interface Adapter {
  /** Maker and model as the driver reports them. */
  readonly description: string;
  /** Whether it is a program on the processor that imitates a GPU. */
  readonly software: boolean;
}

const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|software|basic render|\bwarp\b/i;

/** The parts of a WebGPU adapter's description that are used here. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  "vendor" | "architecture" | "device" | "description" | "isFallbackAdapter"
>;

/** Names an adapter and tells software from hardware. */
export function describeAdapter(info: AdapterInfo): Adapter {
  const words = [info.description, info.device, info.architecture, info.vendor].filter((word) =>
    word !== "" && word !== "0"
  );
  return { description: words[0] ?? "unnamed", software: info.isFallbackAdapter || SOFTWARE.test(words.join(" ")) };
}

/** Asks for the adapter that WebGPU would use; undefined when there is none. */
export async function webgpuAdapter(): Promise<Adapter | undefined> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  return adapter ? describeAdapter(adapter.info) : undefined;
}

/**
 * Opens the backend, on a software adapter too where that is all there is.
 *
 * @throws Error when there is no adapter, or TensorFlow.js cannot use it
 */
export async function openWebgpu(): Promise<Backend> {
  const adapter = await webgpuAdapter();
  if (adapter === undefined) {
    throw new Error("Cannot open backend webgpu: no adapter found; install a Vulkan, Metal or DirectX 12 driver");
  }
  const { WebGPUBackend: Device } = await import("@tensorflow/tfjs-backend-webgpu");
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  if (!await tf.setBackend("webgpu")) {
    throw new Error(`Cannot open backend webgpu: TensorFlow.js failed to use the adapter "${adapter.description}"`);
  }
  const kind = adapter.software ? "software adapter" : "GPU";
  const description = `TensorFlow.js kernels on WebGPU, ${kind}: ${adapter.description}`;
  const opened = tf.backend();
  if (!(opened instanceof Device)) throw new Error("internal: TensorFlow.js is on another backend than webgpu");
  uploadByQueue(opened);
  return guarded(tfjsBackend(tf, "webgpu", "webgpu", description), opened.device);
}

/** Devices whose uploads go by the queue already. */
const byQueue = new WeakSet<WebGPUBackend>();

/**
 * Makes TensorFlow.js hand numbers to the device's queue. By itself it maps a buffer to write them to, which Deno reads
 * back first: 7.5 MB took 250 ms on an H200, where the queue takes 1.
 */
function uploadByQueue(device: WebGPUBackend): void {
  if (byQueue.has(device)) return;
  byQueue.add(device);
  const allocate = device.uploadToGPU.bind(device);
  device.uploadToGPU = (id) => {
    const tensor: { values?: BackendValues; dtype: DataType; resource?: unknown } = device.tensorMap.get(id);
    const { values, dtype, resource } = tensor;
    if (!values || resource) return allocate(id);
    // Without numbers it allocates only: a buffer that no command still to be submitted uses.
    tensor.values = undefined;
    allocate(id);
    device.queue.writeBuffer(tensor.resource as GPUBuffer, 0, inDeviceType(values as Data | Int32Array, dtype));
  };
}

/** Numbers as the device stores them: 32 bits each, truth values too. */
function inDeviceType(values: Data | Int32Array, dtype: DataType): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  return dtype === "float32" ? new Float32Array(values) : new Int32Array(values);
}
