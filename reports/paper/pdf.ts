/** SVG to PDF: vector, with the fonts embedded and the text selectable. The same drawing gives the same bytes. */
/// <reference path="./svg_to_pdfkit.d.ts" />
import { WIDE_FONT } from "../figures/fonts.ts";
import { lettered } from "../figures/lettering.ts";
import type { Fitted } from "./fit.ts";

/** When every PDF says it was made; it also enters the document's id. */
const CREATED = new Date("2000-01-01T00:00:00Z");

/**
 * Draws one page of exactly the drawing's size.
 *
 * @param title for the document's properties; it is not drawn
 * @param warn hears of letters that no font has
 * @throws Error when something in the drawing cannot be drawn
 */
export async function renderPdf(
  { svg, width, height }: Fitted,
  title: string,
  warn?: (warning: string) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: PDFDocument }, { default: svgToPdf }, whole] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
    lettered(svg),
  ]);
  if (whole.warning !== undefined) warn?.(whole.warning);
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    // No default font: it would be one of those that a PDF does not embed.
    font: "",
    info: { Title: title, Producer: "bridgebench", Creator: "bridgebench", CreationDate: CREATED },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  const { fonts: { regular, bold }, wide } = whole;
  for (const [name, font] of Object.entries({ regular, bold, ...(wide === undefined ? {} : { wide }) })) {
    document.registerFont(name, font);
    keepMarks(document.font(name));
  }
  const warnings: string[] = [];
  svgToPdf(document, whole.svg, 0, 0, {
    width,
    height,
    assumePt: true,
    preserveAspectRatio: "xMidYMid",
    fontCallback: (family, isBold) => family === WIDE_FONT ? "wide" : isBold ? "bold" : "regular",
    warningCallback: (warning) => warnings.push(warning),
  });
  document.end();
  await done;
  if (warnings.length > 0) throw new Error(`internal: "${title}" as PDF: ${warnings.join("; ")}`);
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** What pdfkit says of each glyph of a text, by its number in hex. */
type Encoded = readonly [glyphs: readonly string[], places: readonly { readonly advanceWidth: number }[]];

/** Makes marks without a width of their own, as many scripts have them above and below letters, a hair wide: svg-to-pdfkit leaves out what is not. */
function keepMarks(document: unknown): void {
  // The font in use is no part of pdfkit's types; svg-to-pdfkit reads it in the same way.
  const { _font: font } = document as { _font: { encode: (text: string) => Encoded } };
  const encode = font.encode.bind(font);
  font.encode = (text) => {
    const [glyphs, places] = encode(text);
    return [glyphs, places.map((place) => place.advanceWidth === 0 ? { ...place, advanceWidth: HAIR } : place)];
  };
}

/** In thousandths of the font's size. */
const HAIR = 1e-3;
