/** Cells over their seeds: what is paired and compared. */
import type { Metric } from "../../data/contract/dataset.ts";
import { type Place, placeKey, placeOf } from "../rows/place.ts";
import type { CellRow } from "../rows/rows.ts";

/** How an algorithm is meant to be used on a data set. */
export interface NativeUse {
  readonly adapter: string;
  readonly sharingDepth: number | null;
  /** Leading layers that adaptation leaves as training left them, of a state trained at this sharing depth; null where they are no prefix. */
  adaptDepth(sharingDepth: number | null): number | null;
}

/** Native use by data set and algorithm; undefined where a run has no such algorithm. */
export type NativeUses = (dataset: string, algorithm: string) => NativeUse | undefined;

/** A cell of a data set, whatever its seed. */
export interface Placed {
  readonly dataset: string;
  readonly place: Place;
  /** Equal for cells that are the same trainings adapted alike, under whatever names. */
  readonly identity: string;
}

/** A cell over its seeds. */
export interface Cell extends Placed {
  readonly metric: Metric;
  readonly bySeed: ReadonlyMap<number, Scored>;
}

/** A row with its episodes' scores. */
export interface Scored {
  readonly row: CellRow;
  readonly scores: readonly (number | null)[];
}

/** The key of a row or of a planned cell. */
export type Keyed = Place & { readonly dataset: string; readonly seed: number };

/** The cells among rows or planned cells, in their order, each with its members. */
export function groupCells<Member>(
  members: readonly Member[],
  keyOf: (member: Member) => Keyed,
  unitOf: (member: Member) => string,
): (Placed & { readonly members: readonly Member[] })[] {
  const groups = Map.groupBy(members, (member) => `${placeKey(keyOf(member))} ${keyOf(member).dataset}`);
  return [...groups.values()].map((group) => {
    const key = keyOf(group[0]);
    return {
      dataset: key.dataset,
      place: placeOf(key),
      identity: identityOf(key, group, keyOf, unitOf),
      members: group,
    };
  });
}

/** Names a cell by its trainings and by how they are adapted: what an algorithm is called and how it shares layers is in the trainings. */
function identityOf<Member>(
  key: Keyed,
  members: readonly Member[],
  keyOf: (member: Member) => Keyed,
  unitOf: (member: Member) => string,
): string {
  const units = members.map((member) => [keyOf(member).seed, unitOf(member)] as const).sort(([a], [b]) => a - b);
  if (units.some(([, unit]) => unit === "")) return JSON.stringify([key.dataset, placeKey(key)]);
  return JSON.stringify([key.dataset, placeKey(key, ["algorithm", "sharingDepth"]), units]);
}

/**
 * The cells among the rows, in the rows' order; those that were skipped are left out.
 *
 * @param scores per row, one score per test episode; [] where there are none
 */
export function cellsOf(rows: readonly CellRow[], scores: readonly (readonly (number | null)[])[]): Cell[] {
  const scored = rows.map((row, i): Scored => ({ row, scores: scores[i] }));
  const present = scored.filter(({ row }) => row.status !== "skipped");
  return groupCells(present, ({ row }) => row, ({ row }) => row.trainingUnit).map(({ members, ...placed }) => ({
    ...placed,
    metric: members[0].row.metric,
    bySeed: new Map(members.map((member) => [member.row.seed, member])),
  }));
}
