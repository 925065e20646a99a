/** The libraries that make figures interactive, read from the installed packages to be put into the page. */
import { createHash } from "node:crypto";
import { Html, readable } from "../view/html.ts";
import { CELLS_SCRIPT } from "./cells_script.ts";
import { FIGURE_SCRIPT } from "./figure_script.ts";
import { COPY_SCRIPT, SORT_SCRIPT } from "./script.ts";

/**
 * The minified builds of vega, vega-lite and vega-embed, in the order in which they must run.
 *
 * @throws what the file system throws when the packages are not installed
 */
export async function vegaScripts(): Promise<string[]> {
  // Named as imports, the packages are installed with the program; only then can their other files be found.
  await Promise.all([import("vega"), import("vega-lite"), import("vega-embed")]);
  return await Promise.all(["vega", "vega-lite", "vega-embed"].map(async (name) => {
    const file = new URL(`${name}.min.js`, import.meta.resolve(name)).href;
    const { default: text } = await import(file, { with: { type: "text" } }) as { readonly default: string };
    return text.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, "\n");
  }));
}

/** The scripts of the page; those of figures only where there are libraries to draw them with. */
export function pageScripts(libraries: readonly string[]): string[] {
  const drawing = libraries.length === 0 ? [] : [...libraries, FIGURE_SCRIPT];
  return [SORT_SCRIPT, COPY_SCRIPT, CELLS_SCRIPT, ...drawing];
}

/** A script element; what would end it early is written another way. */
export function script(text: string): Html {
  return new Html(`<script>${inScript(text)}</script>`);
}

/** A script element that holds data. */
export function dataScript(value: unknown): Html {
  return new Html(
    `<script type="application/json">${readable(JSON.stringify(value)).replaceAll("<", "\\u003c")}</script>`,
  );
}

/** The page may run exactly these scripts, and may load nothing from anywhere. */
export function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(inScript(text)).digest("base64")}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.length === 0 ? "'none'" : hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function inScript(text: string): string {
  return text.replace(/<(?=\/script|!--)/gi, "\\x3c");
}
