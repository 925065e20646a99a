/**
 * The fonts of PNGs and PDFs, so that these look the same on every machine: DejaVu Sans, and for the scripts that it lacks, such as Chinese, Japanese, Korean
 * and most of India's, one font of all of Unicode, which is fetched with the first text that needs it. Both are files of npm packages, which need no permission.
 */
import { inflateSync } from "node:zlib";

/** Regular and bold, as TrueType. */
export interface Fonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

/** The font of what Latin letters stand among. */
export const FONT = "DejaVu Sans";

/** DejaVu Sans. */
export async function fontFiles(): Promise<Fonts> {
  const [regular, bold] = await Promise.all([
    import("dejavu-fonts-ttf/ttf/DejaVuSans.ttf", { with: { type: "bytes" } }),
    import("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf", { with: { type: "bytes" } }),
  ]);
  return { regular: regular.default, bold: bold.default };
}

/** Name of the font for all other scripts, as drawings ask for it. */
export const WIDE_FONT = "UnifontEX";

/** Where it is; no literals in an `import`, since Deno would fetch them whenever a program starts. */
const PACKAGE = "@fontsource/unifontex";
const [ENTRY, FILE] = [`${PACKAGE}/metadata.json`, `${PACKAGE}/files/unifontex-latin-400-normal.woff`];

/**
 * The font of all of Unicode, as TrueType, with the letters that others lack only: with one that has every letter of a text resvg draws all of that text.
 *
 * @param known the letters that others have
 * @throws Error when it is not in Deno's cache and cannot be fetched
 */
export async function wideFont(known: Letters): Promise<Uint8Array> {
  // A file of a package that is not there yet cannot be imported as bytes; its JSON can, and brings the package.
  await import(ENTRY, { with: { type: "json" } });
  const { default: woff } = await import(FILE, { with: { type: "bytes" } }) as { default: Uint8Array };
  return trueType(
    tablesOf(woff).map((table) =>
      table.tag === CMAP ? { ...table, content: cmapOf(groupsOf(table.content), known) } : table
    ),
  );
}

/** Whether a letter, by its code point, is among some. */
export type Letters = (code: number) => boolean;

/** A table of a font. */
interface Table {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** "cmap", the table of letters, as a number. */
const CMAP = 0x636d6170;
/** "wOFF". */
const WOFF = 0x774f4646;

/** The tables of a TrueType file, or of a WOFF file (W3C, WOFF 1.0), whose tables are deflated. */
function tablesOf(font: Uint8Array): Table[] {
  const view = viewOf(font);
  const packed = view.getUint32(0) === WOFF;
  const [count, start, entry] = packed ? [view.getUint16(12), 44, 20] : [view.getUint16(4), 12, 16];
  return Array.from({ length: count }, (_, index) => {
    const [tag, one, two, three] = [0, 4, 8, 12].map((field) => view.getUint32(start + entry * index + field));
    const [offset, bytes, size] = packed ? [one, two, three] : [two, three, three];
    const content = font.subarray(offset, offset + bytes);
    return { tag, content: bytes < size ? inflateSync(content) : content };
  });
}

/** A TrueType file of tables. Checksums, which no reader of these fonts looks at, are zero. */
function trueType(tables: readonly Table[]): Uint8Array {
  const log = Math.floor(Math.log2(tables.length));
  const places = tables.reduce(
    (ends, { content }) => [...ends, ends[ends.length - 1] + Math.ceil(content.length / 4) * 4],
    [12 + 16 * tables.length],
  );
  const bytes = new Uint8Array(places[tables.length]);
  const view = viewOf(bytes);
  view.setUint32(0, 0x00010000);
  [tables.length, 16 << log, log, 16 * tables.length - (16 << log)].forEach((field, index) =>
    view.setUint16(4 + 2 * index, field)
  );
  tables.forEach(({ tag, content }, index) => {
    [tag, 0, places[index], content.length].forEach((field, at) => view.setUint32(12 + 16 * index + 4 * at, field));
    bytes.set(content, places[index]);
  });
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Letters in a row whose glyphs are in a row too. */
interface Group {
  readonly first: number;
  readonly last: number;
  readonly glyph: number;
}

/** Platform and encoding of a table of all of Unicode: Windows, UCS-4. */
const UNICODE = 3 << 16 | 10;

/** The groups of a font's table of letters, in rising order. @throws Error when it has none of all of Unicode */
function groupsOf(cmap: Uint8Array): Group[] {
  const view = viewOf(cmap);
  const maps = Array.from({ length: view.getUint16(2) }, (_, index) => 4 + 8 * index);
  const entry = maps.find((map) => view.getUint32(map) === UNICODE);
  const map = entry === undefined ? undefined : view.getUint32(entry + 4);
  if (map === undefined || view.getUint16(map) !== 12) throw new Error("internal: a font without a map of Unicode");
  return Array.from({ length: view.getUint32(map + 12) }, (_, index) => {
    const [first, last, glyph] = [0, 4, 8].map((field) => view.getUint32(map + 16 + 12 * index + field));
    return { first, last, glyph };
  });
}

/** A table of the letters of some groups without those that others have. */
function cmapOf(groups: readonly Group[], known: Letters): Uint8Array {
  const own: Group[] = [];
  for (const { first, last, glyph } of groups) {
    for (let code = first, open = false; code <= last; code++) {
      const lacking = !known(code);
      const group = { first: code, last: code, glyph: glyph + code - first };
      if (lacking) own.push(open ? { ...own.pop()!, last: code } : group);
      open = lacking;
    }
  }
  const bytes = new Uint8Array(28 + 12 * own.length);
  const view = viewOf(bytes);
  view.setUint16(2, 1);
  view.setUint16(12, 12);
  const fields = [UNICODE, 12, undefined, bytes.length - 12, 0, own.length];
  fields.forEach((field, index) => field === undefined || view.setUint32(4 + 4 * index, field));
  own.forEach(({ first, last, glyph }, index) =>
    [first, last, glyph].forEach((field, at) => view.setUint32(28 + 12 * index + 4 * at, field))
  );
  return bytes;
}

/** Which letters a font has. @throws Error when it does not say so of all of Unicode */
export function lettersOf(font: Uint8Array): Letters {
  const groups = groupsOf(tablesOf(font).find(({ tag }) => tag === CMAP)?.content ?? new Uint8Array(4));
  return (code) => {
    let [low, high] = [0, groups.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (groups[middle].last < code) low = middle + 1;
      else high = middle;
    }
    return low < groups.length && groups[low].first <= code && code <= groups[low].last;
  };
}
