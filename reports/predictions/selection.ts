/** Which cells a prediction is about. */
import type { Cell, Place } from "../statistics/pairs.ts";
import type { Side } from "../claims/prediction.ts";

/** Fields of a place that a side may leave to the other side. */
const HELD_EQUAL = [
  "adapter",
  "innerSteps",
  "sharingDepth",
] as const satisfies readonly (keyof Place & keyof Side)[];

/** The cells of a data set that fit a side, of open adapt depths and task starts the first in the order of the rows. */
export function cellsOfSide(cells: readonly Cell[], dataset: string, side: Side, shots?: readonly number[]): Cell[] {
  const given = Object.entries(side).filter(([, value]) => value !== undefined);
  const fitting = cells.filter((cell) =>
    cell.dataset === dataset && (shots?.includes(cell.shots) ?? true) &&
    given.every(([key, value]) => cell.place[key as keyof Place] === value)
  );
  const seen = new Set<string>();
  return fitting.filter(({ shots, place: { adapter, innerSteps, sharingDepth } }) => {
    const point = JSON.stringify([shots, adapter, innerSteps, sharingDepth]);
    return seen.has(point) ? false : seen.add(point);
  });
}

/** The pairs of cells at equal shots that a comparison of two sides consists of. */
export function cellPairs(
  cells: readonly Cell[],
  dataset: string,
  { a, b }: { readonly a: Side; readonly b: Side },
  shots?: readonly number[],
): { readonly a: Cell; readonly b: Cell }[] {
  const others = cellsOfSide(cells, dataset, b, shots);
  return cellsOfSide(cells, dataset, a, shots).flatMap((one) =>
    others.filter((other) =>
      other.shots === one.shots &&
      HELD_EQUAL.every((field) =>
        (a[field] !== undefined && b[field] !== undefined) || one.place[field] === other.place[field]
      )
    ).map((other) => ({ a: one, b: other }))
  );
}
