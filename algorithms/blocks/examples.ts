/** Examples inside a graph. */
import type { Node } from "../tensor/graph.ts";

/** Labelled examples inside a graph: x [T, n, ...inputShape], y [T, n, outputs]. */
export interface Examples {
  readonly x: Node;
  readonly y: Node;
}
