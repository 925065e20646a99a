/**
 * A static graph of float32 tensors over a closed set of primitives.
 *
 * A training iteration is traced once into such a graph, differentiated graph to graph (`grad.ts`), and executed many times by a backend.
 * Since every derivative rule is written with the same primitives, derivatives of any order exist and are right by construction.
 */

/** Sizes along each axis; a scalar has shape []. */
export type Shape = readonly number[];

/** The attributes of each primitive: everything about a node that is neither an operand nor its shape. */
export interface Attributes {
  /** A leaf fed at every run. */
  readonly input: { readonly name: string };
  /** A leaf that persists between runs and may be updated by the program. */
  readonly state: { readonly name: string };
  /** Every element equals `value`. */
  readonly constant: { readonly value: number };
  /** x · factor */
  readonly scale: { readonly factor: number };
  /** x + addend */
  readonly offset: { readonly addend: number };
  readonly exp: None;
  readonly log: None;
  readonly sqrt: None;
  readonly tanh: None;
  /** max(x, 0) */
  readonly relu: None;
  /** 1 where x > 0, else 0; its derivative is taken as 0. */
  readonly step: None;
  readonly add: None;
  readonly sub: None;
  readonly mul: None;
  readonly div: None;
  readonly maximum: None;
  readonly minimum: None;
  /** x where the condition is > 0, else 0, whatever x is: the one way to drop a value that is not a number. */
  readonly select: None;
  /** Sum over `axes`, which stay with size 1. */
  readonly sum: { readonly axes: readonly number[] };
  /** Maximum along the last axis, which stays with size 1; held constant by differentiation. */
  readonly maxLast: None;
  /** [B, m, k] x [B, k, n] -> [B, m, n], operands transposed in their last two axes where flagged. */
  readonly matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly reshape: None;
  readonly transpose: { readonly perm: readonly number[] };
  /** Repeats axes of size 1 up to the node's shape. */
  readonly broadcast: None;
  /** [B, H, W, C] -> [B, H', W', k·k·C]: the k x k patches of a strided, SAME-padded convolution. */
  readonly im2col: PatchAttributes;
  /** The adjoint of im2col: patches added back to the pixels they came from. */
  readonly col2im: PatchAttributes;
  /**
   * Of every k x k window of the values, the element that is where the keys are largest, both [B, H, W, C] -> [B, H', W', C]. Windows lie side by
   * side; of equal keys the first counts, row by row, and not-a-number is larger than any. The keys are held constant by differentiation.
   */
  readonly takeMax: PoolAttributes;
  /** The adjoint of takeMax: [B, H', W', C] put where the keys [B, H, W, C] are largest, and zeros elsewhere. */
  readonly putMax: PoolAttributes;
  /** Rows of [P, ...] at the indices [T] -> [T, ...]. */
  readonly takeRows: None;
  /** The adjoint of takeRows: rows [T, ...] added up at the indices [T] -> [P, ...]. */
  readonly addRows: None;
  /** x, as a constant for differentiation. */
  readonly stopGradient: None;
}

/** No attributes. */
export type None = Readonly<Record<string, never>>;

/** Geometry of im2col and its adjoint, with the image's height and width. */
export interface PatchAttributes {
  readonly kernel: number;
  readonly stride: number;
  readonly height: number;
  readonly width: number;
}

/** Side of a pooling window, with the image's height and width. */
export interface PoolAttributes {
  readonly window: number;
  readonly height: number;
  readonly width: number;
}

/** The name of a primitive. */
export type PrimitiveName = keyof Attributes;

/** Primitives without operands. */
export type LeafName = "input" | "state" | "constant";

/** One value of a graph. */
export interface NodeOf<P extends PrimitiveName> {
  /** Position in its graph; operands always have smaller ids. */
  readonly id: number;
  readonly graph: Graph;
  readonly op: P;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly attributes: Attributes[P];
}

/** Any node, discriminated by `op`. */
export type Node = { [P in PrimitiveName]: NodeOf<P> }[PrimitiveName];

/** The empty attributes. */
export const NONE: None = Object.freeze({});

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Whether `value` is a node of the given primitive. */
export function isOp<P extends PrimitiveName>(node: Node, op: P): node is Extract<Node, { op: P }> {
  return node.op === op;
}

/**
 * Owns nodes and hands out the existing node when the same operation is asked for twice (common subexpressions cost nothing).
 * Use the functions of `ops.ts` to build nodes: they check shapes.
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly #known = new Map<string, Node>();

  /** Adds or finds a node. `inputs` must belong to this graph. */
  node<P extends PrimitiveName>(op: P, inputs: readonly Node[], shape: Shape, attributes: Attributes[P]): Node {
    for (const input of inputs) {
      if (input.graph !== this) throw new Error(`internal: operand ${input.op}#${input.id} belongs to another graph`);
    }
    const key = `${op}|${inputs.map((input) => input.id).join(",")}|${shape.join(",")}|${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // That these attributes belong to this primitive is what P says; the compiler does not see it of a union over all of them.
    const node = { id: this.nodes.length, graph: this, op, inputs, shape, attributes } as unknown as Node;
    this.nodes.push(node);
    this.#known.set(key, node);
    return node;
  }

  /** A leaf fed at every run. */
  input(name: string, shape: Shape): Node {
    return this.#leaf("input", name, shape);
  }

  /** A leaf that persists between runs. */
  state(name: string, shape: Shape): Node {
    return this.#leaf("state", name, shape);
  }

  /** A tensor filled with one value. */
  constant(value: number, shape: Shape = []): Node {
    return this.node("constant", [], shape, { value });
  }

  #leaf(op: "input" | "state", name: string, shape: Shape): Node {
    const other = this.nodes.find((node) =>
      (isOp(node, "input") || isOp(node, "state")) && node.attributes.name === name
    );
    if (other !== undefined && (other.op !== op || !sameShape(other.shape, shape))) {
      throw new Error(`internal: two leaves named "${name}"`);
    }
    return this.node(op, [], shape, { name });
  }
}

/** The nodes that `roots` depend on, operands first. */
export function reachable(roots: readonly Node[]): Node[] {
  const needed = new Set<Node>();
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.inputs);
  }
  return [...needed].sort((a, b) => a.id - b.id);
}
