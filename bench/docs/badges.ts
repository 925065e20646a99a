/** The badges of README: what can be said of the project without asking a server, so that they are right offline and in every copy. */
import { join } from "node:path";
import { algorithms } from "../../algorithms/registry.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { dataSets } from "../../data/mod.ts";

/** Width of a letter of 11 units in DejaVu Sans or Verdana, on average, and the space beside a text. */
const LETTER = 6.6;
const SPACE = 12;

/** A label on grey and what it says on blue; white letters have a contrast of 4.5 or more on either. */
export function badge(label: string, value: string): string {
  const [left, right] = [label, value].map((text) => Math.round(text.length * LETTER + SPACE));
  const text = (words: string, middle: number) => `  <text x="${middle}" y="14">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${
      left + right
    }" height="20" role="img" aria-label="${label}: ${value}">`,
    `  <title>${label}: ${value}</title>`,
    `  <rect width="${left + right}" height="20" rx="3" fill="#1d5a99"/>`,
    `  <path d="M3 0h${left - 3}v20h-${left - 3}a3 3 0 0 1-3-3v-14a3 3 0 0 1 3-3z" fill="#4d4d4d"/>`,
    `  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">`,
    `  ${text(label, left / 2)}`,
    `  ${text(value, left + right / 2)}`,
    "  </g>",
    "</svg>",
    "",
  ].join("\n");
}

/** A member of deno.json. */
function said(member: "version" | "license"): string {
  return String(JSON.parse(Deno.readTextFileSync(join(PROJECT_ROOT, "deno.json")))[member]);
}

/** Files of badges by path, relative to the project. */
export const BADGES: Readonly<Record<string, () => string>> = {
  "docs/badges/version.svg": () => badge("version", said("version")),
  "docs/badges/licence.svg": () => badge("licence", said("license")),
  "docs/badges/algorithms.svg": () => badge("algorithms", String(Object.keys(algorithms).length)),
  "docs/badges/data.svg": () => badge("data sets", String(Object.keys(dataSets).length)),
};
