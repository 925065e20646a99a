/** From rows and their episodes' scores to verdicts: one family per run. */
import type { DataSet } from "../data/dataset.ts";
import type { Catalog } from "./catalog.ts";
import { type Collected, divergenceLimits } from "./collect.ts";
import { type ComparedDataSet, nativesOf, pairsToJudge, type Role } from "./statistics/pairs.ts";
import { judgeFamily } from "./statistics/verdict.ts";
import type { JudgedPair } from "./statistics/verdicts_csv.ts";
import type { Sweep } from "./types.ts";

/** Judges every comparison that a run's rows allow. */
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
    flagsOf: ({ flags }) => flags === "" ? [] : flags.split(";"),
  });
  const verdicts = judgeFamily(pairs, { key: ["verdicts", sweep.name] });
  return pairs.map(({ key }, index): JudgedPair => ({ key, verdict: verdicts[index] }));
}
