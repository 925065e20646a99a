/** Titles, which are all that figures and tables call things by. */
import type { TaskKind } from "../../common/vocabulary.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import { UsageError } from "../../common/errors.ts";

/** What a data set of a sweep is called in headings: "Omniglot, 5-way". */
export function dataSetTitle(
  { ways }: Pick<DataSetSweep, "ways">,
  { title, kind }: { readonly title: string; readonly kind: TaskKind },
): string {
  return kind === "classification" ? `${title}, ${ways}-way` : title;
}

/**
 * Checks that no two of some entries of a table have one title, letter case and spaces apart.
 *
 * @param what they are, e.g. "Algorithms"
 * @throws UsageError naming the two
 */
export function requireTitlesDiffer(
  what: string,
  names: readonly string[],
  table: Readonly<Record<string, { readonly title: string }>>,
): void {
  const known = new Map<string, string>();
  for (const name of new Set(names)) {
    const { title } = table[name];
    const key = title.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();
    const other = known.get(key);
    if (other !== undefined) {
      throw new UsageError(
        `${what} "${other}" and "${name}" have one title, "${title}", so that nothing tells them apart in figures: ` +
          "give one of them another where it is declared",
      );
    }
    known.set(key, name);
  }
}
