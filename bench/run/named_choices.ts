/** What names on the command line stand for: all algorithms but some, and data sets that a sweep has no settings for. */
import type { TaskKind } from "../../common/vocabulary.ts";
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";
import { EPISODE_STYLE_NAMES } from "../../data/contract/episode_styles.ts";
import { ANY_WAY } from "../../data/mod.ts";
import type { Flags } from "../flags/flags.ts";
import type { Catalog } from "../plan/catalog.ts";
import { chosenNames } from "../sweeps/choice.ts";
import { defaultsOf, sizedFor } from "../sweeps/defaults.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";

type Named = Pick<Flags, "overrides">;

/** Settings for data sets that flags name and a sweep has none for: their own, at the size of the sweep. */
export function lacking(given: Sweep, { overrides: { datasets = [] } }: Named, { dataSets }: Catalog): DataSetSweep[] {
  return datasets.filter((name) => Object.hasOwn(dataSets, name) && !given.datasets.some((own) => own.name === name))
    .map((name) => sizedFor(defaultsOf(dataSets[name]), given.datasets));
}

/** What people should know of them. */
export function lackingNotes({ name: sweep }: Sweep, entries: readonly DataSetSweep[]): string[] {
  return entries.map(({ name, hyper: { iterations }, episodes }) =>
    `${name}: "${sweep}" has no settings for it; its own are taken, with ${iterations} iterations and ${episodes} test episodes`
  );
}

/** The algorithms that flags name; "all" are those that are for a kind of task that the data sets have. */
export function chosenAlgorithms(
  { algorithms: own }: Sweep,
  { overrides: { algorithms: list } }: Named,
  kinds: readonly (TaskKind | undefined)[],
  { algorithms }: Catalog,
): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const known = Object.keys(algorithms);
  const all = known.filter((name) => algorithms[name].supports.some((kind) => kinds.includes(kind)));
  return chosenNames(list, { flag: "--algorithms", kind: "algorithm", known, all, own });
}

/** Algorithms that a sweep had no plans for come with the way that their authors adapt them, unless flags name adapters: else they have no cells as meant. */
export function withNativeAdapters(
  changed: Sweep,
  { algorithms: own }: Pick<Sweep, "algorithms">,
  { overrides: { adapters: asked } }: Named,
  catalog: () => Catalog,
): Sweep {
  const added = changed.algorithms.filter((name) => !own.includes(name));
  if (asked !== undefined || added.length === 0) return changed;
  const { algorithms, adapters, dataSets } = catalog();
  return {
    ...changed,
    datasets: changed.datasets.map((entry) => {
      const kind = dataSets[entry.name]?.kind;
      const native = added.filter((name) => kind !== undefined && algorithms[name].supports.includes(kind)).flatMap(
        (name) => {
          const fitting = algorithms[name].nativeAdapters.filter((adapter) =>
            kind !== undefined && adapters[adapter].supports.includes(kind)
          );
          return fitting.some((adapter) => entry.adapters.includes(adapter)) ? [] : fitting.slice(0, 1);
        },
      );
      return native.length === 0 ? entry : { ...entry, adapters: [...new Set([...entry.adapters, ...native])] };
    }),
  };
}

/** Names given as flags are checked first, so that the message is about what was typed. @throws UsageError for the first that is none */
export function checkNames(
  { overrides }: Pick<Flags, "overrides">,
  catalog: Catalog,
  dataSets: readonly string[],
): void {
  const check = (flag: string, kind: string, given: readonly string[] | undefined, known: readonly string[]) => {
    const wrong = given?.find((name) => !known.includes(name));
    if (wrong !== undefined) throw new UsageError(`${flag}: ${unknownName(kind, wrong, known)}`);
  };
  check("--datasets", "data set", overrides.datasets, [
    ...new Set([...Object.keys(catalog.dataSets), ...dataSets]),
  ]);
  const variant = overrides.testOn?.find((name) =>
    !dataSets.includes(name) && isVariant(name, [...Object.keys(catalog.dataSets), ...dataSets])
  );
  if (variant !== undefined) {
    throw new UsageError(
      `--test-on ${variant}: what is tested on has the ways of what is trained on, and its own style; name the data set alone, and give --ways and --episode-styles`,
    );
  }
  check("--test-on", "data set", overrides.testOn, [
    ...new Set([...Object.keys(catalog.dataSets), ...dataSets, ANY_WAY]),
  ]);
  check("--adapters", "adapter", overrides.adapters, Object.keys(catalog.adapters));
}

/** Whether a name is that of a data set with its ways or style behind it, as these axes name the data sets that they make. */
function isVariant(name: string, known: readonly string[]): boolean {
  const styles = EPISODE_STYLE_NAMES.join("|");
  const found = name.match(new RegExp(`^(.+?)(-\\d+-way)?(-(?:${styles}))?$`));
  return found !== null && found[1] !== name && known.includes(found[1]);
}
