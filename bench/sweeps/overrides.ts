/** Axis values given on the command line in place of a sweep's own. */
import { UsageError } from "../../common/errors.ts";
import { derivationOf, type DerivedFields, type Target } from "./derived.ts";
import type { DataSetSweep, Sweep } from "./schema.ts";
import { expanded, variantOf, type WithAxes } from "./variants.ts";

/** Axes of a data set that the command line can replace. */
type Axes = Pick<
  DataSetSweep,
  "shots" | "innerSteps" | "sharingDepths" | "adapters" | "norms" | "adaptDepths" | "trainingTasks" | "taskStarts"
>;

/** Axis values given on the command line; undefined = the sweep's own. */
export interface Overrides
  extends
    Partial<Axes>,
    Partial<Pick<Sweep, "algorithms" | "seeds" | "rounds">>,
    Pick<DerivedFields, "trainingClasses"> {
  /** Names of the data sets that are kept. */
  readonly datasets?: readonly string[];
  /** Axes of classification: each value is a data set of the run. */
  readonly ways?: readonly number[];
  readonly episodeStyles?: WithAxes["episodeStyles"];
  /** Data sets that everything is tested on too, as they are named. */
  readonly testOn?: readonly string[];
}

/**
 * The sweep with its axes replaced by those of the command line.
 *
 * @param own data sets that the command line brings along, by what they are named there
 * @param targets those that it brings along to be tested on
 * @throws UsageError for a data set the sweep lacks
 */
export function applyOverrides(
  sweep: Sweep,
  overrides: Overrides,
  own: ReadonlyMap<string, DataSetSweep> = new Map(),
  targets: ReadonlyMap<string, Target> = new Map(),
): Sweep {
  const { datasets: names, algorithms, seeds, rounds = seeds === undefined ? sweep.rounds : null, ...others } =
    overrides;
  const { ways, episodeStyles, testOn, ...axes } = others;
  const given: Partial<DataSetSweep> & DerivedFields = {
    ...(testOn === undefined ? {} : { testOn: testOn.map((name) => targets.get(name) ?? name) }),
    ...Object.fromEntries(Object.entries(axes).filter(([, value]) => value !== undefined)),
    ...(axes.sharingDepths === undefined ? {} : { depthsOf: {} }),
    // Algorithms that are asked for are wanted on every data set.
    ...(algorithms === undefined ? {} : { algorithms: null }),
  };
  const named = names === undefined
    ? sweep.datasets
    : names.flatMap((name) => own.get(name) ?? demand(sweep, name, names));
  const derivesAnew = testOn !== undefined || axes.trainingClasses !== undefined;
  const chosen = derivesAnew ? named.filter((entry) => derivationOf(entry) === undefined) : named;
  return expanded({
    ...sweep,
    algorithms: algorithms ?? sweep.algorithms,
    seeds: seeds ?? sweep.seeds,
    rounds,
    datasets: withVariants(chosen.map((entry): DataSetSweep => ({ ...entry, ...given })), { ways, episodeStyles }),
  });
}

/** The data sets with axes that only classification has. @throws UsageError where there is none, or the sweep has spelt its variants out */
function withVariants(
  datasets: readonly DataSetSweep[],
  { ways, episodeStyles }: Pick<Overrides, "ways" | "episodeStyles">,
): readonly WithAxes[] {
  if (ways === undefined && episodeStyles === undefined) return datasets;
  const flag = ways === undefined ? "--episode-styles" : "--ways";
  if (datasets.every((entry) => entry.ways === 1)) {
    throw new UsageError(`${flag}: no data set of this sweep has classes; choose others with --datasets or --profile`);
  }
  const spelt = datasets.map(variantOf).find(({ name, of }) => name !== of);
  if (spelt !== undefined) {
    throw new UsageError(
      `${flag}: this sweep has variants of "${spelt.of}" already, such as "${spelt.name}"; change them in its file`,
    );
  }
  return datasets.map((entry) =>
    entry.ways === 1 ? entry : {
      ...entry,
      ...(ways === undefined ? {} : { ways }),
      ...(episodeStyles === undefined ? {} : { episodeStyles }),
    }
  );
}

/**
 * A data set that is asked for by name, or all of its variants, with those that are made of it unless they are named themselves; it is not optional any
 * more.
 */
function demand(sweep: Sweep, name: string, names: readonly string[]): DataSetSweep[] {
  const isMadeOf = (entry: DataSetSweep) => derivationOf(entry)?.from === name && !names.includes(entry.name);
  const named = sweep.datasets.filter((entry) => entry.name === name || isMadeOf(entry));
  const found = named.length > 0 ? named : sweep.datasets.filter((entry) => variantOf(entry).of === name);
  if (found.length > 0) return found.map((entry) => ({ ...entry, optional: false }));
  const present = sweep.datasets.map((entry) => entry.name).join(", ");
  throw new UsageError(
    `--datasets ${name}: the sweep "${sweep.name}" has no settings for it, only for ${present}; choose another --profile or write a --sweep file`,
  );
}
