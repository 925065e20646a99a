/**
 * Specs to SVG and PNG. The libraries are loaded on first use, so that importing this module costs nothing; the same spec gives the
 * same bytes. Fonts and the WebAssembly module are loaded as modules of their packages, which needs no permission.
 */
import type { Spec } from "./figure.ts";
import { FONT } from "./fonts.ts";
import { lettered } from "./lettering.ts";
import { readable } from "../view/html.ts";
import { PAPER } from "../view/palette.ts";
import { boldWidth, textWidth } from "./text.ts";

/** A picture in vector form. */
export interface Rendering {
  readonly svg: string;
  /** What the compiler and the renderer had to say; empty for a sound spec. */
  readonly warnings: readonly string[];
}

/**
 * Draws a Vega-Lite spec. Nothing is fetched: data must be in the spec, images must be `data:` addresses; any other address is left out with
 * a warning.
 *
 * @throws Error when the spec is not valid
 */
export async function renderSvg(spec: Spec): Promise<Rendering> {
  const { vega, vegaLite } = await libraries();
  const warnings: string[] = [];
  const logger = vega.logger(
    vega.Warn,
    undefined,
    (_method, _level, args) => warnings.push(Array.from(args).join(" ")),
  );
  vegaLite.resetIdCounter();
  vega.resetSVGDefIds();
  const compiled = vegaLite.compile(spec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: "none",
    logger,
    loader: inlineOnly(vega.loader(), (warning) => warnings.push(warning)),
  });
  try {
    return { svg: readable(await view.toSVG()), warnings };
  } finally {
    view.finalize();
  }
}

type Vega = typeof import("vega");
type VegaLite = typeof import("vega-lite");

/** Exported by Vega for exactly this, but absent from its types. */
interface TextMetrics {
  readonly textMetrics: { width: (item: VegaText, text: unknown) => number };
}

/** As much of a text as its width depends on. */
interface VegaText {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

let loading: Promise<{ vega: Vega; vegaLite: VegaLite }> | undefined;

function libraries() {
  loading ??= Promise.all([import("vega"), import("vega-lite")]).then(([vega, vegaLite]) => {
    // Without a canvas Vega takes every letter to be 0.8 em wide, which spreads legends out.
    (vega as unknown as TextMetrics).textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
      (isBold(fontWeight) ? boldWidth : textWidth)(String(text ?? ""), fontSize);
    return { vega, vegaLite };
  });
  return loading;
}

function isBold(weight: VegaText["fontWeight"]): boolean {
  return weight === "bold" || Number(weight) >= 600;
}

/** A loader that resolves `data:` addresses and refuses everything else; Vega leaves what is refused out of the picture. */
function inlineOnly(loader: ReturnType<Vega["loader"]>, warn: (message: string) => void): ReturnType<Vega["loader"]> {
  const refuse = (uri: string) => {
    const message = `A figure must hold its own data, but refers to ${uri}`;
    warn(message);
    return Promise.reject(new Error(message));
  };
  return {
    ...loader,
    load: refuse,
    http: refuse,
    file: refuse,
    sanitize: (uri) => uri.startsWith("data:") ? Promise.resolve({ href: uri }) : refuse(uri),
  };
}

type Resvg = typeof import("@resvg/resvg-wasm").Resvg;

let rasteriser: Promise<Resvg> | undefined;

/** Pictures of large sweeps get fewer pixels per unit than others: drawing them would take most of a report's time. */
const MAX_PIXELS = 8e6;

function scaleOf(svg: string): number {
  const [width, height] = ["width", "height"].map((name) =>
    Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)"`).exec(svg)?.[1] ?? 0)
  );
  return Math.min(2, Math.sqrt(MAX_PIXELS / Math.max(1, width * height)));
}

/** How a PNG is drawn. */
export interface PngOptions {
  /** Pixels per unit of the SVG; 2, or less for a very large picture. */
  readonly scale?: number;
  /** White by default. */
  readonly background?: string;
  /** Hears of letters that no font has. */
  readonly warn?: (warning: string) => void;
}

/** Draws an SVG as PNG. */
export async function renderPng(
  svg: string,
  { scale = scaleOf(svg), background = PAPER, warn }: PngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const Resvg = await (rasteriser ??= openRasteriser());
  const { svg: whole, fonts: { regular, bold }, wide, warning } = await lettered(svg);
  if (warning !== undefined) warn?.(warning);
  const fontBuffers = [...(wide === undefined ? [] : [wide]), regular, bold];
  const resvg = new Resvg(whole, {
    background,
    fitTo: { mode: "zoom", value: scale },
    font: { fontBuffers, defaultFontFamily: FONT, sansSerifFamily: FONT },
  });
  try {
    const image = resvg.render();
    try {
      return new Uint8Array(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}

/** Opens the rasteriser, once. */
async function openRasteriser(): Promise<Resvg> {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  const { default: bytes } = await import("@resvg/resvg-wasm/index_bg.wasm", { with: { type: "bytes" } });
  await initWasm(bytes);
  return Resvg;
}
