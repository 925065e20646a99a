/**
 * Executes programs with the kernels of TensorFlow.js, on any of its devices.
 *
 * Only kernels are used: never its gradients (see `grad.ts` for why), its tape or its garbage collection by scopes. Every
 * intermediate is disposed of right after its last use; states and outputs live in tensors that the executable owns.
 */
import type * as Tf from "@tensorflow/tfjs-core";
import { type Backend, checkLength, type Data, type Executable, named } from "./backend.ts";
import { isOp, type Node, type NodeOf, type PatchAttributes, type PrimitiveName, sizeOf } from "./graph.ts";
import { patchGeometry, patchIndices, pixelIndices } from "./patches.ts";
import type { Program } from "./program.ts";
import { broadcastStrides, collapse } from "./strides.ts";
import { putMax, takeMax } from "./tfjs_pools.ts";

/** Runs kernels of one TensorFlow.js device and owns the small tensors that they share. */
class Device {
  readonly #tf: typeof Tf;
  readonly #name: string;
  readonly #shared = new Map<string, Tf.Tensor>();

  constructor(tf: typeof Tf, name: string) {
    this.#tf = tf;
    this.#name = name;
  }

  /** Makes this device the current one: TensorFlow.js has one global choice, and another device may have been used since. */
  activate(): void {
    // The promise is settled already: this device was made ready when it was opened.
    if (this.#tf.getBackend() !== this.#name) void this.#tf.setBackend(this.#name);
  }

  /** Runs one kernel with one result. */
  run(kernel: string, inputs: Record<string, Tf.Tensor>, attributes: Tf.NamedAttrMap = {}): Tf.Tensor {
    return this.#tf.engine().runKernel(kernel, inputs, attributes) as Tf.Tensor;
  }

  /** Copies numbers to the device, in float32. */
  upload(data: Data, shape: readonly number[]): Tf.Tensor {
    return this.#tf.tensor(Float32Array.from(data), [...shape], "float32");
  }

  /** A float32 scalar. */
  scalar(value: number): Tf.Tensor {
    // Object.is tells -0 from 0, which a key made by String() would not.
    const key = Object.is(value, -0) ? "-0" : String(value);
    return this.#share(key, () => this.#tf.scalar(value, "float32"));
  }

  /** A vector of indices, computed once per key. */
  indices(key: string, make: () => Int32Array): Tf.Tensor {
    return this.#share(key, () => this.#tf.tensor1d(make(), "int32"));
  }

  /** A further owner of the same numbers. */
  share(x: Tf.Tensor): Tf.Tensor {
    return this.run("Identity", { x });
  }

  memoryBytes(): number {
    return this.#tf.memory().numBytes;
  }

  #share(key: string, make: () => Tf.Tensor): Tf.Tensor {
    const tensor = this.#shared.get(key) ?? make();
    this.#shared.set(key, tensor);
    return tensor;
  }
}

type Kernel<P extends PrimitiveName> = (device: Device, node: NodeOf<P>, inputs: readonly Tf.Tensor[]) => Tf.Tensor;

const unary = (kernel: string) => (device: Device, _: Node, [x]: readonly Tf.Tensor[]) => device.run(kernel, { x });
const binary = (kernel: string) => (device: Device, _: Node, [a, b]: readonly Tf.Tensor[]) =>
  device.run(kernel, { a, b });
const leaf = (): never => {
  throw new Error("internal: leaves are not executed");
};

const kernels: { readonly [P in PrimitiveName]: Kernel<P> } = {
  input: leaf,
  state: leaf,
  constant: (device, node) =>
    device.run("Fill", {}, { shape: [...node.shape], value: node.attributes.value, dtype: "float32" }),
  scale: (device, node, [a]) => device.run("Multiply", { a, b: device.scalar(node.attributes.factor) }),
  offset: (device, node, [a]) => device.run("Add", { a, b: device.scalar(node.attributes.addend) }),
  exp: unary("Exp"),
  log: unary("Log"),
  sqrt: unary("Sqrt"),
  tanh: unary("Tanh"),
  // Not the kernel "Relu": on WebGPU it turns not-a-number into 0, which would hide a divergence.
  relu: (device, _, [a]) => device.run("Maximum", { a, b: device.scalar(0) }),
  step(device, _, [a]) {
    const positive = device.run("Greater", { a, b: device.scalar(0) });
    return finish(device.run("Cast", { x: positive }, { dtype: "float32" }), positive);
  },
  add: binary("Add"),
  sub: binary("Sub"),
  mul: binary("Multiply"),
  div: binary("RealDiv"),
  maximum: binary("Maximum"),
  minimum: binary("Minimum"),
  select,
  sum: (device, node, [x]) => device.run("Sum", { x }, { axis: [...node.attributes.axes], keepDims: true }),
  maxLast: (device, node, [x]) =>
    device.run("Max", { x }, { reductionIndices: [node.shape.length - 1], keepDims: true }),
  matmul: (device, node, [a, b]) => device.run("BatchMatMul", { a, b }, { ...node.attributes }),
  reshape: (device, node, [x]) => device.run("Reshape", { x }, { shape: [...node.shape] }),
  transpose: (device, node, [x]) => device.run("Transpose", { x }, { perm: [...node.attributes.perm] }),
  broadcast,
  im2col,
  col2im,
  takeMax,
  putMax,
  takeRows(device, _, [x, rows]) {
    const indices = device.run("Cast", { x: rows }, { dtype: "int32" });
    return finish(device.run("GatherV2", { x, indices }, { axis: 0, batchDims: 0 }), indices);
  },
  addRows,
  stopGradient: (device, _, [x]) => device.share(x),
};

/** A product with the indices as one-hot columns: WebGPU has no kernel that adds rows up. */
function addRows(device: Device, node: NodeOf<"addRows">, [x, rows]: readonly Tf.Tensor[]): Tf.Tensor {
  const [size] = node.shape;
  const count = node.inputs[0].shape[0];
  const indices = device.run("Cast", { x: rows }, { dtype: "int32" });
  const hot = device.run("OneHot", { indices }, { depth: size, onValue: 1, offValue: 0, dtype: "float32" });
  const a = device.run("Reshape", { x: hot }, { shape: [1, count, size] });
  const b = device.run("Reshape", { x }, { shape: [1, count, sizeOf(node.shape) / size] });
  const product = device.run("BatchMatMul", { a, b }, { transposeA: true, transposeB: false });
  return finish(device.run("Reshape", { x: product }, { shape: [...node.shape] }), indices, hot, a, b, product);
}

/** The kernel takes operands of one shape, and adding zeros repeats what the sum's shape asks for. */
function select(device: Device, node: NodeOf<"select">, [x, condition]: readonly Tf.Tensor[]): Tf.Tensor {
  const zeros = device.run("Fill", {}, { shape: [...node.shape], value: 0, dtype: "float32" });
  const [a, b] = [x, condition].map((operand) => device.run("Add", { a: operand, b: zeros }));
  const positive = device.run("Greater", { a: b, b: device.scalar(0) });
  return finish(device.run("Select", { condition: positive, t: a, e: zeros }), zeros, a, b, positive);
}

/** Repeats axes, after merging neighbours: WebGPU tiles at most four. */
function broadcast(device: Device, node: NodeOf<"broadcast">, [x]: readonly Tf.Tensor[]): Tf.Tensor {
  const { extents, strides: [strides] } = collapse({ extents: node.shape, strides: [broadcastStrides(x.shape)] });
  const merged = device.run("Reshape", { x }, { shape: extents.map((extent, i) => strides[i] === 0 ? 1 : extent) });
  const tiled = device.run("Tile", { x: merged }, { reps: extents.map((extent, i) => strides[i] === 0 ? extent : 1) });
  return finish(device.run("Reshape", { x: tiled }, { shape: [...node.shape] }), merged, tiled);
}

/** Pads the image, then takes every patch element's pixel. */
function im2col(device: Device, node: NodeOf<"im2col">, [x]: readonly Tf.Tensor[]): Tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { top, bottom, left, right } = patchGeometry(node.attributes);
  const padded = device.run("PadV2", { x }, {
    paddings: [[0, 0], [top, bottom], [left, right], [0, 0]],
    constantValue: 0,
  });
  const pixels = device.run("Reshape", { x: padded }, {
    shape: [batch, (top + height + bottom) * (left + width + right), channels],
  });
  const indices = device.indices(`im2col ${tableKey(node.attributes)}`, () => patchIndices(node.attributes));
  const taken = device.run("GatherV2", { x: pixels, indices }, { axis: 1, batchDims: 0 });
  return finish(device.run("Reshape", { x: taken }, { shape: [...node.shape] }), padded, pixels, taken);
}

/** For every pixel, adds up the patch elements that hold it. */
function col2im(device: Device, node: NodeOf<"col2im">, [x]: readonly Tf.Tensor[]): Tf.Tensor {
  const [batch, height, width, channels] = node.shape;
  const { rows, columns } = patchGeometry(node.attributes);
  const length = rows * columns * node.attributes.kernel ** 2;
  const { indices, overlap } = pixelTable(device, node.attributes);
  const elements = device.run("Reshape", { x }, { shape: [batch, length, channels] });
  const padded = device.run("PadV2", { x: elements }, { paddings: [[0, 0], [0, 1], [0, 0]], constantValue: 0 });
  const taken = device.run("GatherV2", { x: padded, indices }, { axis: 1, batchDims: 0 });
  const grouped = device.run("Reshape", { x: taken }, { shape: [batch, height * width, overlap, channels] });
  const sums = device.run("Sum", { x: grouped }, { axis: [2], keepDims: false });
  return finish(device.run("Reshape", { x: sums }, { shape: [...node.shape] }), elements, padded, taken, grouped, sums);
}

function pixelTable(device: Device, attributes: PatchAttributes): { indices: Tf.Tensor; overlap: number } {
  const indices = device.indices(`col2im ${tableKey(attributes)}`, () => pixelIndices(attributes).indices);
  return { indices, overlap: indices.size / (attributes.height * attributes.width) };
}

function tableKey({ kernel, stride, height, width }: PatchAttributes): string {
  return [kernel, stride, height, width].join(" ");
}

/** Frees the intermediates of a kernel made of several, and hands on its result. */
function finish(result: Tf.Tensor, ...intermediates: readonly Tf.Tensor[]): Tf.Tensor {
  for (const tensor of intermediates) tensor.dispose();
  return result;
}

/**
 * A backend on a TensorFlow.js device that is ready: its kernels are registered and `tf.setBackend(device)` has succeeded.
 *
 * @param tf the core of TensorFlow.js
 * @param device its name for the device
 * @param name our name for the backend
 */
export function tfjsBackend(tf: typeof Tf, device: string, name: string, description: string): Backend {
  const shared = new Device(tf, device);
  return {
    name,
    description,
    compile: (program) => new TfjsExecutable(program, shared),
    memoryBytes: () => shared.memoryBytes(),
  };
}

class TfjsExecutable implements Executable {
  readonly flops: number;
  readonly #program: Program;
  readonly #device: Device;
  readonly #inputs: ReadonlyMap<string, Node>;
  readonly #stateNodes: ReadonlyMap<string, Node>;
  readonly #outputNodes: ReadonlyMap<string, Node>;
  readonly #states = new Map<Node, Tf.Tensor>();
  readonly #outputs = new Map<string, Tf.Tensor>();
  /** Operations in order, each with the nodes that nothing after it reads. */
  readonly #steps: readonly { readonly node: Node; readonly expired: readonly Node[] }[];

  constructor(program: Program, device: Device) {
    this.flops = program.flops;
    this.#program = program;
    this.#device = device;
    this.#inputs = new Map(program.inputs.map((node) => [node.attributes.name, node as Node]));
    this.#stateNodes = new Map(program.states.map((node) => [node.attributes.name, node as Node]));
    this.#outputNodes = new Map(Object.entries(program.outputs));
    this.#steps = schedule(program);
    device.activate();
    for (const state of program.states) this.#states.set(state as Node, zeros(device, state as Node));
  }

  setState(name: string, data: Data): void {
    const node = named(this.#stateNodes, "state", name);
    checkLength(`state "${name}"`, data, sizeOf(node.shape));
    this.#device.activate();
    this.#replace(node, this.#device.upload(data, node.shape));
  }

  async getState(name: string): Promise<Data> {
    const node = named(this.#stateNodes, "state", name);
    this.#device.activate();
    return await numbers(this.#state(node));
  }

  run(feeds: Readonly<Record<string, Data>>): void {
    const device = this.#device;
    device.activate();
    const values = new Map<Node, Tf.Tensor>(this.#states);
    for (const [name, node] of this.#inputs) {
      const data = feeds[name];
      if (data === undefined) throw new Error(`internal: input "${name}" is not fed`);
      checkLength(`input "${name}"`, data, sizeOf(node.shape));
      values.set(node, device.upload(data, node.shape));
    }
    const value = (node: Node) => values.get(node) as Tf.Tensor;
    for (const { node, expired } of this.#steps) {
      const kernel = kernels[node.op] as Kernel<PrimitiveName>;
      values.set(node, kernel(device, node, node.inputs.map(value)));
      for (const last of expired) {
        value(last).dispose();
        values.delete(last);
      }
    }
    this.#keepOutputs(value);
    const fresh = this.#program.updates.map((update) =>
      updated(device, update.rows && value(update.rows), {
        state: value(update.state),
        value: value(update.value),
      })
    );
    for (const [node, tensor] of values) if (!isOp(node, "state")) tensor.dispose();
    this.#program.updates.forEach(({ state }, i) => this.#replace(state, fresh[i]));
  }

  async read(output: string): Promise<Data> {
    named(this.#outputNodes, "output", output);
    const tensor = this.#outputs.get(output);
    if (tensor === undefined) throw new Error(`internal: output "${output}" is read before the first run`);
    this.#device.activate();
    return await numbers(tensor);
  }

  dispose(): void {
    for (const tensor of [...this.#states.values(), ...this.#outputs.values()]) tensor.dispose();
    this.#states.clear();
    this.#outputs.clear();
  }

  #state(node: Node): Tf.Tensor {
    return this.#states.get(node) as Tf.Tensor;
  }

  #replace(node: Node, tensor: Tf.Tensor): void {
    this.#state(node).dispose();
    this.#states.set(node, tensor);
  }

  #keepOutputs(value: (node: Node) => Tf.Tensor): void {
    for (const [name, node] of this.#outputNodes) {
      this.#outputs.get(name)?.dispose();
      this.#outputs.set(name, this.#device.share(value(node)));
    }
  }
}

/** The operations in order, and after each the values that expire: not read later, not asked for, not a state. */
function schedule(program: Program): { node: Node; expired: Node[] }[] {
  const kept = new Set<Node>(Object.values(program.outputs));
  for (const { state, value, rows } of program.updates) {
    for (const node of [state, value, rows]) if (node !== undefined) kept.add(node);
  }
  const operations = program.nodes.filter((node) => !isOp(node, "input") && !isOp(node, "state"));
  const lastUse = new Map<Node, Node>();
  for (const node of operations) for (const input of [...node.inputs, node]) lastUse.set(input, node);
  const steps = new Map<Node, { node: Node; expired: Node[] }>(operations.map((node) => [node, { node, expired: [] }]));
  for (const [node, last] of lastUse) {
    if (!kept.has(node) && !isOp(node, "state")) steps.get(last)?.expired.push(node);
  }
  return [...steps.values()];
}

/** The state after an update: the value itself, or the state with some of its rows replaced. */
function updated(
  device: Device,
  rows: Tf.Tensor | undefined,
  { state, value }: { readonly state: Tf.Tensor; readonly value: Tf.Tensor },
): Tf.Tensor {
  if (rows === undefined) return device.share(value);
  const column = device.run("Reshape", { x: rows }, { shape: [rows.size, 1] });
  const indices = device.run("Cast", { x: column }, { dtype: "int32" });
  return finish(device.run("TensorScatterUpdate", { tensor: state, indices, updates: value }), column, indices);
}

function zeros(device: Device, node: Node): Tf.Tensor {
  return device.run("Fill", {}, { shape: [...node.shape], value: 0, dtype: "float32" });
}

/** A copy of a tensor's numbers, which stays as it is whatever happens to the tensor. */
async function numbers(tensor: Tf.Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}
