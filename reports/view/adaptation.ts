/** How a cell was adapted, in words: nothing here knows an adapter but by its description. */
import type { CellRow } from "../rows/rows.ts";
import type { AdapterDescription, ReportInput } from "./input.ts";
import { distinct, plural } from "./select.ts";

/** What says how a cell was adapted. */
export type Adapted = Pick<CellRow, "adapter" | "innerSteps">;

type Described = Pick<ReportInput, "adapters">;

/** The description of an adapter, or what can be said without one. */
export function adapterOf(
  { adapters }: Described,
  { adapter, innerSteps }: Adapted,
): Omit<AdapterDescription, "strength"> {
  const words = adapter.replaceAll("-", " ");
  return adapters.find(({ name }) => name === adapter) ??
    { name: adapter, title: words, short: words, readsInnerSteps: innerSteps !== null };
}

/** Names of adapters in the order in which they are listed: as in the table of adapters, those without a place by name. */
export function adapterOrder({ adapters }: Described, names: Iterable<string>): string[] {
  const known = adapters.map(({ name }) => name);
  const rank = (name: string) => known.includes(name) ? known.indexOf(name) : known.length;
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** "10 steps", "ridge head"; the steps of one adapter among several that take steps: "10 gradient steps". */
export function adaptedText(input: Described, row: Adapted): string {
  const { short } = adapterOf(input, row);
  if (row.innerSteps === null) return short;
  const several = input.adapters.filter(({ readsInnerSteps }) => readsInnerSteps).length > 1;
  return plural(row.innerSteps, several ? `${short} step` : "step");
}

/** An axis of ways to adapt: inner steps ascending, adapter by adapter, then the adapters that take none. */
export interface AdaptationAxis {
  /** In the axis's order. */
  readonly labels: string[];
  /** Labels of adapters that take inner steps. */
  readonly counted: string[];
  /** What the labels that are no numbers of steps stand for. */
  readonly others: string[];
  /** "10", "ridge head": where a row stands. */
  labelOf(row: Adapted): string;
  /** A label where no axis title says "inner steps": "10 steps", "ridge head". */
  headingOf(label: string): string;
}

/** The axis on which some rows stand. */
export function adaptationAxis(input: Described, rows: Iterable<Adapted>): AdaptationAxis {
  const all = [...rows];
  const stepped = adapterOrder(
    input,
    all.filter(({ innerSteps }) => innerSteps !== null).map(({ adapter }) => adapter),
  );
  const still = adapterOrder(input, all.filter(({ innerSteps }) => innerSteps === null).map(({ adapter }) => adapter));
  const labelOf = (row: Adapted) => {
    const { short } = adapterOf(input, row);
    if (row.innerSteps === null) return short;
    return stepped.length > 1 ? `${row.innerSteps} ${short}` : String(row.innerSteps);
  };
  const counted = stepped.flatMap((adapter) => {
    const own = all.filter((row) => row.adapter === adapter);
    return distinct(own.map(({ innerSteps }) => innerSteps)).flatMap((innerSteps) =>
      innerSteps === null
        ? []
        : [{ label: labelOf({ adapter, innerSteps }), heading: adaptedText(input, { adapter, innerSteps }) }]
    );
  });
  const others = still.map((adapter) => labelOf({ adapter, innerSteps: null }));
  const headings = new Map(counted.map(({ label, heading }) => [label, heading]));
  return {
    labels: [...counted.map(({ label }) => label), ...others],
    counted: counted.map(({ label }) => label),
    others,
    labelOf,
    headingOf: (label) => headings.get(label) ?? label,
  };
}

/** Vega expression that breaks the labels of adapters without steps in lines. */
export function axisLabels({ others }: AdaptationAxis): string {
  return `indexof(${JSON.stringify(others)}, datum.label) < 0 ? datum.label : split(datum.label, ' ')`;
}
