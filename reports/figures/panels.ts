import { distinct } from "../view/select.ts";

/** What is drawn at one sharing depth. */
export interface Panel<T> {
  readonly label: string;
  readonly points: readonly T[];
}

interface Placed {
  readonly algorithm: string;
  readonly sharingDepth: number | null;
}

/**
 * A panel per sharing depth; algorithms that have one depth only are in every panel and described in `fixed`.
 *
 * @param names of the points' algorithms, in the order in which they are listed
 */
export function depthPanels<T extends Placed>(
  names: readonly string[],
  rows: readonly Placed[],
  points: readonly T[],
  title: (name: string) => string,
): { panels: Panel<T>[]; fixed: string[] } {
  const depthsOf = (name: string) =>
    distinct(rows.filter(({ algorithm }) => algorithm === name).map(({ sharingDepth }) => sharingDepth));
  const swept = new Set(names.filter((name) => depthsOf(name).length > 1));
  const depths = distinct(points.filter(({ algorithm }) => swept.has(algorithm)).map((point) => point.sharingDepth));
  const fixed = names.filter((name) => !swept.has(name)).map((name) => {
    const [depth] = depthsOf(name);
    return depth === null ? `${title(name)} (off this axis)` : `${title(name)} (d = ${depth})`;
  });
  if (depths.length === 0) return { panels: [{ label: "", points }], fixed };
  const panels = depths.map((depth) => ({
    label: depth === null ? "no depth" : `d = ${depth}`,
    points: points.filter((point) => !swept.has(point.algorithm) || point.sharingDepth === depth),
  }));
  return { panels, fixed };
}
