/** The ways a run can end, and the errors that are meant for the user. */

/** Exit statuses of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Something the user asked for that cannot be done; its message is one line and the exit status is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A file cannot be read or written: nothing more can be kept, so the run stops with exit status 1. Its message ends with the way out. */
export class StorageError extends Error {
  override name = "StorageError";
}

/** A computation was asked to stop, and has saved what it could. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** What helps against what the system says, by its code. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOSPC: "make room",
  EDQUOT: "make room",
  EROFS: "make it writable",
  EACCES: "give this user access",
  EPERM: "give this user access",
  ENOTDIR: "a file is where a folder must be: move it away",
  EMFILE: "raise the limit of open files (ulimit -n)",
};

/** The system's code of a failed file operation, e.g. ENOSPC; undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/**
 * What the system says as a sentence with the way out, e.g. "Cannot write to DIR: No space left on device (os error 28); make room".
 *
 * @returns any other error as it is
 */
export function storageError(attempt: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new StorageError(`${attempt}: ${oneLine(error)}; ${WAYS_OUT[code] ?? "check the disk"}`, { cause: error });
}

/** The longest message; what is quoted in one may come from anywhere. */
const MAX_LETTERS = 2_000;

/** An error's message on one line, without a stack and without characters that would steer a terminal or turn text around. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const line = text.split(/[\r\n\u2028\u2029]+/).map((part) => part.trim()).filter((part) => part !== "").join(" ");
  const shown = line.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\ufffd");
  return shown.length <= MAX_LETTERS ? shown : `${shown.slice(0, MAX_LETTERS)}…`;
}
