import type { Setting } from "../rows/setting.ts";
import type { DataSetDescription } from "../view/input.ts";
import { settingKey, settingLabel, settingsAmong, settingsDiffer } from "../view/settings.ts";
import { distinct, list } from "../view/select.ts";

/** What is drawn with one setting at one sharing depth. */
export interface Panel<T> {
  readonly label: string;
  readonly points: readonly T[];
}

/** All panels of a figure. */
export interface Panels<T> {
  readonly panels: readonly Panel<T>[];
  /** Algorithms that are in the panels of every depth, in words. */
  readonly fixed: readonly string[];
  /** Whether panels differ in depth. */
  readonly deep: boolean;
}

interface Placed extends Setting {
  readonly algorithm: string;
  readonly sharingDepth: number | null;
}

/**
 * A panel per setting and sharing depth; its label says what there are several of. Algorithms that have one depth only are in the panels
 * of every depth and described in `fixed`.
 *
 * @param names of the points' algorithms, in the order in which they are listed
 */
export function depthPanels<T extends Placed>(
  names: readonly string[],
  rows: readonly Placed[],
  points: readonly T[],
  title: (name: string) => string,
  dataset: DataSetDescription,
): Panels<T> {
  const depthsOf = (name: string) =>
    distinct(rows.filter(({ algorithm }) => algorithm === name).map(({ sharingDepth }) => sharingDepth));
  const swept = new Set(names.filter((name) => depthsOf(name).length > 1));
  const depths = distinct(points.filter(({ algorithm }) => swept.has(algorithm)).map((point) => point.sharingDepth));
  const fixed = names.filter((name) => !swept.has(name)).map((name) => {
    const [depth] = depthsOf(name);
    return depth === null ? `${title(name)} (off this axis)` : `${title(name)} (d = ${depth})`;
  });
  const panels = settingsAmong(points).flatMap((setting) => {
    const own = points.filter((point) => settingKey(point) === settingKey(setting));
    const label = settingLabel(dataset, setting);
    const name = label === "" ? [] : [label];
    if (depths.length === 0) return [{ label, points: own }];
    return depths.map((depth) => ({
      label: [...name, depth === null ? "no depth" : `d = ${depth}`].join(", "),
      points: own.filter((point) => !swept.has(point.algorithm) || point.sharingDepth === depth),
    }));
  }).filter((panel) => panel.points.length > 0);
  return { panels, fixed, deep: depths.length > 1 };
}

/** What a caption says about panels: which algorithms are in all of them, and what settings are where there are several. */
export function panelSentences(
  { fixed, deep }: Pick<Panels<unknown>, "fixed" | "deep">,
  dataset: DataSetDescription,
): string[] {
  return [
    fixed.length === 0
      ? ""
      : deep
      ? `Algorithms with one sharing depth only are in the panels of every depth: ${list(fixed)}.`
      : `Sharing depths: ${list(fixed)}.`,
    settingsDiffer(dataset),
  ];
}
