/** What a run left out. */
import type { DataSetDescription, ReportInput } from "../view/input.ts";

/** Why nothing of a data set was computed; "" where something was. */
export function skippedText({ cells }: Pick<ReportInput, "cells">, { name }: DataSetDescription): string {
  const own = cells.filter(({ dataset }) => dataset === name);
  const skipped = own.length > 0 && own.every(({ status }) => status === "skipped");
  return skipped ? `Skipped: ${own[0].reason}` : "";
}
