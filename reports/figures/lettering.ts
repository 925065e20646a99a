/** Gives every letter of a drawing a font that has it, before it becomes a PNG or a PDF. */
import { fontFiles, type Fonts, type Letters, lettersOf, WIDE_FONT, wideFont } from "./fonts.ts";

/** A drawing and the fonts that it needs. */
export interface Lettered {
  readonly svg: string;
  readonly fonts: Fonts;
  /** The font for scripts that the others lack; undefined where the drawing needs none. */
  readonly wide?: Uint8Array;
  /** What a reader of the drawing should know; undefined where each letter has its own form. */
  readonly warning?: string;
}

/** What DejaVu Sans has, regular and bold. */
let usual: Promise<{ fonts: Fonts; has: Letters }> | undefined;
let wide: Promise<{ font: Uint8Array; has: Letters } | { error: unknown }> | undefined;

async function openUsual() {
  const fonts = await fontFiles();
  const [regular, bold] = [lettersOf(fonts.regular), lettersOf(fonts.bold)];
  return { fonts, has: (code: number) => regular(code) && bold(code) };
}

async function openWide(known: Letters) {
  try {
    const font = await wideFont(known);
    return { font, has: lettersOf(font) };
  } catch (error) {
    return { error };
  }
}

/**
 * Marks the letters of an SVG that the usual font lacks for the font of all of Unicode. Letters that this one lacks too, or all of them where it cannot be
 * had, are written as their code points, `U+4E2D`: unlike boxes these can be told apart.
 */
export async function lettered(svg: string): Promise<Lettered> {
  const { fonts, has } = await (usual ??= openUsual());
  const lacking = new Set([...new Set(wordsOf(svg))].filter((letter) => !has(codeOf(letter))));
  if (lacking.size === 0) return { svg, fonts };
  const more = await (wide ??= openWide(has));
  const found = "font" in more ? more : undefined;
  const none = [...lacking].filter((letter) => found === undefined || !found.has(codeOf(letter)));
  const changed = svg.replace(
    TEXTS,
    (text) => text.replace(WORDS, (_, words: string) => `>${marked(words, lacking, new Set(none))}<`),
  );
  return {
    svg: changed,
    fonts,
    ...(found === undefined ? {} : { wide: found.font }),
    ...(none.length === 0 ? {} : { warning: warningOf(none, "error" in more ? more.error : undefined) }),
  };
}

/** A text with all that is in it, and the words between its tags. */
const [TEXTS, WORDS] = [/<text\b[^>]*>[^]*?<\/text>/g, />([^<]+)</g];

function wordsOf(svg: string): string {
  return [...svg.matchAll(TEXTS)].flatMap(([text]) => [...text.matchAll(WORDS)].map(([, words]) => words)).join("");
}

const codeOf = (letter: string) => letter.codePointAt(0) ?? 0;

/** `U+4E2D`. */
function escaped(letter: string): string {
  return `U+${codeOf(letter).toString(16).toUpperCase().padStart(4, "0")}`;
}

function marked(words: string, lacking: ReadonlySet<string>, none: ReadonlySet<string>): string {
  const kinds = [...words].map((letter) => ({ letter, wide: lacking.has(letter) && !none.has(letter) }));
  let [text, inside] = ["", false];
  for (const { letter, wide } of kinds) {
    if (wide !== inside) text += wide ? `<tspan font-family="${WIDE_FONT}">` : "</tspan>";
    inside = wide;
    text += none.has(letter) ? escaped(letter) : letter;
  }
  return inside ? `${text}</tspan>` : text;
}

function warningOf(none: readonly string[], error: unknown): string {
  const shown = none.slice(0, 8).map((letter) => `${letter} (${escaped(letter)})`).join(", ");
  const rest = none.length > 8 ? ` and ${none.length - 8} more` : "";
  const why = error === undefined
    ? "no font of this project has them"
    : `the font that has them is not in Deno's cache and cannot be fetched (${
      error instanceof Error ? error.message.replace(/\s+/g, " ") : error
    }); draw again where npm's registry can be reached`;
  return `PNGs and PDFs name these letters by their code points: ${shown}${rest}: ${why}. SVGs and the page have them.`;
}
