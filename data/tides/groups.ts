/** Countries of tide stations as groups of episodes. */
import { rng } from "../../common/random.ts";
import type { EvaluationSplit } from "../contract/dataset.ts";
import type { Grouping } from "../contract/groups.ts";
import type { TideFamily } from "./mod.ts";
import { readStations, splitStations, type Station } from "./stations.ts";

/**
 * The station of an evaluation episode: the first thing that is drawn of it.
 *
 * @param own the stations of the split
 */
export function stationOf(
  { name }: Pick<TideFamily, "name">,
  split: EvaluationSplit,
  own: readonly Station[],
  episode: number,
) {
  return own[rng([name, split, episode]).int(own.length)];
}

/** By ISO 3166-1 alpha-2 code of the country, which is what stations are split by. */
export async function countryGroups(ranges: Pick<TideFamily, "name">, split: EvaluationSplit): Promise<Grouping[]> {
  const own = splitStations(await readStations())[split];
  return [{ level: "country", of: "episodes", groupOf: (episode) => stationOf(ranges, split, own, episode).country }];
}
