/** Programs run as whole TensorFlow graphs, by the native functions of `session.cc`: one call per run, whatever the number of operations. */
import { type Backend, checkLength, type Data, type Executable, named } from "../backend.ts";
import { type Node, sizeOf } from "../graph.ts";
import type { Program } from "../program.ts";
import { type Device, encodeGraph, encodeRunOptions, encodeSessionConfig } from "./graph_def.ts";
import { translate, type Translation } from "./translate.ts";

/** A graph with its variables; only native code looks inside. */
type Session = { readonly session: unique symbol };
/** One kind of run of a session. */
type Call = { readonly call: unique symbol };

interface Feed {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The native functions (see `session.cc`). */
export interface Sessions {
  openSession(graph: Uint8Array, config: Uint8Array): Session;
  prepareCall(
    session: Session,
    feeds: readonly Feed[],
    fetches: readonly string[],
    targets: readonly string[],
    options: Uint8Array,
  ): Call;
  runCall(call: Call, arrays: readonly Float32Array[]): void;
  fetchResult(call: Call, index: number): Float32Array;
  closeSession(session: Session): void;
}

/** Whether a native binding has them: the one that is built here has, the one that the npm package's installer leaves has not. */
export function hasSessions(binding: object): binding is Sessions {
  return "openSession" in binding;
}

/** A backend that compiles each program to a session of its own. */
export function sessionBackend(native: Sessions, device: Device): Backend {
  let bytes = 0;
  return {
    name: "tensorflow",
    description: `graphs of native TensorFlow on the ${device}`,
    memoryBytes: () => bytes,
    compile: (program) => new SessionExecutable(native, device, program, (change) => bytes += change),
  };
}

class SessionExecutable implements Executable {
  readonly flops: number;
  readonly #native: Sessions;
  readonly #program: Program;
  readonly #translation: Translation;
  readonly #states: ReadonlyMap<string, number>;
  readonly #outputs: ReadonlyMap<string, number>;
  readonly #account: (change: number) => void;
  /** Bytes of states, and of the buffers that inputs are copied to. */
  readonly #bytes: number;
  #session: Session | undefined;
  readonly #calls = new Map<string, Call>();
  /** States set since the last run, by position. */
  readonly #pending = new Map<number, Float32Array>();
  /** Whether the last fetch of all states still holds. */
  #read = false;
  #ran = false;

  constructor(native: Sessions, device: Device, program: Program, account: (change: number) => void) {
    this.flops = program.flops;
    this.#native = native;
    this.#program = program;
    this.#account = account;
    this.#states = positions(program.states.map((node) => node.attributes.name));
    this.#outputs = positions(Object.keys(program.outputs));
    this.#translation = translate(program);
    this.#session = native.openSession(encodeGraph(this.#translation.operations), encodeSessionConfig(device));
    this.#bytes = [...program.states, ...program.inputs].reduce((total, node) => total + 4 * sizeOf(node.shape), 0);
    account(this.#bytes);
    program.states.forEach((node, index) => this.#pending.set(index, new Float32Array(sizeOf(node.shape))));
  }

  setState(name: string, data: Data): void {
    const index = named(this.#states, "state", name);
    checkLength(`state "${name}"`, data, sizeOf(this.#program.states[index].shape));
    this.#pending.set(index, Float32Array.from(data));
  }

  async getState(name: string): Promise<Data> {
    return await Promise.resolve(this.#stateAt(named(this.#states, "state", name)));
  }

  run(feeds: Readonly<Record<string, Data>>): void {
    const arrays = this.#program.inputs.map((node) => {
      const { name } = node.attributes;
      const data = feeds[name];
      if (data === undefined) throw new Error(`internal: input "${name}" is not fed`);
      checkLength(`input "${name}"`, data, sizeOf(node.shape));
      return data instanceof Float32Array ? data : Float32Array.from(data);
    });
    this.#flush();
    this.#read = false;
    this.#ran = true;
    this.#native.runCall(this.#runCall(), arrays);
  }

  async read(output: string): Promise<Data> {
    const index = named(this.#outputs, "output", output);
    if (!this.#ran) throw new Error(`internal: output "${output}" is read before the first run`);
    return await Promise.resolve(this.#native.fetchResult(this.#runCall(), index));
  }

  dispose(): void {
    if (this.#session === undefined) return;
    this.#native.closeSession(this.#session);
    this.#session = undefined;
    this.#calls.clear();
    this.#account(-this.#bytes);
  }

  /** Carries the settings of states out: one call where there is one, all states together where there are more, since each kind of call is prepared at a cost. */
  #flush(): void {
    if (this.#pending.size === 0) return;
    const { states } = this.#translation;
    const chosen = this.#pending.size === 1 ? [...this.#pending.keys()] : [...states.keys()];
    const arrays = chosen.map((index) => this.#pending.get(index) ?? this.#stateAt(index));
    const call = this.#call(`set ${chosen}`, () => ({
      feeds: chosen.map((index) => feedOf(states[index].feed, this.#program.states[index] as Node)),
      targets: chosen.map((index) => states[index].set),
    }));
    this.#native.runCall(call, arrays);
    this.#pending.clear();
    this.#read = false;
  }

  #stateAt(index: number): Float32Array {
    const pending = this.#pending.get(index);
    if (pending !== undefined) return pending.slice();
    const call = this.#call("get", () => ({ fetches: this.#translation.states.map(({ get }) => get) }));
    if (!this.#read) this.#native.runCall(call, []);
    this.#read = true;
    return this.#native.fetchResult(call, index);
  }

  #runCall(): Call {
    const { inputs, outputs, updates } = this.#translation;
    return this.#call("run", () => ({
      feeds: this.#program.inputs.map((node, i) => feedOf(inputs[i], node as Node)),
      fetches: outputs,
      targets: updates,
    }));
  }

  /** Prepares a call when it is first needed. */
  #call(
    key: string,
    ask: () => { feeds?: readonly Feed[]; fetches?: readonly string[]; targets?: readonly string[] },
  ): Call {
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    if (this.#session === undefined) throw new Error("internal: the executable was disposed");
    const { feeds = [], fetches = [], targets = [] } = ask();
    const call = this.#native.prepareCall(this.#session, feeds, fetches, targets, encodeRunOptions());
    this.#calls.set(key, call);
    return call;
  }
}

function positions(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}

function feedOf(name: string, node: Node): Feed {
  return { name, shape: node.shape };
}
