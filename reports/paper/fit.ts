/** Finds the layout in which a figure fills a column. */
import type { Spec } from "../figures/figure.ts";
import { renderSvg } from "../figures/render.ts";
import { PRINT_SCALE } from "./theme.ts";
import { adapt, type Layout } from "./adapt.ts";
import { type Panels, panelsOf } from "./panels.ts";

/** A figure at its size in print. */
export interface Fitted {
  /** Exactly as wide as asked for. */
  readonly svg: string;
  /** In points. */
  readonly width: number;
  readonly height: number;
}

/** Room for the axis beside the panels, and between two of them. */
const BESIDE = 34;
const BETWEEN = 8;
/** Letters get no smaller than this share of their size. */
const MIN_SCALE = 0.85;
/** No panel is narrower, in points, because of what stands beside it. */
const MIN_PANEL = 40;
/** As tall as a figure may be, with room for its caption on the page. */
const TALLEST = 560;
/** A panel is at least this share of its size on the page, or panels wrap into fewer columns. */
const MIN_SHARE = { facet: 0.3, stepped: 0.38, concat: 0.27 } as const;
/** Categories do not get wider than this. */
const MAX_SHARE = { stepped: 0.75, concat: 0.7 } as const;

/**
 * Draws a spec at a width in points.
 *
 * @throws Error when the spec does not render without a warning, or does not fit
 */
export async function fit(spec: Spec, width: number, name: string): Promise<Fitted> {
  const panels = panelsOf(spec);
  let narrowest: Drawn | undefined;
  // Headings can be wider than panels: then fewer of them stand side by side.
  for (const columns of columnsFor(panels, width)) {
    const { best, least } = await fill(spec, panels, columns, width, name);
    if (best !== undefined) return { svg: framed(best, width), width, height: best.height };
    if (narrowest === undefined || least.width < narrowest.width) narrowest = least;
  }
  // Its words need a little more room than there is: all of it is drawn smaller.
  if (narrowest !== undefined && width / narrowest.width >= MIN_SCALE) {
    return { svg: framed(narrowest, width), width, height: narrowest.height * width / narrowest.width };
  }
  throw new Error(
    `internal: figure ${name} is ${narrowest?.width} points wide and cannot be made to fit into ${width}`,
  );
}

/** Draws panels in so many columns, as wide as they can be; `best` is undefined when even narrow ones are too wide. */
async function fill(spec: Spec, panels: Panels, columns: number, width: number, name: string) {
  const most = panels.kind === "concat" ? MAX_SHARE.concat : panels.stepped ? MAX_SHARE.stepped : Infinity;
  const narrow = widthOf(columns, width) / panels.width;
  let across = Math.min(most, narrow);
  let best: Drawn | undefined;
  let least: Drawn | undefined;
  // A panel's share of the width is linear but for rounding and for what stands beside it.
  for (let round = 0; round < 8; round++) {
    const drawn = await draw(spec, layoutFor(panels, columns, across, width), name);
    if (least === undefined || drawn.width < least.width) least = drawn;
    if (drawn.width <= width && drawn.width > (best?.width ?? 0)) best = drawn;
    const rest = width - drawn.width;
    if (rest >= 0 && (rest < columns || across === most)) break;
    // Panels are rounded to whole points.
    across = Math.min(most, across + (rest > 0 ? rest - columns / 2 : rest - 0.25) / (columns * panels.width));
    if (across < Math.min(narrow / 2, MIN_PANEL / panels.width)) break;
  }
  if (least === undefined) throw new Error(`internal: figure ${name} was not drawn`);
  return { best, least };
}

function widthOf(columns: number, width: number): number {
  return (width - BESIDE - (columns - 1) * BETWEEN) / columns;
}

function rowsOf({ columns, rows }: Panels, wrapped: number): number {
  return Math.ceil(columns * rows / wrapped);
}

/** Numbers of columns to try: as many as stay legible (more where the figure would be taller than a page), then fewer. */
function columnsFor(panels: Panels, width: number): number[] {
  const least = panels.width * MIN_SHARE[panels.kind === "concat" ? "concat" : panels.stepped ? "stepped" : "facet"];
  const even = Array.from({ length: panels.columns }, (_, i) => panels.columns - i).filter((columns) =>
    panels.rows === 1 || panels.columns % columns === 0
  );
  const legible = even.find((columns) => widthOf(columns, width) >= least) ?? 1;
  const wrapped = panels.rows === 1 ? Math.ceil(panels.columns / Math.ceil(panels.columns / legible)) : legible;
  const tooTall = (columns: number) => panels.kind === "facet" && TALLEST / rowsOf(panels, columns) < 60;
  const first = [...even].reverse().find((columns) => columns >= wrapped && !tooTall(columns)) ?? even[0];
  return even.filter((columns) => columns <= first);
}

function layoutFor(panels: Panels, columns: number, across: number, width: number): Layout {
  if (panels.kind === "concat") {
    return { columns, across, down: across + Math.max(0, 0.58 - across) / 4, width };
  }
  if (panels.steppedDown) {
    return { columns, across, down: panels.stepped ? Math.min(0.5, across * 1.2) : PRINT_SCALE, width };
  }
  const rows = rowsOf(panels, columns);
  const wanted = Math.max(62, Math.min(140, across * panels.height * 0.9));
  const height = Math.min(wanted, TALLEST / rows - 16);
  return { columns, across, down: height / panels.height, width };
}

interface Drawn {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

async function draw(spec: Spec, layout: Layout, name: string): Promise<Drawn> {
  const { svg, warnings } = await renderSvg(adapt(spec, layout));
  if (warnings.length > 0) throw new Error(`internal: figure ${name} in print: ${warnings.join("; ")}`);
  const [width, height] = ["width", "height"].map((side) =>
    Number(svg.match(new RegExp(`^<svg[^>]* ${side}="([\\d.]+)"`))?.[1])
  );
  if (!(width > 0 && height > 0)) throw new Error(`internal: figure ${name} has no size`);
  return { svg, width, height };
}

/** In the middle of exactly the width, or smaller where it is wider, with its size in points. */
function framed({ svg, width, height }: Drawn, target: number): string {
  const scale = Math.min(1, target / width);
  const left = (width - target / scale) / 2;
  // "1,0" is a solid line, but a PDF has no gap of no length.
  const solid = svg.replaceAll(/ stroke-dasharray="[\d.]+,0"/g, "");
  return solid.replace(/^<svg[^>]*>/, (tag) =>
    tag.replace(/ width="[^"]*"/, ` width="${target}pt"`)
      .replace(/ height="[^"]*"/, ` height="${height * scale}pt"`)
      .replace(/ viewBox="[^"]*"/, ` viewBox="${left} 0 ${target / scale} ${height}"`));
}
