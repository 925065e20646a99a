/** Whether derived data sets can be tested as a sweep asks: what their target has decides. */
import { UsageError } from "../../common/errors.ts";
import type { CrossedEntry } from "../../data/mod.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import { derivationOf } from "../sweeps/derived.ts";
import type { Catalog } from "./catalog.ts";

/** @throws UsageError where test episodes of the target are not to be had */
export function checkTarget(entry: DataSetSweep, { dataSets }: Catalog): void {
  const derived = derivationOf(entry);
  const { target } = dataSets[entry.name] as Partial<CrossedEntry>;
  if (derived === undefined || target === undefined) return;
  const pair = `what is trained on "${derived.from}" on "${derived.testedOn}"`;
  const { classes = Infinity, examplesPerClass = Infinity, kind } = target;
  if (kind === "classification" && entry.ways > classes) {
    throw new UsageError(
      `Cannot test ${pair} with ${entry.ways} ways: its splits have ${classes} classes at least; lower ways or leave it out of testOn`,
    );
  }
  const needed = Math.max(...entry.shots) + entry.testQueries;
  if (needed <= examplesPerClass) return;
  const unit = kind === "classification" ? "class" : "task";
  throw new UsageError(
    `Cannot test ${pair} with ${Math.max(...entry.shots)} shots + ${entry.testQueries} queries per ${unit}: ` +
      `its scarcest ${unit} has ${examplesPerClass} examples; lower shots or testQueries, or leave it out of testOn`,
  );
}
