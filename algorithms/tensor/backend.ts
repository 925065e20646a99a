/** The contract of a backend: compiles programs and runs them. */
import type { Program } from "./program.ts";

/** Numbers handed to a backend. */
export type Data = Float32Array | Float64Array;

/** A compiled program with its own persistent state. */
export interface Executable {
  /** Floating-point operations of one run. */
  readonly flops: number;
  /** Sets a state (row-major). @throws when the name or the length does not fit */
  setState(name: string, data: Data): void;
  /** Reads a state back. */
  getState(name: string): Promise<Data>;
  /** Runs once: every input must be fed (row-major). Outputs stay readable until the next run. */
  run(feeds: Readonly<Record<string, Data>>): void;
  /** Reads an output of the last run. */
  read(output: string): Promise<Data>;
  /** Frees everything. */
  dispose(): void;
}

/** Executes programs on some hardware. */
export interface Backend {
  readonly name: string;
  /** What it runs on, for people: "AssemblyScript SIMD kernels, one thread". */
  readonly description: string;
  compile(program: Program): Executable;
  /** Bytes in use by its compiled programs, where known. */
  memoryBytes(): number | undefined;
}

/** Looks a name up in a table of an executable. */
export function named<T>(table: ReadonlyMap<string, T>, kind: string, name: string): T {
  const found = table.get(name);
  if (found === undefined) {
    throw new Error(`internal: no ${kind} named "${name}": there is ${[...table.keys()].join(", ")}`);
  }
  return found;
}

/** Checks the length of data for a shape. */
export function checkLength(what: string, data: Data, size: number): void {
  if (data.length !== size) throw new Error(`internal: ${what} takes ${size} numbers, not ${data.length}`);
}
