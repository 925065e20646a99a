/** The ways a run can end, and the errors that are meant for the user. */

/** Exit statuses of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Something the user asked for that cannot be done; its message is one line and the exit status is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The disk (or a quota) is full: nothing more can be kept, so the run stops with exit status 1. */
export class DiskFullError extends Error {
  override name = "DiskFullError";
}

/** Whether an error of a file operation says that there is no space left. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFullError) return true;
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  return code === "ENOSPC" || code === "EDQUOT" || /no space left on device|disk quota exceeded/i.test(error.message);
}

/** An error's message on one line, without a stack. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "").join(" ");
}
