/** The plain interpreter: one kernel per primitive, written to be read. In float64 it is the reference of every test. */
import { type Attributes, type Node, type NodeOf, type PrimitiveName, type Shape, sizeOf } from "./graph.ts";
import { type Backend, checkLength, type Data, type Executable, named } from "./backend.ts";
import { pooled } from "./pools.ts";
import type { Program } from "./program.ts";
import { broadcastStrides, stridesOf } from "./strides.ts";

type Kernel<P extends PrimitiveName> = (node: NodeOf<P>, out: Data, inputs: readonly Data[]) => void;

const leaf = () => {
  throw new Error("internal: leaves are not executed");
};

const kernels: { readonly [P in PrimitiveName]: Kernel<P> } = {
  input: leaf,
  state: leaf,
  constant: (node, out) => void out.fill(node.attributes.value),
  scale: (node, out, [x]) => each(out, (i) => x[i] * node.attributes.factor),
  offset: (node, out, [x]) => each(out, (i) => x[i] + node.attributes.addend),
  exp: (_, out, [x]) => each(out, (i) => Math.exp(x[i])),
  log: (_, out, [x]) => each(out, (i) => Math.log(x[i])),
  sqrt: (_, out, [x]) => each(out, (i) => Math.sqrt(x[i])),
  tanh: (_, out, [x]) => each(out, (i) => Math.tanh(x[i])),
  relu: (_, out, [x]) => each(out, (i) => x[i] > 0 ? x[i] : x[i] !== x[i] ? NaN : 0),
  step: (_, out, [x]) => each(out, (i) => x[i] > 0 ? 1 : 0),
  add: (node, out, inputs) => binary(node, out, inputs, (a, b) => a + b),
  sub: (node, out, inputs) => binary(node, out, inputs, (a, b) => a - b),
  mul: (node, out, inputs) => binary(node, out, inputs, (a, b) => a * b),
  div: (node, out, inputs) => binary(node, out, inputs, (a, b) => a / b),
  maximum: (node, out, inputs) => binary(node, out, inputs, Math.max),
  minimum: (node, out, inputs) => binary(node, out, inputs, Math.min),
  select: (node, out, inputs) => binary(node, out, inputs, (x, condition) => condition > 0 ? x : 0),
  sum(node, out, [x]) {
    const sums = new Float64Array(out.length);
    const target = broadcastIndex(node.shape, node.inputs[0].shape);
    for (let i = 0; i < x.length; i++) sums[target[i]] += x[i];
    out.set(sums);
  },
  maxLast(node, out, [x]) {
    const length = node.inputs[0].shape[node.inputs[0].shape.length - 1];
    each(out, (row) => {
      let largest = -Infinity;
      for (let i = row * length; i < (row + 1) * length; i++) largest = Math.max(largest, x[i]);
      return largest;
    });
  },
  matmul,
  reshape: (_, out, [x]) => out.set(x),
  transpose(node, out, [x]) {
    const strides = stridesOf(node.inputs[0].shape);
    const source = indexTable(node.shape, node.attributes.perm.map((axis) => strides[axis]));
    each(out, (i) => x[source[i]]);
  },
  broadcast(node, out, [x]) {
    const source = broadcastIndex(node.inputs[0].shape, node.shape);
    each(out, (i) => x[source[i]]);
  },
  im2col: (node, out, [x]) =>
    forEachPatch(node.inputs[0].shape, node.attributes, (pixel, patch) => out[patch] = x[pixel], out),
  col2im: (node, out, [x]) => forEachPatch(node.shape, node.attributes, (pixel, patch) => out[pixel] += x[patch], out),
  takeMax: (node, out, [values, keys]) =>
    forEachWindow(node.inputs[1].shape, node.attributes.window, keys, (pixel, window) => out[window] = values[pixel]),
  putMax(node, out, [x, keys]) {
    out.fill(0);
    forEachWindow(node.shape, node.attributes.window, keys, (pixel, window) => out[pixel] = x[window]);
  },
  takeRows(node, out, [table, indices]) {
    const length = sizeOf(node.shape.slice(1));
    indices.forEach((row, t) => out.set(table.subarray(row * length, (row + 1) * length), t * length));
  },
  addRows(node, out, [x, indices]) {
    const length = sizeOf(node.shape.slice(1));
    out.fill(0);
    indices.forEach((row, t) => {
      for (let i = 0; i < length; i++) out[row * length + i] += x[t * length + i];
    });
  },
  stopGradient: (_, out, [x]) => out.set(x),
};

function each(out: Data, value: (i: number) => number): void {
  for (let i = 0; i < out.length; i++) out[i] = value(i);
}

/** For every element of `shape` in row-major order, Σ index · stride. */
function indexTable(shape: Shape, strides: readonly number[]): Int32Array {
  const table = new Int32Array(sizeOf(shape));
  for (let axis = shape.length - 1, block = 1; axis >= 0; block *= shape[axis], axis--) {
    for (let index = 1; index < shape[axis]; index++) {
      for (let i = 0; i < block; i++) table[index * block + i] = table[i] + index * strides[axis];
    }
  }
  return table;
}

/** For every element of `wide`, the index of the element of `narrow` (same rank, sizes 1 repeat) that it reads. */
function broadcastIndex(narrow: Shape, wide: Shape): Int32Array {
  return indexTable(wide, broadcastStrides(narrow));
}

function binary(node: Node, out: Data, [a, b]: readonly Data[], f: (a: number, b: number) => number): void {
  if (a.length === out.length && b.length === out.length) return each(out, (i) => f(a[i], b[i]));
  const ia = broadcastIndex(node.inputs[0].shape, node.shape);
  const ib = broadcastIndex(node.inputs[1].shape, node.shape);
  each(out, (i) => f(a[ia[i]], b[ib[i]]));
}

function matmul(node: NodeOf<"matmul">, out: Data, [a, b]: readonly Data[]): void {
  const [batch, m, n] = node.shape;
  const { transposeA, transposeB } = node.attributes;
  const k = node.inputs[0].shape[transposeA ? 1 : 2];
  const [stepAi, stepAk] = transposeA ? [1, m] : [k, 1];
  const [stepBk, stepBj] = transposeB ? [1, k] : [n, 1];
  const row = new Float64Array(n);
  for (let t = 0; t < batch; t++) {
    for (let i = 0; i < m; i++) {
      row.fill(0);
      for (let p = 0; p < k; p++) {
        const left = a[t * m * k + i * stepAi + p * stepAk];
        const base = t * k * n + p * stepBk;
        for (let j = 0; j < n; j++) row[j] += left * b[base + j * stepBj];
      }
      out.set(row, (t * m + i) * n);
    }
  }
}

/** Visits every (pixel, patch element) pair of a SAME-padded window over images of shape [B, H, W, C]; clears `out` first. */
function forEachPatch(
  [batch, height, width, channels]: Shape,
  { kernel, stride }: Attributes["im2col"],
  visit: (pixel: number, patch: number) => void,
  out: Data,
): void {
  out.fill(0);
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const top = Math.floor(Math.max(0, (rows - 1) * stride + kernel - height) / 2);
  const left = Math.floor(Math.max(0, (columns - 1) * stride + kernel - width) / 2);
  let patch = 0;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++, patch += channels) {
            const y = row * stride + ky - top;
            const x = column * stride + kx - left;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            const pixel = ((b * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++) visit(pixel + c, patch + c);
          }
        }
      }
    }
  }
}

/** Visits, for every window and channel, the pixel with the largest key. */
function forEachWindow(
  [batch, height, width, channels]: Shape,
  window: number,
  keys: Data,
  visit: (pixel: number, element: number) => void,
): void {
  const [rows, columns] = [pooled(height, window), pooled(width, window)];
  for (let element = 0; element < batch * rows * columns * channels; element++) {
    const channel = element % channels;
    const position = Math.floor(element / channels);
    const [column, row] = [position % columns, Math.floor(position / columns) % rows];
    const corner = (Math.floor(position / (columns * rows)) * height + row * window) * width + column * window;
    let largest = corner * channels + channel;
    for (let place = 1; place < window * window; place++) {
      const pixel = (corner + Math.floor(place / window) * width + place % window) * channels + channel;
      if (keys[pixel] > keys[largest] || keys[pixel] !== keys[pixel]) largest = pixel;
    }
    visit(largest, element);
  }
}

/** Opens the interpreter with values stored in float32 (the `cpu` backend) or float64 (the reference). */
export function cpuBackend(precision: 32 | 64 = 32): Backend {
  const allocate = (size: number): Data => precision === 32 ? new Float32Array(size) : new Float64Array(size);
  return {
    name: precision === 32 ? "cpu" : "reference",
    description: `plain TypeScript interpreter, float${precision}, one thread`,
    compile: (program) => new Interpreter(program, allocate),
    memoryBytes: () => undefined,
  };
}

class Interpreter implements Executable {
  readonly flops: number;
  readonly #program: Program;
  readonly #values = new Map<Node, Data>();
  readonly #inputs: ReadonlyMap<string, Node>;
  readonly #states: ReadonlyMap<string, Node>;
  readonly #outputs: ReadonlyMap<string, Node>;

  constructor(program: Program, allocate: (size: number) => Data) {
    this.flops = program.flops;
    this.#program = program;
    this.#inputs = new Map(program.inputs.map((node) => [node.attributes.name, node as Node]));
    this.#states = new Map(program.states.map((node) => [node.attributes.name, node as Node]));
    this.#outputs = new Map(Object.entries(program.outputs));
    for (const node of program.nodes) this.#values.set(node, allocate(sizeOf(node.shape)));
  }

  #value(node: Node): Data {
    return this.#values.get(node) as Data;
  }

  setState(name: string, data: Data): void {
    const value = this.#value(named(this.#states, "state", name));
    checkLength(`state "${name}"`, data, value.length);
    value.set(data);
  }

  getState(name: string): Promise<Data> {
    return Promise.resolve(this.#value(named(this.#states, "state", name)).slice());
  }

  run(feeds: Readonly<Record<string, Data>>): void {
    for (const [name, node] of this.#inputs) {
      const data = feeds[name];
      if (data === undefined) throw new Error(`internal: input "${name}" is not fed`);
      checkLength(`input "${name}"`, data, this.#value(node).length);
      this.#value(node).set(data);
    }
    for (const node of this.#program.nodes) {
      if (node.op === "input" || node.op === "state") continue;
      const kernel = kernels[node.op] as Kernel<PrimitiveName>;
      kernel(node, this.#value(node), node.inputs.map((input) => this.#value(input)));
    }
    const fresh = this.#program.updates.map(({ value }) => this.#value(value).slice());
    this.#program.updates.forEach(({ state, rows }, position) => {
      const target = this.#value(state);
      const data = fresh[position];
      if (rows === undefined) return target.set(data);
      const length = sizeOf(state.shape.slice(1));
      this.#value(rows).forEach((row, t) => target.set(data.subarray(t * length, (t + 1) * length), row * length));
    });
  }

  read(output: string): Promise<Data> {
    return Promise.resolve(this.#value(named(this.#outputs, "output", output)).slice());
  }

  dispose(): void {
    this.#values.clear();
  }
}
