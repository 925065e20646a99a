/** What panels a spec has. */
import type { Spec } from "../figures/figure.ts";

/** What there is to lay out: panels of one size in columns (a table of panels has several rows to begin with), or pictures side by side. */
export interface Panels {
  readonly kind: "facet" | "concat" | "single";
  readonly columns: number;
  readonly rows: number;
  /** Of one panel on the page, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether a panel's width is a step per category. */
  readonly stepped: boolean;
  /** Whether its height is. */
  readonly steppedDown: boolean;
}

/** JSON without knowing what it says. */
export type Loose = { readonly [key: string]: unknown };

/** Whether it is an object of JSON. */
export const isLoose = (value: unknown): value is Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** An object of JSON, or an empty one. */
export const loose = (value: unknown): Loose => isLoose(value) ? value : {};
/** A list, or an empty one. */
export const items = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : [];

/** Looks at the panels of a spec. */
export function panelsOf(spec: Spec): Panels {
  const root = loose(spec);
  const facet = loose(root.facet);
  if ("facet" in root) {
    const count = (definition: unknown) => isLoose(definition) ? fieldValues(root, definition).length : 1;
    const grid = "row" in facet || "column" in facet;
    const columns = grid ? count(facet.column) : count(facet);
    return { kind: "facet", columns, rows: grid ? count(facet.row) : 1, ...sizeOf(loose(root.spec), root) };
  }
  const views = items(root.hconcat ?? root.vconcat ?? root.concat);
  if (views.length > 0) {
    const sizes = views.map((view) => sizeOf(loose(view), loose(view)));
    return {
      kind: "concat",
      columns: views.length,
      rows: 1,
      // Together they take as much as so many of this width.
      width: sizes.reduce((sum, { width }) => sum + width, 0) / sizes.length,
      height: Math.max(...sizes.map(({ height }) => height)),
      stepped: sizes.every(({ stepped }) => stepped),
      steppedDown: sizes.every(({ steppedDown }) => steppedDown),
    };
  }
  return { kind: "single", columns: 1, rows: 1, ...sizeOf(root, root) };
}

function sizeOf(view: Loose, root: Loose): Pick<Panels, "width" | "height" | "stepped" | "steppedDown"> {
  const encoding = loose(view.encoding);
  const side = (size: unknown, channel: unknown) => {
    const { step } = loose(size);
    if (typeof step === "number") return step * fieldValues(root, loose(channel)).length;
    return typeof size === "number" ? size : 200; // Vega-Lite's own default
  };
  return {
    width: side(view.width, encoding.x),
    height: side(view.height, encoding.y),
    stepped: "step" in loose(view.width),
    steppedDown: "step" in loose(view.height),
  };
}

/** Distinct values of a field, sorted as the definition says or else ascending. */
export function fieldValues(root: Loose, { field, sort }: Loose): unknown[] {
  const rows = items(loose(root.data).values);
  const values: unknown[] = [...new Set(rows.map((row) => loose(row)[String(field)]))]
    .filter((value) => value !== undefined);
  const order = items(sort);
  return order.length > 0
    ? order.filter((value) => values.includes(value))
    : values.sort((a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1);
}
