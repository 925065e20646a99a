/**
 * A figure's spec for print, whatever figure it is: no title, its panels in so many columns of such a size, text, marks and strokes for points instead of
 * pixels, legends at the bottom, and a dash of its own for every coloured line.
 */
import type { Spec } from "../figures/figure.ts";
import { IN_TWO_LINES, isWide, linesOf, withShortRows } from "./lines.ts";
import { fieldValues, isLoose, items, type Loose, loose, panelsOf } from "./panels.ts";
import { dashesAt, MIN_TEXT, PRINT_CONFIG, PRINT_SCALE } from "./theme.ts";

/** How a spec is laid out. */
export interface Layout {
  /** Panels side by side. */
  readonly columns: number;
  /** Width of a panel, as a share of its width on the page. */
  readonly across: number;
  /** Height of a panel, as a share of its height on the page. */
  readonly down: number;
  /** Room for legends, in points. */
  readonly width: number;
}

/** The spec in a layout. */
export function adapt(spec: Spec, layout: Layout): Spec {
  const { title: _, config, ...root } = loose(spec);
  const panels = panelsOf(spec);
  const { kind } = panels;
  const scale = kind === "concat" ? layout.across : PRINT_SCALE;
  const view = { ...PRINT_CONFIG.view, ...loose(loose(config).view) };
  // Below a single panel with long labels on its left, a legend has more room on that side.
  const { bottom } = PRINT_CONFIG.legend.layout;
  const legend = kind === "single"
    ? { ...PRINT_CONFIG.legend, layout: { bottom: { ...bottom, anchor: "end" } } }
    : PRINT_CONFIG.legend;
  const common = { ...root, config: { ...PRINT_CONFIG, view, legend }, spacing: kind === "concat" ? 12 : 8 };
  if (kind === "facet") {
    return asSpec({
      ...common,
      ...facetIn(root, layout, panels.columns * panels.rows),
      spec: sized(withDashes(toPrint(loose(root.spec), scale, layout.width)), layout),
    });
  }
  if (kind === "concat") {
    const { hconcat, vconcat, concat, ...rest } = common as Loose;
    const views = items(hconcat ?? vconcat ?? concat).map((item) =>
      sized(withDashes(toPrint(loose(item), scale, layout.width)), layout)
    );
    return asSpec({
      ...rest,
      concat: views.map((item, i) => i % layout.columns === 0 ? withAxis(item, views[0]) : item),
      columns: layout.columns,
    });
  }
  return asSpec(sized(withDashes(withShortRows(toPrint(common, scale, layout.width), layout.width)), layout));
}

/** What was a spec before it was adapted: whatever shape it had, of Vega-Lite's many, it keeps, which no type can follow. */
function asSpec(adapted: Loose): Spec {
  return adapted as unknown as Spec;
}

/** A panel at the start of a row shows the axis that it leaves to the first panel when all are in one row. */
function withAxis(view: Loose, first: Loose): Loose {
  const y = loose(loose(view.encoding).y);
  if (y.axis !== null) return view;
  return { ...view, encoding: { ...loose(view.encoding), y: { ...y, axis: loose(loose(first.encoding).y).axis } } };
}

function sized(view: Loose, { across, down }: Layout): Loose {
  const side = (size: unknown, share: number) => {
    const { step } = loose(size);
    if (typeof step === "number") return { step: step * share };
    return (typeof size === "number" ? size : 200) * share;
  };
  const [width, height] = [side(view.width, across), side(view.height, down)];
  return { ...withShortTitles(withPlaces(view, across), { x: width, y: height }), width, height };
}

/** Marks at a distance from the panel's left edge stay where they are in the panel. */
function withPlaces(view: Loose, across: number): Loose {
  const encoding = loose(view.encoding);
  const { value } = loose(encoding.x);
  return {
    ...view,
    ...(typeof value === "number" ? { encoding: { ...encoding, x: { value: value * across } } } : {}),
    ...(view.layer === undefined ? {} : { layer: items(view.layer).map((layer) => withPlaces(loose(layer), across)) }),
  };
}

/** Titles of axes break into lines that are no longer than the axis. */
function withShortTitles(view: Loose, sizes: Loose): Loose {
  const encoding = loose(view.encoding);
  const broken = Object.entries(sizes).flatMap(([channel, size]) => {
    const { title } = loose(encoding[channel]);
    const lines = typeof title === "string" && typeof size === "number" ? linesOf(title, size / 3.9) : [];
    return lines.length < 2 ? [] : [[channel, { ...loose(encoding[channel]), title: lines }]];
  });
  const layers = items(view.layer).map((layer) => withShortTitles(loose(layer), sizes));
  return {
    ...view,
    ...(broken.length === 0 ? {} : { encoding: { ...encoding, ...Object.fromEntries(broken) } }),
    ...(layers.length === 0 ? {} : { layer: layers }),
  };
}

/** A facet that wraps. Of a table of panels, every panel gets the names of its column and its row. */
function facetIn(root: Loose, { columns, width: room }: Layout, count: number): Loose {
  const facet = loose(root.facet);
  const { row, column } = facet;
  // Where the last row is not full, an axis below it would stand below nothing.
  const resolve = loose(root.resolve);
  const axes = count % columns === 0
    ? {}
    : { resolve: { ...resolve, axis: { ...loose(resolve.axis), x: "independent" } } };
  const longest = (part: Loose) => Math.max(0, ...fieldValues(root, part).map((value) => String(value).length));
  if (row === undefined) {
    const one = loose(column ?? facet);
    const wide = loose(one.header).labelExpr === undefined && isWide(longest(one), room / columns);
    return {
      facet: wide ? { ...one, header: { ...loose(one.header), labelExpr: IN_TWO_LINES } } : one,
      columns,
      ...axes,
    };
  }
  const parts = [column, row].filter(isLoose);
  const text = parts.map((part) => {
    const field = `datum[${JSON.stringify(part.field)}]`;
    const { labelExpr } = loose(part.header);
    return typeof labelExpr === "string"
      ? labelExpr.replace(/^split\((.*), ', '\)$/, "$1").replaceAll("datum.value", field).replaceAll(
        "datum.label",
        `('' + ${field})`,
      )
      : `('' + ${field})`;
  });
  // Rows first, as they were read.
  const place = [row, column].filter(isLoose).map((part) => {
    const values = fieldValues(root, part);
    return `indexof(${JSON.stringify(values)}, datum[${JSON.stringify(part.field)}])`;
  });
  const width = isLoose(column) ? fieldValues(root, column).length : 1;
  return {
    transform: [
      ...items(root.transform),
      { calculate: text.map((part) => `(${part})`).join(" + ', ' + "), as: "panelLabel" },
      { calculate: place.length === 2 ? `${place[0]} * ${width} + ${place[1]}` : place[0], as: "panelPlace" },
    ],
    facet: {
      field: "panelLabel",
      type: "nominal",
      sort: { field: "panelPlace", op: "min" },
      header: {
        title: null,
        ...(isWide(parts.reduce((sum, part) => sum + longest(part) + 4, 0), room / columns)
          ? { labelExpr: IN_TWO_LINES }
          : {}),
      },
    },
    columns,
    ...axes,
  };
}

const LENGTHS = /^(strokeWidth|dx|dy|yOffset|offset|labelPadding|titlePadding|cornerRadius|width|height)$/;
const AREAS = /^(size|symbolSize)$/;
const LEGEND_LENGTHS = /^(gradientLength|gradientThickness|labelOffset|labelLimit|columns|orient|direction)$/;

/** Text, marks and strokes for print; sizes of panels are left to `sized`. */
function toPrint(view: Loose, scale: number, room: number): Loose {
  const { width, height, ...rest } = view;
  return {
    ...loose(walk(rest, scale, room)),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  };
}

function walk(node: unknown, scale: number, room: number): unknown {
  if (Array.isArray(node)) return node.map((item) => walk(item, scale, room));
  if (!isLoose(node)) return node;
  // Text that would be too small is not: it moves as much further off.
  const grown = typeof node.fontSize === "number" ? Math.max(0, MIN_TEXT - node.fontSize * scale) : 0;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === "data" || key === "transform" || key === "config") return [key, value];
      if (key === "encoding") return [key, encodingFor(loose(value), scale, room)];
      if (/fontWeight$/i.test(key)) return [key, typeof value === "number" && value >= 600 ? "bold" : value];
      if (typeof value !== "number") return [key, walk(value, scale, room)];
      if (key === "dy") return [key, value * scale + Math.sign(value) * grown];
      if (/fontSize$/i.test(key)) return [key, Math.max(MIN_TEXT, value * scale)];
      if (AREAS.test(key)) return [key, value * scale ** 2];
      return [key, LENGTHS.test(key) ? value * scale : value];
    }),
  );
}

function encodingFor(encoding: Loose, scale: number, room: number): Loose {
  return Object.fromEntries(
    Object.entries(encoding).map(([channel, definition]) => {
      const { scale: given, legend, ...others } = loose(definition);
      if (!isLoose(definition)) return [channel, definition];
      const range = loose(given).range;
      const factor = channel === "size" ? scale ** 2 : /^stroke(Width|Dash)$/.test(channel) ? scale : undefined;
      // A legend without entries has no size.
      const empty = Array.isArray(loose(given).domain) && items(loose(given).domain).length === 0;
      const resize = (value: unknown): unknown =>
        Array.isArray(value) ? value.map(resize) : typeof value === "number" ? value * (factor ?? 1) : value;
      return [channel, {
        ...loose(walk(others, scale, room)),
        ...(given === undefined
          ? {}
          : { scale: range === undefined ? given : { ...loose(given), range: resize(range) } }),
        ...(legend === undefined && given === undefined || legend === null || channel === "x" || channel === "y"
          ? (legend === undefined ? {} : { legend })
          : { legend: empty ? null : legendFor(loose(legend), loose(given), others.title, room, scale) }),
      }];
    }),
  );
}

/** A legend below the panels; where it lists categories, in as many columns as fit. */
function legendFor(legend: Loose, { domain, type }: Loose, title: unknown, room: number, scale: number): Loose {
  const kept = Object.entries(legend).filter(([key]) => !LEGEND_LENGTHS.test(key));
  const printed = loose(walk(Object.fromEntries(kept), scale, room));
  const labels = items(domain).filter((value) => typeof value === "string");
  if (labels.length === 0 || type === "quantitative") return printed;
  // Symbol, label and the space between two of them; a title stands on the left.
  const widest = Math.max(...labels.map((label) => 3.9 * label.length)) + 20;
  const titled = typeof title === "string" ? 4 * title.length + 16 : 16;
  const fit = Math.max(1, Math.min(labels.length, Math.floor((room - titled) / widest)));
  // As even as the rows can be.
  return { ...printed, columns: Math.ceil(labels.length / Math.ceil(labels.length / fit)) };
}

/** Lines that differ in colour differ in their dashes as well. */
function withDashes(view: Loose): Loose {
  const layers = items(view.layer);
  if (layers.length === 0) return dashed(view, {});
  return { ...view, layer: layers.map((layer) => dashed(loose(layer), loose(view.encoding))) };
}

function dashed(view: Loose, inherited: Loose): Loose {
  const encoding = { ...inherited, ...loose(view.encoding) };
  const mark = isLoose(view.mark) ? view.mark.type : view.mark;
  const colour = loose(encoding.color);
  const domain = items(loose(colour.scale).domain);
  if (mark !== "line" || encoding.strokeDash !== undefined || colour.field === undefined || domain.length < 2) {
    return view;
  }
  const range = domain.map((_, i) => dashesAt(i));
  // A field of its own, as Vega-Lite merges the legends of one field, and this one is not to be shown.
  const field = "dashes";
  const copy = { calculate: `datum[${JSON.stringify(colour.field)}]`, as: field };
  const strokeDash = { field, type: "nominal", scale: { domain, range }, legend: null };
  return {
    ...view,
    transform: [...items(view.transform), copy],
    encoding: { ...loose(view.encoding), strokeDash },
  };
}
