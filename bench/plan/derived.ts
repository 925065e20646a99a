/** Whether derived data sets can be tested as a sweep asks: what their target has decides. */
import { UsageError } from "../../common/errors.ts";
import type { CrossedEntry } from "../../data/mod.ts";
import type { DataSetSweep, Hyper } from "../sweeps/schema.ts";
import { derivationOf } from "../sweeps/derived.ts";
import { variantOf } from "../sweeps/variants.ts";
import type { Catalog, PlannedDataSet } from "./catalog.ts";

/** @throws UsageError where a batch over all training classes has more examples than the classes that are left */
export function checkTrainingClasses(
  entry: DataSetSweep,
  algorithms: readonly string[],
  hyperOf: (algorithm: string) => Hyper,
  { algorithms: table, dataSets }: Catalog,
): void {
  const derived = derivationOf(entry);
  const { examplesPerClass } = dataSets[entry.name];
  if (derived?.trainingClasses === undefined || examplesPerClass === undefined) return;
  const most = derived.trainingClasses * examplesPerClass;
  for (const name of algorithms.filter((own) => table[own].data === "labelled")) {
    const { metaBatch, queries, trainWays } = hyperOf(name);
    const needed = metaBatch * queries * (trainWays ?? entry.ways);
    if (needed <= most) continue;
    throw new UsageError(
      `Cannot train ${name} on ${derived.trainingClasses} classes of "${derived.from}": a batch has ${needed} different examples ` +
        `(metaBatch x ways x queries), the classes ${most} at least; lower metaBatch or queries, or train on more classes`,
    );
  }
}

/** @throws UsageError where test episodes of the target are not to be had */
export function checkTarget(
  entry: DataSetSweep,
  { datasets }: { readonly datasets: readonly DataSetSweep[] },
  { dataSets }: Catalog,
): void {
  const derived = derivationOf(entry);
  const variant = datasets.find(({ name }) => name === derived?.testedOn);
  if (variant !== undefined && variantOf(variant).of !== variant.name && variant.ways !== entry.ways) {
    throw new UsageError(
      `Cannot test what is trained on "${derived?.from}" with ${entry.ways} ways on "${variant.name}", whose tasks have ${variant.ways}: ` +
        `name "${variantOf(variant).of}", which is tested with ${entry.ways}, or leave it out of testOn`,
    );
  }
  const { target } = dataSets[entry.name] as Partial<CrossedEntry> & { readonly target?: PlannedDataSet };
  if (derived === undefined || target === undefined) return;
  const pair = `what is trained on "${derived.from}" on "${derived.testedOn}"`;
  const { examplesPerClass = Infinity, kind } = target;
  const classes = target.mostWays?.everywhere ?? target.classes ?? Infinity;
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
