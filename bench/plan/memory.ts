/** The memory that a sweep needs at least, so that one that fits nowhere is refused before anything is computed. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { UsageError } from "../../common/errors.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { matchedTo } from "./matched.ts";
import { hyperOf } from "./validate.ts";

const GIB = 2 ** 30;
/** More than this is planned for no process. */
const MAX_GIB = 16;
const FLOAT = 4;
/** What a step of the inner loop takes at least in the graph of a training, per layer, bytes. */
const GRAPH = 20_000;
/** A point of a validation curve with its row, bytes. */
const POINT = 200;
/** Weights, their gradient and an optimiser's two moments. */
const COPIES = 4;

/** What needs memory, in words, and the settings that it grows with. */
interface Need {
  readonly what: string;
  readonly bytes: number;
  readonly settings: string;
}

/** @throws UsageError naming what needs most, where that is more memory than anybody has for it */
export function requireMemory(sweep: Sweep, catalog: Catalog): void {
  for (const entry of sweep.datasets) {
    const needs = [...ofEpisodes(sweep, entry, catalog)];
    for (const name of algorithmsOn(entry, sweep)) needs.push(...ofTraining(entry, name, catalog));
    const largest = needs.reduce((most, need) => need.bytes > most.bytes ? need : most);
    if (largest.bytes <= MAX_GIB * GIB) continue;
    throw new UsageError(
      `Cannot run on "${entry.name}": ${largest.what} would take about ${
        Number((largest.bytes / GIB).toPrecision(2))
      } ` +
        `GiB of memory, and at most ${MAX_GIB} GiB are planned for; lower ${largest.settings}`,
    );
  }
}

/** Widths of all layers, inputs first. */
function widths({ name, hidden, ways }: DataSetSweep, { dataSets }: Catalog): number[] {
  return [dataSets[name].inputShape.reduce((product, side) => product * side, 1), ...hidden, ways];
}

function largest(values: readonly (number | string)[]): number {
  return values.reduce<number>((most, value) => typeof value === "number" && value > most ? value : most, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function* ofEpisodes(sweep: Sweep, entry: DataSetSweep, catalog: Catalog): Generator<Need> {
  const { episodes, ways, testQueries, validation, shots } = entry;
  const seeds = Math.max(sweep.seeds.length, ...sweep.rounds ?? []);
  const scores = episodes * seeds * algorithmsOn(entry, sweep).length * shots.length;
  yield { what: "the scores of all test episodes", bytes: scores * 2 * FLOAT, settings: "episodes or seeds" };
  const examples = ways * (largest(shots) + testQueries);
  const layers = sum(widths(entry, catalog));
  yield { what: "a test episode", bytes: examples * layers * FLOAT, settings: "shots, testQueries or hidden" };
  if (validation === null) return;
  const { points, queries } = validation;
  yield { what: "a validation curve", bytes: points * POINT, settings: "validation.points" };
  const inputs = widths(entry, catalog)[0];
  const drawn = validation.episodes * ways * (validation.shots + queries) * (inputs + 1);
  yield {
    what: "the validation episodes",
    bytes: drawn * FLOAT,
    settings: "validation.episodes, validation.shots or validation.queries",
  };
}

function* ofTraining(entry: DataSetSweep, name: string, catalog: Catalog): Generator<Need> {
  const algorithm = catalog.algorithms[name];
  const hyper = hyperOf(entry, name);
  const all = widths(entry, catalog);
  const weights = all.slice(1).map((width, index) => width * all[index]);
  yield { what: "the network", bytes: sum(weights) * COPIES * FLOAT, settings: "hidden" };
  if (algorithm.data === "none") return;
  if (algorithm.data === "pool") {
    const tasks = entry.trainingTasks.includes("fresh")
      ? Math.max(hyper.pool, largest(entry.trainingTasks))
      : largest(entry.trainingTasks);
    const depths = Object.hasOwn(entry.depthsOf, name) ? entry.depthsOf[name] : entry.sharingDepths;
    const own = sum(weights.slice(Math.min(...depths)));
    yield {
      what: `what ${name} keeps for each of ${tasks} training tasks`,
      bytes: tasks * own * COPIES * FLOAT,
      settings: "pool or trainingTasks",
    };
  }
  const shots = Math.max(...entry.shots.map((own) => matchedTo(hyper.trainShots, own)));
  const loops = algorithm.shapesTraining.includes("innerSteps");
  const steps = loops ? Math.max(...entry.innerSteps.map((own) => matchedTo(hyper.trainInnerSteps, own))) : 0;
  const ways = hyper.trainWays ?? entry.ways;
  const examples = ways * Math.max(hyper.queries, algorithm.shapesTraining.includes("shots") ? shots : 0);
  yield {
    what: `an iteration of ${name}`,
    bytes: hyper.metaBatch * examples * sum(all) * FLOAT * (1 + steps),
    settings: "metaBatch, queries, shots or inner steps",
  };
  yield {
    what: `the inner loop of ${name}`,
    bytes: steps * weights.length * GRAPH,
    settings: "trainInnerSteps or innerSteps",
  };
}
