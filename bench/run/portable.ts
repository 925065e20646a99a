/** Texts for tables, without what differs from one computer to the next. */
import { pathToFileURL } from "node:url";

/** Folders of a run by the name that stands for them in tables, such as `{ DATA_DIR: "/home/me/data" }`. */
export type Places = Readonly<Record<string, string>>;

/** What may come before a path, and what ends it where the path itself does not go on. */
const [BEFORE, AFTER] = ["(?<![\\w.~/\\\\-])", "(?![\\w~-]|\\.\\w)"];
/** An absolute path of at least two parts, all of it but the last one. */
const ELSEWHERE =
  /(?<![\w.~/\\:-])(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\s"'`()<>:;,\\/]+)+(?=[\\/][^\s"'`()<>:;,\\/]+)/g;

/**
 * A text in which folders of a run are called by their names and other absolute paths lose all but their last part, so that tables have the same bytes
 * wherever they were made.
 */
export function portable(text: string, places: Places): string {
  // What lies in another is replaced first.
  const known = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  let said = text;
  for (const [name, folder] of known) {
    if (folder.replaceAll(/[\\/]/g, "") === "") continue;
    for (const form of [pathToFileURL(folder).href, folder]) {
      const literal = form.replace(/[\\/]$/, "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      said = said.replaceAll(new RegExp(`${BEFORE}${literal}${AFTER}`, "g"), name);
    }
  }
  return said.replaceAll(ELSEWHERE, "…");
}

/** Rows with portable reasons. */
export function withPortableReasons<Row extends { readonly reason: string }>(
  rows: readonly Row[],
  places: Places,
): Row[] {
  return rows.map((row) => row.reason === "" ? row : { ...row, reason: portable(row.reason, places) });
}
