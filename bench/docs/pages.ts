/** What is generated from the schemas: files of `docs/`, by path relative to the project. */
import { resultsPage } from "./results_page.ts";
import { sweepJsonSchema } from "./sweep_schema.ts";

/** All pages: what each should hold. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/results.md": resultsPage,
  "docs/sweep.schema.json": sweepJsonSchema,
};
