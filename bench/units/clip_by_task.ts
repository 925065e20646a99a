/** Clipping of each task's outer gradient by its norm over everything that is learned, before the mean over tasks. */
import type { Params } from "../../algorithms/blocks/network.ts";
import { layerGradients, mapParams } from "../../algorithms/blocks/inner_loop.ts";
import { clippedMean, ownCopies } from "../../algorithms/blocks/per_task_gradient.ts";
import type { Gradients, Objective } from "../../algorithms/blocks/training_step.ts";
import { isOp, type Node } from "../../algorithms/tensor/graph.ts";
import { addRows, reshape, sumAll } from "../../algorithms/tensor/ops.ts";

type Named = Readonly<Record<string, Node>>;

/** What is learned: parameters, and the algorithm's own state by name. */
export interface Learned {
  readonly params: Params;
  readonly meta: Named;
}

/**
 * A copy for each task of what tasks share, so that each task has a gradient of its own. Tables with a row per class stay as they are: which
 * rows a task takes tells its gradient from the others'.
 */
export function copiesForTasks({ params, meta }: Learned, tasks: number): Learned {
  return {
    params: ownCopies(params, tasks),
    meta: Object.fromEntries(
      Object.entries(meta).map(([name, node]) => [name, isTable(node) ? node : ownCopies([{ node }], tasks)[0].node]),
    ),
  };
}

function isTable({ shape }: Node): boolean {
  return shape[0] !== 1;
}

/** A table's rows as tasks take them. */
interface Taken {
  /** [T · k, ...], task by task: what each task's gradient is taken with respect to. */
  readonly rows: Node;
  /** The table's gradient, of that of the rows. */
  readonly back: (gradient: Node) => Node;
}

/** How the tasks take their rows of a table; undefined where that does not tell them apart. */
function takenFrom(table: Node, tasks: number): Taken | undefined {
  if (tasks === 1) return { rows: table, back: (gradient) => gradient };
  const users = table.graph.nodes.filter(({ inputs }) => inputs.includes(table));
  const [rows] = users;
  if (users.length !== 1 || !isOp(rows, "takeRows") || rows.shape[0] % tasks !== 0) return undefined;
  return { rows, back: (gradient) => addRows(gradient, rows.inputs[1], table.shape[0]) };
}

/**
 * The mean over tasks of their clipped gradients. A task whose gradient is not finite counts as zero in it, and not at all in the loss. Where batch
 * statistics are those of all tasks together, a task's gradient is what the sum of all losses changes by along its own copies.
 *
 * @param name the algorithm's
 * @param own the copies that the objective was built from
 * @throws where the gradients of tasks cannot be told apart
 */
export function clippedByTask(
  name: string,
  { losses, gradients, taskGradients }: Objective,
  { params, meta }: Learned,
  own: Learned,
  limit: number,
): { readonly loss: Node; readonly gradients: Gradients } {
  const [tasks] = losses.shape;
  const entries = Object.entries(meta);
  const tables = entries.filter(([, node]) => isTable(node)).map(([key, node]) =>
    [key, takenFrom(node, tasks)] as const
  );
  const given = gradients !== undefined || taskGradients !== undefined;
  if (given ? taskGradients === undefined || entries.length > 0 : tables.some(([, taken]) => taken === undefined)) {
    throw new Error(
      `Cannot clip the outer gradient of "${name}" by task-norm: it cannot be told by task; clip by norm or value instead`,
    );
  }
  if (taskGradients !== undefined) {
    const { loss, gradients } = clippedMean(taskGradients, losses, params, limit);
    return { loss, gradients: { params: gradients, meta: {} } };
  }
  const shared = Object.fromEntries(entries.filter(([, node]) => !isTable(node)));
  const taken = Object.fromEntries(tables) as Readonly<Record<string, Taken>>;
  const rows = Object.fromEntries(tables.map(([key]) => [key, taken[key].rows]));
  const byTask = (node: Node) => reshape(node, [tasks, node.shape[0] / tasks, ...node.shape.slice(1)]);
  const copies = Object.fromEntries(Object.keys(shared).map((key) => [key, own.meta[key]]));
  const found = layerGradients(sumAll(losses), [...own.params, copies, rows]);
  const mean = clippedMean(
    found.map((layer, index) => index === params.length + 1 ? mapParams(layer, byTask) : layer),
    losses,
    [...params, shared, mapParams(rows, byTask)],
    limit,
  );
  const [ofShared, ofRows] = mean.gradients.slice(params.length);
  const ofTables = mapParams(ofRows, (node, key) => taken[key].back(reshape(node, rows[key].shape)));
  return {
    loss: mean.loss,
    gradients: { params: mean.gradients.slice(0, params.length), meta: { ...ofShared, ...ofTables } },
  };
}
