/** What is generated from the schemas and from results: files of `docs/`, by path relative to the project. */
import { BADGES } from "./badges.ts";
import { reproductionPage } from "./reproduction_page.ts";
import { resultsPage } from "./results_page.ts";
import { sweepJsonSchema } from "./sweep_schema.ts";

/** All pages: what each should hold. */
export const PAGES: Readonly<Record<string, () => string>> = {
  ...BADGES,
  "docs/reproduction.md": reproductionPage,
  "docs/results.md": resultsPage,
  "docs/sweep.schema.json": sweepJsonSchema,
};
