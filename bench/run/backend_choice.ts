/** Which backend computes. */
import { backendEntries, type BackendEntry } from "../../algorithms/tensor/backends.ts";
import { UsageError } from "../../common/errors.ts";

/** A backend and why it was taken. */
export interface BackendChoice {
  readonly name: string;
  readonly reason: string;
}

/**
 * Takes the backend asked for, or, for "auto", the first of the table that works here: the embedded one, so that results do not
 * depend on what else is installed.
 *
 * @throws UsageError when the one asked for does not work here
 */
export async function decideBackend(
  request: string,
  entries: Readonly<Record<string, BackendEntry>> = backendEntries,
): Promise<BackendChoice> {
  if (request !== "auto") {
    const missing = await entries[request].missing();
    if (missing !== undefined) throw new UsageError(`Cannot use --backend ${request}: ${missing}`);
    return { name: request, reason: "asked for" };
  }
  const passed: string[] = [];
  for (const entry of Object.values(entries)) {
    const missing = await entry.missing();
    if (missing === undefined) {
      return { name: entry.name, reason: ["the first that works here", ...passed].join("; ") };
    }
    passed.push(`not ${entry.name}: ${missing}`);
  }
  throw new UsageError(`No backend works here: ${passed.join("; ")}`);
}
