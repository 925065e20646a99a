/** Where the cells of a sweep lie: what an algorithm is trained as on a data set, and how each of these states is adapted. */
import type { Norm, TaskKind, TaskStart } from "../../common/vocabulary.ts";
import type { DataSetSweep, Hyper } from "../sweeps/schema.ts";
import type { Catalog, PlannedAdapter, PlannedAlgorithm } from "./catalog.ts";

/** The sharing depths that an algorithm is trained at, each once. */
export function depthsOf(entry: DataSetSweep, algorithm: PlannedAlgorithm, layers: number): (number | null)[] {
  const { name } = algorithm;
  const asked = Object.hasOwn(entry.depthsOf, name) ? entry.depthsOf[name] : entry.sharingDepths;
  const depths = new Set(asked.map((depth) => algorithm.sharingDepth(depth, layers)));
  return [...depths].filter((depth) => depth !== undefined);
}

/** The normalisations and sharing depths that an algorithm is trained with on a data set; none where it is not for its kind of task. */
export function familiesOf(
  entry: DataSetSweep,
  algorithm: PlannedAlgorithm,
  layers: number,
  catalog: Catalog,
): { readonly norm: Norm; readonly depth: number | null; readonly trainingTasks: number | null }[] {
  if (!algorithm.supports.includes(catalog.dataSets[entry.name].kind)) return [];
  return [...new Set(entry.norms)].flatMap((norm) =>
    depthsOf(entry, algorithm, layers).flatMap((depth) =>
      [...new Set(entry.trainingTasks)].map((tasks) => ({
        norm,
        depth,
        trainingTasks: tasks === "fresh" ? null : tasks,
      }))
    )
  );
}

/** Why an adapter makes no cells of an algorithm on a kind of task; undefined where it does. */
export function whyNot(
  algorithm: Pick<PlannedAlgorithm, "supports" | "trainsHead" | "context">,
  adapter: PlannedAdapter,
  kind: TaskKind,
): string | undefined {
  if (!algorithm.supports.includes(kind)) return `it is for ${algorithm.supports.join(" and ")} only`;
  if (!adapter.supports.includes(kind)) return `that adapter is for ${adapter.supports.join(" and ")} only`;
  if (adapter.changes === "context" && algorithm.context === undefined) return "it has no context vectors";
  return algorithm.trainsHead === false && adapter.startsFromHead
    ? "its training leaves no head for that adapter to start from"
    : undefined;
}

/** What the cells of one trained family have in common. */
export interface Family {
  readonly entry: DataSetSweep;
  readonly algorithm: PlannedAlgorithm;
  readonly hyper: Hyper;
  /** L */
  readonly layers: number;
  readonly norm: Norm;
  /** d */
  readonly depth: number | null;
  /** Null for ever new ones. */
  readonly trainingTasks: number | null;
  readonly seed: number;
}

/** Where a cell lies within its family. */
export interface Point {
  readonly adapter: string;
  readonly shots: number;
  readonly innerSteps: number | null;
  readonly adaptDepth: "native" | number;
  readonly frozen: number | null;
  readonly taskStart: TaskStart | null;
}

/** The points of a family, each once. */
export function points({ entry, algorithm, layers, depth }: Family, { adapters, dataSets }: Catalog): Point[] {
  const reads = new Set(algorithm.reads);
  const mask = algorithm.adaptationMask(depth, layers);
  const { kind } = dataSets[entry.name];
  const found: Point[] = [];
  for (const name of new Set(entry.adapters)) {
    const adapter = adapters[name];
    if (whyNot(algorithm, adapter, kind) !== undefined) continue;
    const headOnly = adapter.changes === "head";
    const ofLayers = adapter.changes === "mask" || adapter.changes === "all";
    // Only task-specific layers that are used before the head is replaced start anywhere.
    const starts = !reads.has("taskStart")
      ? [null]
      : (depth ?? 0) >= (adapter.startsFromHead ? layers : layers - 1)
      ? entry.taskStarts.slice(0, 1)
      : entry.taskStarts;
    for (
      const { adaptDepth, frozen } of !ofLayers
        ? [{ adaptDepth: "native", frozen: null } as const]
        : freezes(adapter.changes === "all" ? { adaptDepths: [0] } : entry, mask)
    ) {
      const native = adaptDepth === "native" && !headOnly;
      const shotsRead = !native || reads.has("shots");
      const stepsRead = !native || reads.has("innerSteps");
      for (const taskStart of new Set(starts)) {
        for (const shots of new Set(shotsRead ? entry.shots : entry.shots.slice(0, 1))) {
          for (const innerSteps of new Set(!adapter.readsInnerSteps ? [null] : stepsRead ? entry.innerSteps : [0])) {
            found.push({ adapter: name, shots, innerSteps, adaptDepth, frozen, taskStart });
          }
        }
      }
    }
  }
  return found;
}

/** The distinct ways to freeze layers at test time; a number that equals the native mask is the native one. */
function freezes(
  entry: Pick<DataSetSweep, "adaptDepths">,
  mask: readonly boolean[],
): { adaptDepth: "native" | number; frozen: number | null }[] {
  const native = frozenLayers(mask);
  const distinct = new Map<number | null, { adaptDepth: "native" | number; frozen: number | null }>();
  for (const adaptDepth of entry.adaptDepths) {
    const frozen = adaptDepth === "native" ? native : adaptDepth;
    if (!distinct.has(frozen)) distinct.set(frozen, { adaptDepth: frozen === native ? "native" : adaptDepth, frozen });
  }
  return [...distinct.values()];
}

/** How many leading layers a mask freezes; null when the frozen layers are not exactly the leading ones. */
export function frozenLayers(mask: readonly boolean[]): number | null {
  const first = mask.indexOf(true);
  const frozen = first < 0 ? mask.length : first;
  return mask.slice(frozen).every((adapted) => adapted) ? frozen : null;
}
