/** SVG to PDF: vector, with the fonts embedded and the text selectable. The same drawing gives the same bytes. */
/// <reference path="./svg_to_pdfkit.d.ts" />
import { fontFiles } from "../figures/render.ts";
import type { Fitted } from "./fit.ts";

/** When every PDF says it was made; it also enters the document's id. */
const CREATED = new Date("2000-01-01T00:00:00Z");

/**
 * Draws one page of exactly the drawing's size.
 *
 * @param title for the document's properties; it is not drawn
 * @throws Error when something in the drawing cannot be drawn
 */
export async function renderPdf({ svg, width, height }: Fitted, title: string): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: PDFDocument }, { default: svgToPdf }, [regular, bold]] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
    fontFiles(),
  ]);
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
  document.registerFont("regular", regular);
  document.registerFont("bold", bold);
  const warnings: string[] = [];
  svgToPdf(document, svg, 0, 0, {
    width,
    height,
    assumePt: true,
    preserveAspectRatio: "xMidYMid",
    fontCallback: (_family, isBold) => isBold ? "bold" : "regular",
    warningCallback: (warning) => warnings.push(warning),
  });
  document.end();
  await done;
  if (warnings.length > 0) throw new Error(`internal: "${title}" as PDF: ${warnings.join("; ")}`);
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
