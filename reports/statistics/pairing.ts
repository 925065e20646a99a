/** Which cells meet which: the one place where comparisons, predictions and whatever draws them turn selections into pairs of cells. */
import type { Comparison } from "../claims/comparison.ts";
import { type Asked, askedOf, type Selection } from "../claims/selection.ts";
import { PLACE_FIELDS, type PlaceField, placeKey } from "../rows/place.ts";
import type { NativeUses, Placed } from "./cells.ts";

/** Two sides that are compared. */
export interface Sides {
  readonly a: Selection;
  readonly b: Selection;
}

/** Two cells of one data set. */
export interface CellPair<Cell> {
  readonly a: Cell;
  readonly b: Cell;
}

/** What a comparison comes to. */
export interface Pairing<Cell> {
  readonly comparison: Comparison;
  readonly pairs: readonly CellPair<Cell>[];
  /** Pairs left out because an earlier one of the family compares the same trainings adapted alike. */
  readonly repeated: number;
  /** Why there is no pair; "" where there is one. */
  readonly reason: string;
}

/** The cells that fit a selection, in their order. */
export function select<Cell extends Placed>(cells: readonly Cell[], side: Selection, nativeOf: NativeUses): Cell[] {
  const fitting = cells.filter((cell) =>
    (side.dataset === undefined || cell.dataset === side.dataset) &&
    PLACE_FIELDS.every((field) => fits(cell, field, askedOf(side, field), nativeOf))
  );
  const firsts = PLACE_FIELDS.filter((field) => askedOf(side, field) === "first");
  const most = askedOf(side, "innerSteps") === "most" ? onMostSteps(fitting, firsts) : fitting;
  return firsts.length === 0 ? most : firstOfEach(most, firsts);
}

function fits({ dataset, place }: Placed, field: PlaceField, asked: Asked, nativeOf: NativeUses): boolean {
  switch (asked) {
    case "matched":
    case "any":
    case "first":
    case "most":
      return true;
    case "some":
      return place[field] !== 0;
    case "native": {
      const native = nativeOf(dataset, place.algorithm);
      if (native === undefined) return false;
      if (field === "adapter") return place.adapter === native.adapter;
      if (field === "sharingDepth") return place.sharingDepth === native.sharingDepth;
      // An adapter that takes no steps changes no layers by them.
      return place.innerSteps === null || place.adaptDepth === native.adaptDepth(place.sharingDepth);
    }
    default:
      return place[field] === asked;
  }
}

/** Of cells that differ in inner steps, and in fields of which the first is wanted, those on the most. */
function onMostSteps<Cell extends Placed>(cells: readonly Cell[], firsts: readonly PlaceField[]): Cell[] {
  const alike = ({ dataset, place }: Cell) => `${placeKey(place, ["innerSteps", ...firsts])} ${dataset}`;
  const most = new Map<string, number>();
  const steps = ({ place }: Cell) => place.innerSteps ?? -1;
  for (const cell of cells) most.set(alike(cell), Math.max(most.get(alike(cell)) ?? -1, steps(cell)));
  return cells.filter((cell) => steps(cell) === most.get(alike(cell)));
}

function firstOfEach<Cell extends Placed>(cells: readonly Cell[], fields: readonly PlaceField[]): Cell[] {
  const seen = new Set<string>();
  return cells.filter(({ dataset, place }) => {
    const key = `${placeKey(place, fields)} ${dataset}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Fields in which both sides must agree. */
function matchedFields({ a, b }: Sides): PlaceField[] {
  return PLACE_FIELDS.filter((field) => askedOf(a, field) === "matched" || askedOf(b, field) === "matched");
}

/** The pairs of cells that two sides come to, in the order of `a` and then of `b`; no cell meets itself. */
export function pairUp<Cell extends Placed>(
  cells: readonly Cell[],
  sides: Sides,
  nativeOf: NativeUses,
): CellPair<Cell>[] {
  const [as, bs] = sidesOf(cells, sides, nativeOf);
  const matched = matchedFields(sides);
  const keyOf = ({ dataset, place }: Cell) => JSON.stringify([dataset, ...matched.map((field) => place[field])]);
  const partners = Map.groupBy(bs, keyOf);
  return as.flatMap((a) =>
    (partners.get(keyOf(a)) ?? []).filter((b) => a.identity !== b.identity).map((b) => ({ a, b }))
  );
}

function sidesOf<Cell extends Placed>(cells: readonly Cell[], { a, b }: Sides, nativeOf: NativeUses): [Cell[], Cell[]] {
  const dataset = a.dataset ?? b.dataset;
  return [select(cells, { ...a, dataset }, nativeOf), select(cells, { ...b, dataset }, nativeOf)];
}

/**
 * All pairs that comparisons come to, comparison by comparison. Within a family no pair of trainings that are adapted alike is compared twice, whatever their names and
 * sides: the first comparison that lists it has it.
 */
export function pairAll<Cell extends Placed>(
  cells: readonly Cell[],
  comparisons: readonly Comparison[],
  nativeOf: NativeUses,
): Pairing<Cell>[] {
  const families = new Map<string, Set<string>>();
  return comparisons.map((comparison): Pairing<Cell> => {
    const seen = families.get(comparison.family) ?? new Set<string>();
    families.set(comparison.family, seen);
    const found = pairUp(cells, comparison, nativeOf);
    const pairs = found.filter(({ a, b }) => {
      const key = JSON.stringify([a.identity, b.identity].sort());
      return seen.has(key) ? false : seen.add(key);
    });
    const repeated = found.length - pairs.length;
    const reason = pairs.length > 0
      ? ""
      : repeated > 0
      ? "all its trainings are compared earlier in its family"
      : whyNone(cells, comparison, nativeOf);
    return { comparison, pairs, repeated, reason };
  });
}

function whyNone<Cell extends Placed>(cells: readonly Cell[], sides: Sides, nativeOf: NativeUses): string {
  const [as, bs] = sidesOf(cells, sides, nativeOf);
  if (as.length === 0 || bs.length === 0) {
    return as.length > 0 ? "no cell fits b" : bs.length > 0 ? "no cell fits a" : "no cell fits a, and none fits b";
  }
  const matched = matchedFields(sides).map((field) => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  return `no cell of a agrees with another one of b in data set, ${matched.join(", ")}`;
}
