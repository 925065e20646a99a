/** What an executor is: the way the units of a sweep get computed. */
import type { Flags } from "../flags/flags.ts";
import type { Request } from "../run/request.ts";
import type { Console } from "../run/progress.ts";

/** One way to run a sweep. The same sweep gives the same rows with every one of them. */
export interface Executor {
  readonly name: string;
  /** For `--help`, without a full stop. */
  readonly summary: string;
  /** Programs that it starts beside `deno`; the command asks for the permission when it is chosen. */
  readonly programs: readonly string[];
  /** Programs that it starts where they exist. */
  readonly optionalPrograms: readonly string[];
  /**
   * Runs a sweep, or sees to it that it is run.
   *
   * @param signal ends it: what is finished is kept
   * @returns the exit status
   */
  run(request: Request, flags: Flags, output: Console, signal: AbortSignal): Promise<number>;
}
