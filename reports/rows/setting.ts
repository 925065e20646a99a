/** Settings of training in a cell's key that tell numbers of one algorithm at one depth apart. */
import type { CellRow } from "./cell_row.ts";

/** In the order in which they are said. */
export const SETTING_FIELDS = ["norm", "trainingTasks"] as const satisfies readonly (keyof CellRow)[];
/** One of these settings. */
export type SettingField = typeof SETTING_FIELDS[number];
/** What a number was trained with. */
export type Setting = Pick<CellRow, SettingField>;

/** "norm batch", "100 training tasks", "fresh tasks" */
export function settingText(field: SettingField, { norm, trainingTasks }: Setting): string {
  if (field === "norm") return `norm ${norm}`;
  if (trainingTasks === null) return "fresh tasks";
  return `${trainingTasks} training ${trainingTasks === 1 ? "task" : "tasks"}`;
}

/** The settings that have several values among some rows. */
export function varyingAmong(rows: readonly Setting[]): SettingField[] {
  return SETTING_FIELDS.filter((field) => new Set(rows.map((row) => row[field])).size > 1);
}
