/** Collects the operations of a TensorFlow graph. */
import type { Node } from "../graph.ts";
import { type AttributeValue, type Constant, type Operation, TYPE } from "./graph_def.ts";

/** Attributes of an operation by name. */
export type AttributeValues = Readonly<Record<string, AttributeValue>>;

/** The attribute values of the types used here. */
export const FLOAT: AttributeValue = { type: TYPE.float };
export const INT: AttributeValue = { type: TYPE.int32 };
export const BOOL: AttributeValue = { type: TYPE.bool };

/** How a node of a program becomes operations. */
export interface Lowering {
  /** The nodes whose values are read: not always the node's own operands. */
  readonly reads: readonly Node[];
  /** Adds the operations and returns the name of the result; `value` names what is read. */
  readonly add: (b: GraphBuilder, value: (node: Node) => string) => string;
}

/** A graph in the making; values are named by the operations that yield them. */
export class GraphBuilder {
  readonly operations: Operation[] = [];
  readonly #constants = new Map<string, string>();

  /** Adds an operation and returns its name. */
  add(op: string, input: readonly string[], attr: AttributeValues = {}, name = `n${this.operations.length}`): string {
    this.operations.push({ name, op, input, attr });
    return name;
  }

  /** Adds an operation whose operands are of type float32, by an attribute T. */
  float(op: string, input: readonly string[], attr: AttributeValues = {}): string {
    return this.add(op, input, { T: FLOAT, ...attr });
  }

  /** A constant, made once. */
  constant(tensor: Constant): string {
    // Object.is tells -0 from 0, which String() does not.
    const values = tensor.values.map((value) => Object.is(value, -0) ? "-0" : String(value));
    const key = `${tensor.type} [${tensor.shape}] ${values}`;
    const known = this.#constants.get(key) ??
      this.add("Const", [], { dtype: { type: TYPE[tensor.type] }, value: { tensor } });
    this.#constants.set(key, known);
    return known;
  }

  /** A float32 scalar. */
  scalar(value: number): string {
    return this.constant({ type: "float", shape: [], values: [value] });
  }

  /** A vector of integers. */
  integers(values: readonly number[]): string {
    return this.constant({ type: "int32", shape: [values.length], values });
  }

  /** An integer. */
  integer(value: number): string {
    return this.constant({ type: "int32", shape: [], values: [value] });
  }

  /** x in another shape. */
  reshape(x: string, shape: readonly number[]): string {
    return this.float("Reshape", [x, this.integers(shape)], { Tshape: INT });
  }

  /** x cut along its first axis into `parts` equal pieces. */
  split(x: string, parts: number): string[] {
    if (parts === 1) return [x];
    const name = this.float("Split", [this.integer(0), x], { num_split: { i: parts } });
    return Array.from({ length: parts }, (_, part) => part === 0 ? name : `${name}:${part}`);
  }

  /** Slices of a table along an axis, at the places that a vector of integers says. */
  gather(table: string, indices: string, axis: number): string {
    return this.add("GatherV2", [table, indices, this.integer(axis)], { Tparams: FLOAT, Tindices: INT, Taxis: INT });
  }

  /** Values joined along their first axis. */
  concatenate(parts: readonly string[]): string {
    if (parts.length === 1) return parts[0];
    return this.float("ConcatV2", [...parts, this.integer(0)], { N: { i: parts.length }, Tidx: INT });
  }
}
