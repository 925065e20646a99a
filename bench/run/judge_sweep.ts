/** From rows and their episodes' scores to verdicts. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { type Collected, divergenceLimits } from "./collect.ts";
import { type ComparedDataSet, nativesOf, type Pair, pairsToJudge, type Role } from "../../reports/statistics/pairs.ts";
import { judgeFamily, type Verdict } from "../../reports/statistics/judge.ts";
import type { JudgedPair } from "../../reports/statistics/verdicts_csv.ts";
import type { Sweep } from "../sweeps/schema.ts";

/**
 * Judges every comparison that a run's rows allow. There are two families for Holm's adjustment, fixed before any result: the native comparisons, which
 * answer the question as asked and are few, and the matched ones, which say where a difference comes from.
 */
export function verdictsOf(
  sweep: Sweep,
  catalog: Catalog,
  opened: ReadonlyMap<string, DataSet>,
  { rows, scores }: Pick<Collected, "rows" | "scores">,
): JudgedPair[] {
  const chosen = sweep.algorithms.map((name) => catalog.algorithms[name]);
  const roles: Record<string, Role> = Object.fromEntries(chosen.map(({ name, role }) => [name, role]));
  const dataSets: Record<string, ComparedDataSet> = {};
  for (const entry of sweep.datasets) {
    const dataSet = opened.get(entry.name);
    if (dataSet === undefined) continue;
    dataSets[entry.name] = {
      margin: entry.margin,
      limits: divergenceLimits(dataSet, entry) ?? null,
      natives: nativesOf(chosen, roles, catalog.layerCount(entry.model, entry.hidden)),
    };
  }
  const pairs = pairsToJudge(rows, scores, {
    roles,
    dataSets,
    flagsOf: ({ flags }) => flags === "" ? [] : flags.split("; "),
  });
  const verdicts = new Map<Pair, Verdict>();
  for (const comparison of ["native", "matched"] as const) {
    const family = pairs.filter(({ key }) => key.comparison === comparison);
    judgeFamily(family, { key: ["verdicts", sweep.name] }).forEach((verdict, index) =>
      verdicts.set(family[index], verdict)
    );
  }
  return pairs.map((pair): JudgedPair => ({ key: pair.key, verdict: verdicts.get(pair) as Verdict }));
}
