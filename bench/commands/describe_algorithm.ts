/** Algorithms and options in words, as `deno task list` shows them. */
import { z } from "zod";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters, firstFor } from "../../algorithms/adapters/registry.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { TASK_KINDS, type TaskKind } from "../../common/vocabulary.ts";
import { whyNot } from "../plan/points.ts";
import { relativeCost } from "../plan/relative_cost.ts";
import { CATALOG } from "../run/catalog.ts";
import { JOINT } from "../sweeps/comparisons.ts";
import { OMNIGLOT, SINUSOID } from "../sweeps/parts.ts";

/** One thing to choose. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** What else is to be said of it, a line each. */
  readonly more?: readonly string[];
}

/** The options of a schema, a line each: "own.frozen = false (true or false): Whether ..." */
export function describeOptions(schema: z.ZodObject, prefix: string): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).flatMap(([name, option]) => {
    if (typeof option === "boolean" || option.const !== undefined) return [];
    const { default: value, description = "" } = option;
    return [`${prefix}${name} = ${JSON.stringify(value ?? null)} (${valuesOf(option)}): ${description}`];
  });
}

function valuesOf(option: z.core.JSONSchema.JSONSchema): string {
  if (option.enum !== undefined) return option.enum.join(" or ");
  if (option.anyOf !== undefined) {
    return option.anyOf.map((one) => typeof one === "boolean" ? String(one) : valuesOf(one)).join(" or ");
  }
  if (option.type === "boolean") return "true or false";
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = option;
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`]),
  ];
  if (option.type === "array") return "a list";
  return [option.type === "integer" ? "a whole number" : `a ${option.type}`, ...bounds].join(", ");
}

/** What an algorithm can be adapted by on a kind of task, and why not by other adapters for it. */
export function describeCells(algorithm: Algorithm, kind: TaskKind): string {
  if (!algorithm.supports.includes(kind)) {
    return `no cells on ${kind}: it is for ${algorithm.supports.join(" and ")} only`;
  }
  // What an adapter is for is said with the adapter.
  const all = Object.values<Adapter>(adapters).filter(({ supports }) => supports.includes(kind));
  const native = firstFor(algorithm.nativeAdapters, kind);
  const usable = all.filter((adapter) => whyNot(algorithm, adapter, kind) === undefined).map(({ name }) => name);
  const order = usable.toSorted((a, b) => Number(b === native) - Number(a === native));
  const reasons = Map.groupBy(all, (adapter) => whyNot(algorithm, adapter, kind));
  const refused = [...reasons].flatMap(([reason, group]) =>
    reason === undefined ? [] : [`not by ${group.map(({ name }) => name).join(", ")}: ${reason}`]
  );
  const by = order.map((name) => name === native ? `${name} (native)` : name).join(", ");
  return [`${kind}: adapted by ${by === "" ? "nothing" : by}`, ...refused].join("; ");
}

const ORDERS = { 0: "no gradients", 1: "first-order gradients", 2: "second-order gradients" } as const;

/** An algorithm with what it trains on, what it costs and what adapts it. */
export function describeAlgorithm(algorithm: Algorithm): Entry {
  const { gradientOrder, data, reads, hyper } = algorithm;
  const trains = data === "none" ? "no training" : `trains on ${DATA[data]} with ${ORDERS[gradientOrder]}`;
  return {
    ...algorithm,
    more: [
      `${trains}; its cells depend on ${reads.length === 0 ? "no axis" : reads.join(", ")}`,
      ...describeCost(algorithm.name),
      ...TASK_KINDS.map((kind) => describeCells(algorithm, kind)),
      ...(hyper === undefined ? [] : describeOptions(hyper, "own.")),
    ],
  };
}

/** What an iteration costs with the built-in settings of images and curves. */
function describeCost(name: string): string[] {
  const costs = [SINUSOID, OMNIGLOT].flatMap((entry) => {
    const ratio = relativeCost(entry, name, JOINT, CATALOG);
    return ratio === undefined ? [] : [`${ratio.toPrecision(2)} times on ${entry.name}`];
  });
  return costs.length === 0 || name === JOINT
    ? []
    : [`an iteration costs that of ${JOINT} ${costs.join(", ")} (counted operations, built-in settings)`];
}

/** What a training batch is made of, in words. */
const DATA = {
  episodes: "episodes (support and query)",
  tasks: "tasks without a split",
  pool: "a fixed pool of tasks",
  labelled: "labelled examples of all training classes",
} as const satisfies Record<Exclude<Algorithm["data"], "none">, string>;
