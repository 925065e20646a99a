/** Two runs side by side: what they were made with, and what became of the cells that both have. */
import { basename, join } from "node:path";
import { writeAtomically } from "../../common/files.ts";
import { alignColumns } from "../run/describe.ts";
import { openFinished } from "../run/finished_files.ts";
import { compareCells } from "./cells.ts";
import { differences } from "./differences.ts";
import { comparisonPage } from "./page.ts";
import { differencesCsv } from "./row.ts";
import { cellWords, changed, madeWith, numbers, placeWords, WORDS } from "./words.ts";

/** Differences and cells that a terminal shows; the page has more, and the CSV file all. */
const SHOWN = 10;

/**
 * Compares two finished runs and writes `differences.csv` and `index.html` into a folder.
 *
 * @returns what was found, line by line
 * @throws UsageError when one is not finished, or its files are damaged
 */
export async function compareRuns(a: string, b: string, folder: string): Promise<string[]> {
  const [ofA, ofB] = [openFinished(a), openFinished(b)];
  const found = differences(ofA.manifest, ofB.manifest);
  const cells = await compareCells(ofA, ofB);
  const names = { a: basename(a), b: basename(b) };
  const [csv, page] = [join(folder, "differences.csv"), join(folder, "index.html")];
  writeAtomically(csv, differencesCsv(cells.rows));
  const manifests = { a: ofA.manifest, b: ofB.manifest };
  writeAtomically(page, comparisonPage({ names, manifests, differences: found, cells }));
  const rows = changed(cells);
  const lines = rows.slice(0, SHOWN).map((row) => [placeWords(row, cells.rows), numbers(row), WORDS[row.verdict]]);
  return [
    ...([["A", a, ofA], ["B", b, ofB]] as const).map(([name, path, { manifest: { created, git } }]) =>
      `${name}: ${path} (${created}${git === null ? "" : `, commit ${git.commit.slice(0, 12)}`})`
    ),
    madeWith(found).join("; "),
    ...found.slice(0, SHOWN).map(({ about, place, a, b }) =>
      `  ${about}${place === "" ? "" : `, ${place}`}: ${a} | ${b}`
    ),
    ...(found.length > SHOWN ? [`  and ${found.length - SHOWN} more on the page`] : []),
    ...cellWords(cells),
    ...(lines.length === 0 ? [] : alignColumns(lines).map((line) => `  ${line}`)),
    ...(rows.length > SHOWN ? [`  and ${rows.length - SHOWN} more on the page`] : []),
    `Cells: ${csv}`,
    `Page:  ${page}`,
  ];
}
