/** What is said of a run's file that cannot be read. */
import { join } from "node:path";
import { oneLine, UsageError } from "../../common/errors.ts";
import { shellWord } from "../../common/shell.ts";
import { OUT_FILES } from "./out_folder.ts";

/** How to have the files of a run written again: without its sweep the command would be that of another run, which the folder refuses. */
export function rerunOf(out: string): string {
  const sweep = shellWord(join(out, OUT_FILES.sweep));
  return `run deno task bench with --out ${
    shellWord(out)
  } --sweep ${sweep} again, which computes nothing that the store has`;
}

/**
 * The error about a table that its reader refuses. One that is as the run wrote it and lacks a column is not damaged: another version wrote it.
 *
 * @param asWritten whether the file is known to be as the run wrote it
 * @param rerun how to run it again
 */
export function unreadable(path: string, error: unknown, asWritten: boolean, rerun: string): UsageError {
  const why = oneLine(error);
  const other = asWritten && /there is no column "/.test(why);
  return new UsageError(
    other
      ? `${path} was written by an older version (${why}); ${rerun}, and recomputes what its code has changed since`
      : `${path} is damaged (${why}); ${rerun}`,
  );
}
