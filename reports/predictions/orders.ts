/** Whether two ways of adapting agree in which of two trainings is the better one. */
import type { OrderPrediction } from "../claims/prediction.ts";
import { placeKey } from "../rows/place.ts";
import type { Cell } from "../statistics/cells.ts";
import { pairedDifferences } from "../statistics/paired_scores.ts";
import type { CellPair } from "../statistics/pairing.ts";
import { larger } from "./claims.ts";
import {
  type Evidence,
  flagsOfCells,
  paired,
  pairsFor,
  type Tested,
  toldOf,
  tooFew,
  unequal,
  type Untested,
} from "./evidence.ts";
import { bootstrap, sizeOf } from "./resampled.ts";
import { placeText } from "./words.ts";

/** What differs between two ways of adapting one state. */
const ADAPTATION = ["adapter", "innerSteps", "adaptDepth"] as const;

/** Both differences on one side, and both real: of the two effects (X - Y) and (X + Y), whose product is positive where |X| > |Y|. */
export function orders(prediction: OrderPrediction, evidence: Evidence): (Tested | Untested)[] {
  const { a, b, adapters, dataset } = prediction;
  const [first, second] = adapters.map((adapter) => {
    const how = { adapter, innerSteps: "most" } as const;
    return pairsFor(prediction, { a: { ...a, ...how }, b: { ...b, ...how } }, evidence);
  });
  const told = toldOf(prediction, evidence);
  const place = ({ a, b }: CellPair<Cell>) => [a, b].map((cell) => placeKey(cell.place, ADAPTATION)).join(" ");
  return first.flatMap((under): (Tested | Untested)[] => {
    const other = second.find((pair) => place(pair) === place(under));
    if (other === undefined) return [];
    const where = `${placeText(told, under.a, under.b)}; ${placeText(told, other.a, other.b)}`;
    const pairs = [under, other].map((pair) => paired(pair.a, pair.b, evidence));
    const reason = pairs.map(tooFew).find((found) => found !== undefined) ?? unequal(pairs);
    if (reason !== undefined) return [{ where, reason }];
    const [x, y] = pairs.map((scores) => bootstrap(pairedDifferences(scores).matrix, dataset));
    return [{
      where,
      claim: larger(x, y),
      ...sizeOf(x),
      flags: flagsOfCells([under.a, under.b, other.a, other.b], evidence),
    }];
  });
}
