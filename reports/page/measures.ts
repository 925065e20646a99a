/** What is measured beside scores, on each data set. */
import { groupIndex } from "../view/groups.ts";
import { type Html, html } from "../view/html.ts";
import type { DataSetDescription, ReportInput } from "../view/input.ts";
import { calibrationTable } from "./calibration_table.ts";
import { groupTable } from "./group_table.ts";

/** Makes the tables of one data set after another: which groups decide, and how far probabilities can be believed. */
export function measures(input: ReportInput): (dataset: DataSetDescription) => Html {
  const groups = groupIndex(input.groups ?? []);
  return (dataset) => html`${groupTable(input, groups, dataset)}${calibrationTable(input, dataset)}`;
}
