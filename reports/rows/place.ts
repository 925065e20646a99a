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
  return Object.fromEntries(PLACE_FIELDS.map((field) => [field, row[field]])) as unknown as Place;
}

/** Names a place among those of its data set; fields that are left out do not count. */
export function placeKey(place: Place, without: readonly PlaceField[] = []): string {
  return JSON.stringify(PLACE_FIELDS.filter((field) => !without.includes(field)).map((field) => place[field]));
}
