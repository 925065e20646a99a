/** What other people's code may use of graphs and algorithms. */
export {
  type Algorithm,
  algorithms,
  descend,
  type Examples,
  maml,
  mtl,
  type Network,
  type Objective,
  type Params,
  perTask,
  type Step,
  taskGradients,
  variantOf,
} from "./algorithm.ts";
export { grad, Graph, type Operations, ops, run, type Tensor } from "./tensor.ts";
