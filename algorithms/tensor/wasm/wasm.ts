/**
 * The embedded default backend: hand-written SIMD kernels in WebAssembly. A program becomes a list of instructions over one linear memory,
 * planned ahead; running it is a single call.
 */
import { type Backend, checkLength, type Data, type Executable, named } from "../backend.ts";
import { type Node, sizeOf } from "../graph.ts";
import type { Program } from "../program.ts";
import { aligned } from "./arena.ts";
import { moduleOf } from "./assembler.ts";
import { type Plan, planMemory } from "./plan.ts";

interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly heapBase: () => number;
  readonly run: (start: number, end: number) => void;
}

const PAGE = 65536;

/** What 32-bit addresses reach. */
const MAX_BYTES = 2 ** 32 - PAGE;

/** Opens the backend. @throws when the runtime lacks WebAssembly with relaxed SIMD */
export async function wasmBackend(): Promise<Backend> {
  const bytes = await Deno.readFile(new URL("kernels.wasm", import.meta.url));
  const module = await WebAssembly.compile(bytes);
  let open = 0;
  return {
    name: "wasm",
    description: "AssemblyScript SIMD kernels in WebAssembly, float32, one thread",
    memoryBytes: () => open,
    compile(program) {
      const executable = new WasmExecutable(module, program);
      open += executable.bytes;
      executable.onDispose = () => open -= executable.bytes;
      return executable;
    },
  };
}

class WasmExecutable implements Executable {
  readonly flops: number;
  readonly bytes: number;
  onDispose: () => void = () => {};
  #kernels: Kernels | undefined;
  readonly #start: number;
  readonly #end: number;
  readonly #inputs: ReadonlyMap<string, View>;
  readonly #states: ReadonlyMap<string, View>;
  readonly #outputs: ReadonlyMap<string, View>;

  constructor(module: WebAssembly.Module, program: Program) {
    const instance = new WebAssembly.Instance(module, { env: { abort: abortKernel } });
    // A module says what it exports by name only; the build and its sources are compared by `deno task build:wasm --check`.
    const kernels = instance.exports as unknown as Kernels;
    this.#kernels = kernels;
    this.flops = program.flops;
    const plan = planMemory(program, kernels.heapBase());
    this.#start = aligned(plan.end);
    this.#end = this.#start + plan.words.length * 4;
    this.bytes = this.#end;
    if (this.bytes > MAX_BYTES) {
      throw new RangeError(
        `The program needs ${
          (this.bytes / 2 ** 30).toFixed(1)
        } GiB, and the wasm backend has 4: use fewer tasks (metaBatch, pool), or another --backend`,
      );
    }
    link(kernels, plan.functions);
    kernels.memory.grow(Math.ceil(Math.max(0, this.#end - kernels.memory.buffer.byteLength) / PAGE));
    new Uint32Array(kernels.memory.buffer, this.#start, plan.words.length).set(plan.words);
    const view = (node: Node) => new View(kernels, plan.at(node), sizeOf(node.shape));
    this.#inputs = new Map(program.inputs.map((node) => [node.attributes.name, view(node)]));
    this.#states = new Map(program.states.map((node) => [node.attributes.name, view(node)]));
    this.#outputs = new Map(Object.entries(program.outputs).map(([name, node]) => [name, view(node)]));
  }

  setState(name: string, data: Data): void {
    named(this.#states, "state", name).write(`state "${name}"`, data);
  }

  getState(name: string): Promise<Data> {
    return Promise.resolve(named(this.#states, "state", name).read());
  }

  run(feeds: Readonly<Record<string, Data>>): void {
    for (const [name, view] of this.#inputs) {
      const data = feeds[name];
      if (data === undefined) throw new Error(`internal: input "${name}" is not fed`);
      view.write(`input "${name}"`, data);
    }
    if (this.#kernels === undefined) throw new Error("internal: the executable was disposed");
    this.#kernels.run(this.#start, this.#end);
  }

  read(output: string): Promise<Data> {
    return Promise.resolve(named(this.#outputs, "output", output).read());
  }

  dispose(): void {
    if (this.#kernels !== undefined) this.onDispose();
    this.#kernels = undefined;
  }
}

/** Puts generated functions where the kernels call them by number; the compiler of the kernels leaves number 0 empty. */
function link({ memory, table }: Kernels, functions: Plan["functions"]): void {
  const first = table.grow(functions.length);
  if (first !== 1) throw new Error(`internal: generated functions would be numbered from ${first}`);
  new WebAssembly.Instance(new WebAssembly.Module(moduleOf(functions, first)), { env: { memory, table } });
}

function abortKernel(): never {
  throw new Error("internal: a kernel aborted");
}

/** A value in linear memory. */
class View {
  readonly #values: Float32Array;

  constructor(kernels: Kernels, address: number, length: number) {
    this.#values = new Float32Array(kernels.memory.buffer, address, length);
  }

  write(what: string, data: Data): void {
    checkLength(what, data, this.#values.length);
    this.#values.set(data);
  }

  read(): Float32Array {
    return this.#values.slice();
  }
}
