/** Where a cell of a data set lies: what a selection may name, what a verdict says of either side, and what two sides agree in. */
import { CELL_KEY } from "./cell_row.ts";
import type { CellRow } from "./rows.ts";

/** A field of a cell's key that tells the cells of one data set apart, whatever their seed. */
export type PlaceField = Exclude<(typeof CELL_KEY)[number], "dataset" | "seed">;

/** These fields in the order of the columns: a field that joins the key of the cells joins selections and verdicts too. */
export const PLACE_FIELDS: readonly PlaceField[] = CELL_KEY.filter((field): field is PlaceField =>
  field !== "dataset" && field !== "seed"
);

/** Where a cell of one data set lies. */
export type Place = Pick<CellRow, PlaceField>;

/** The place of a row, without the row's other values. */
export function placeOf(row: Place): Place {
  return pick(row, PLACE_FIELDS);
}

/** What names a cell: where it lies, its data set and seed. */
export type CellKey = Pick<CellRow, (typeof CELL_KEY)[number]>;

/** What names a row's cell, in the order of the columns, without the row's other values. */
export function cellKeyOf(row: CellKey): CellKey {
  return pick(row, CELL_KEY);
}

function pick<T extends object, K extends keyof T>(row: T, fields: readonly K[]): Pick<T, K> {
  return Object.fromEntries(fields.map((field) => [field, row[field]])) as Pick<T, K>;
}

/** Names a place among those of its data set; fields that are left out do not count. */
export function placeKey(place: Place, without: readonly PlaceField[] = []): string {
  return JSON.stringify(PLACE_FIELDS.filter((field) => !without.includes(field)).map((field) => place[field]));
}
