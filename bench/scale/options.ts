/** Flags of `deno task scale`. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { VERBOSE_HELP } from "../../common/command.ts";
import { userFolder, userPath } from "../../common/user_paths.ts";
import { parseIntegers } from "../flags/numbers.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { FULL, type Size } from "./sweep.ts";

/** What is asked for. */
export interface Options extends Size {
  readonly help: boolean;
  /** Folder of the simulated run. */
  readonly out: string;
  readonly json: string | undefined;
}

/** Text of `--help`. */
export const HELP = `Usage: deno task scale [flags]

Measures what a large sweep costs beside its training: the real planner, coordinator, store, tables, verdicts and report
on simulated results. Each step runs in a process of its own; prints seconds and peak memory of each.

  --seeds N     seeds of the sweep, each 482 units and 9,504 cells (default: ${FULL.seeds}, above 100,000 cells from 5,000 units)
  --shots N     values on the axis of shots, at most ${FULL.shots} (default: ${FULL.shots})
  --steps N     values on the axis of inner steps, at most ${FULL.steps} (default: ${FULL.steps})
  --episodes N  test episodes per cell (default: ${FULL.episodes})
  --out DIR     where the simulated run is kept; one of the same sweep is used again (default: reports/scale)
  --json FILE   write what was measured as JSON too
  --verbose     ${VERBOSE_HELP}
  --help        this text`;

/** @throws UsageError about the first thing that is wrong */
export function parseOptions(argv: readonly string[]): Options {
  const parsed = parseArgs([...argv], {
    string: ["seeds", "shots", "steps", "episodes", "out", "json"],
    boolean: ["help"],
    unknown: (arg: string) => {
      throw new UsageError(
        `Unknown argument "${arg}": see deno task scale --help`,
      );
    },
  });
  requireGivenOnce(argv, ["seeds", "shots", "steps", "episodes", "out", "json"]);
  const count = (name: keyof Size, least: number, most: number) => {
    const text = parsed[name];
    if (text === undefined) return FULL[name];
    const values = parseIntegers(`--${name}`, text, least, most);
    if (values.length !== 1) throw new UsageError(`--${name} takes one number, got ${values.length}`);
    return values[0];
  };
  for (const name of ["out", "json"] as const) {
    if (parsed[name] === "") throw new UsageError(`--${name} needs a value`);
  }
  return {
    help: parsed.help,
    seeds: count("seeds", 1, 100),
    shots: count("shots", 1, FULL.shots),
    steps: count("steps", 2, FULL.steps),
    episodes: count("episodes", 2, 10_000),
    out: parsed.out === undefined ? join(PROJECT_ROOT, "reports", "scale") : userFolder("--out", parsed.out),
    json: parsed.json === undefined ? undefined : userPath("--json", parsed.json),
  };
}
