/**
 * Ways and styles of episodes as axes of a sweep. Tasks of other ways or another style are other tasks, on which no two scores can be paired, and other ways make
 * another network: each value is a data set of the run by a name of its own, a variant of the one it is drawn from. Nothing behind a parsed sweep knows more
 * of it than where its data comes from. It stands apart from `schema.ts` for the same reason as `sourced.ts`.
 */
import { z } from "zod";
import { UsageError } from "../../common/errors.ts";
import { EPISODE_STYLE_NAMES, type EpisodeStyleName } from "../../data/contract/episode_styles.ts";
import { trainedName } from "../../data/derived/derivation.ts";
import { MAX } from "./bounds.ts";
import { derivationOf, trainedOn } from "./derived.ts";
import { type DataSetSweep, type Sweep, sweepSchema as plain } from "./schema.ts";

const { name, ways } = plain.shape.datasets.element.shape;
const [USUAL] = EPISODE_STYLE_NAMES;

/** What a data set's part of a sweep says of its variants, once each has a part of its own. */
export const variantFields = {
  of: name.optional().describe(
    "The data set that this one is a variant of, by its name in the table or in its source; the name is then free to choose. Written for every value of an axis of ways or episodeStyles.",
  ),
  title: name.min(1).optional().describe(
    "What figures call a variant by a name of its own; left out: the title of the data set that it is of, and its episodes' style.",
  ),
  episodeStyles: z.array(z.enum(EPISODE_STYLE_NAMES)).min(1).max(MAX.values).optional().describe(
    "Axis of classification, a data set of the run for each value: usual (any classes, K support examples of each), hierarchical (all classes of a task " +
      "from one group: an alphabet, a script), imbalanced (K support examples of a class on average, in drawn shares), hierarchical-imbalanced. See docs/data.md.",
  ),
};

/** The same in a sweep file. */
export const variantAxes = {
  ...variantFields,
  ways: z.union([ways, z.array(ways).min(1).max(MAX.values)], {
    error: "expected a whole number >= 1 or a list of them",
  }).describe(
    "N: classes per task (1 for regression). Of a list, every value is a data set of the run, such as omniglot-20-way: its tasks are others.",
  ),
};

/** A data set's part of a sweep with its axes of variants. */
export type WithAxes = Omit<DataSetSweep, "ways"> & {
  readonly ways: number | readonly number[];
  readonly of?: string | undefined;
  readonly title?: string | undefined;
  readonly episodeStyles?: readonly EpisodeStyleName[] | undefined;
};

/** Where a variant comes from. */
export interface Variant {
  /** As it is called in the sweep and in rows. */
  readonly name: string;
  /** The data set that its tasks are drawn from. */
  readonly of: string;
  readonly style: EpisodeStyleName;
  /** What figures call it, where it has a title of its own. */
  readonly title?: string;
}

/** Where the tasks of a data set of a parsed sweep come from; of one that is made of others, those that are trained on. */
export function variantOf(entry: DataSetSweep): Variant {
  const name = derivationOf(entry)?.from ?? entry.name;
  const { of = name, title, episodeStyles: [style] = [USUAL] } = entry as DataSetSweep & Partial<WithAxes>;
  return { name, of, style, ...(title === undefined ? {} : { title }) };
}

/** The data sets of a parsed sweep that are drawn from one by another name, or otherwise than usually, each once. */
export function variants({ datasets }: Pick<Sweep, "datasets">): Variant[] {
  const drawn = datasets.map(variantOf).filter(({ name, of, style }) => name !== of || style !== USUAL);
  return [...new Map(drawn.map((variant) => [variant.name, variant])).values()];
}

/** The name that results of a data set are addressed by: drawn alike, they are the same. */
export function drawnFrom({ datasets }: Pick<Sweep, "datasets">): (name: string) => string {
  const names = new Map(datasets.flatMap((entry) => {
    const { name, of } = variantOf(entry);
    const trained = trainedName({ from: of, trainingClasses: derivationOf(entry)?.trainingClasses });
    return [[name, of], [trainedOn(entry), trained]] as const;
  }));
  return (name) => names.get(name) ?? name;
}

/**
 * A sweep in which every value of these axes is a data set. What the sweep compares or predicts on a data set, it does on each of its variants.
 *
 * @throws UsageError for a value twice, or for more data sets than a sweep may have
 */
export function expanded(sweep: Omit<Sweep, "datasets"> & { readonly datasets: readonly WithAxes[] }): Sweep {
  const named = new Map<string, readonly DataSetSweep[]>();
  let count = 0;
  for (const entry of sweep.datasets) {
    const { ways: N, episodeStyles = [USUAL] } = entry;
    count += (typeof N === "number" ? 1 : N.length) * episodeStyles.length;
    if (count > MAX.values) {
      throw new UsageError(
        `The sweep "${sweep.name}" comes to more than ${MAX.values} data sets, one for each of their ways and episode styles; shorten these axes`,
      );
    }
    // Two entries of one name are refused later, by that name.
    named.set(entry.name, [...named.get(entry.name) ?? [], ...variantsOf(entry)]);
  }
  const onEach = (
    name: string | undefined,
  ): readonly { readonly dataset: string | undefined; readonly suffix: string }[] => {
    const own = name === undefined ? undefined : named.get(name);
    if (name === undefined || own === undefined) return [{ dataset: name, suffix: "" }];
    return own.map((entry) => ({ dataset: entry.name, suffix: own.length > 1 ? entry.name.slice(name.length) : "" }));
  };
  return {
    ...sweep,
    datasets: [...named.values()].flat(),
    predictions: sweep.predictions.flatMap((prediction) =>
      onEach(prediction.dataset).map(({ dataset = prediction.dataset, suffix }) => ({
        ...prediction,
        dataset,
        id: prediction.id + suffix,
      }))
    ),
    comparisons: sweep.comparisons.flatMap((comparison) =>
      onEach(comparison.a.dataset ?? comparison.b.dataset).map(({ dataset, suffix }) => {
        const on = (side: typeof comparison.a) =>
          side.dataset === undefined || dataset === undefined ? side : { ...side, dataset };
        return { ...comparison, a: on(comparison.a), b: on(comparison.b), id: comparison.id + suffix };
      })
    ),
  };
}

/** The parts of a data set's variants; itself alone where nothing is an axis. */
function variantsOf(entry: WithAxes): DataSetSweep[] {
  const { name, of, ways: asked, episodeStyles: styles = [USUAL] } = entry;
  const N = typeof asked === "number" ? [asked] : asked;
  requireOnce(`ways of "${name}"`, N);
  requireOnce(`episodeStyles of "${name}"`, styles);
  if (of !== undefined && N.length * styles.length > 1) {
    throw new UsageError(
      `The data set "${name}" is a variant of "${of}": give it one number of ways and one of episodeStyles`,
    );
  }
  if (entry.title !== undefined && of === undefined) {
    throw new UsageError(
      `The data set "${name}" cannot have a title of its own, "${entry.title}": only a variant of another one, named in "of", can`,
    );
  }
  const derived = derivationOf(entry as DataSetSweep);
  if (derived !== undefined && (N.length * styles.length > 1 || styles[0] !== USUAL && of === undefined)) {
    throw new UsageError(
      `The data set "${name}" is made of "${derived.from}" already, and has no ways or episodeStyles of its own: ` +
        `give these to "${derived.from}", with testOn or trainingClasses (--test-on, --training-classes)`,
    );
  }
  return N.flatMap((own) =>
    styles.map((style): DataSetSweep => {
      const suffix = (N.length > 1 ? `-${own}-way` : "") + (style === USUAL || of !== undefined ? "" : `-${style}`);
      const { episodeStyles: _, ...rest } = entry;
      const variant: WithAxes = {
        ...rest,
        name: name + suffix,
        ways: own,
        ...(suffix === "" ? {} : { of: name }),
        ...(style === USUAL ? {} : { episodeStyles: [style] }),
      };
      return variant as DataSetSweep; // Its ways are one number.
    })
  );
}

function requireOnce(axis: string, values: readonly unknown[]): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new UsageError(`The ${axis} name ${repeated} twice; name it once`);
}
