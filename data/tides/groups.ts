/** Countries and continents of tide stations as groups of episodes. */
import { rng } from "../../common/random.ts";
import type { EvaluationSplit } from "../contract/dataset.ts";
import type { Grouping } from "../contract/groups.ts";
import { type ContinentName, continents, stationsOf } from "./continents.ts";
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

/** By ISO 3166-1 alpha-2 code of the country, which is what stations are split by, and by continent. */
export async function tideGroups(ranges: Pick<TideFamily, "name">, split: EvaluationSplit): Promise<Grouping[]> {
  const [own, known] = [splitStations(await readStations())[split], await continents()];
  const station = (episode: number) => stationOf(ranges, split, own, episode);
  return [
    { level: "country", of: "episodes", groupOf: (episode) => station(episode).country },
    { level: "continent", of: "episodes", groupOf: (episode) => known.get(station(episode).id) ?? "" },
  ];
}

/** Of the tides of one continent by country. */
export async function countryGroups(name: ContinentName, split: EvaluationSplit): Promise<Grouping[]> {
  const { own } = await stationsOf(name);
  return [{
    level: "country",
    of: "episodes",
    groupOf: (episode) => stationOf({ name }, split, own[split], episode).country,
  }];
}
