/** Commands that are printed for a user to copy. */

/** A word as a shell takes it back: as it is where nothing in it means something there, else in quotes. */
export function shellWord(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  if (Deno.build.os === "windows") return `"${word.replaceAll('"', '""')}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
