/** The command line of `deno task nightly`. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../common/errors.ts";
import { VERBOSE_HELP } from "../../common/command.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { userFolder, userPath, userRun } from "../../common/user_paths.ts";
import { nearest } from "../../common/suggest.ts";

/** A parsed command line. */
export interface Options {
  readonly help: boolean;
  /** Absolute. */
  readonly history: string;
  readonly accept: boolean;
  /** Whether a night without any baseline to be compared with fails: where it was lost, every night would pass. */
  readonly requireBaseline: boolean;
  /** A finished run to take instead of running; absolute. */
  readonly run: string | undefined;
  /** Flags handed on to the benchmark, what to run among them. */
  readonly bench: readonly string[];
}

/** Where nights are kept unless told otherwise, relative to the project. */
export const DEFAULT_HISTORY = "reports/nightly";
const DEFAULT_PROFILE = "nightly";

const OWN = ["history", "run"];
const PASSED_ON = ["profile", "sweep", "backend", "workers", "data-dir"];
const PATHS = ["sweep", "data-dir"];

/** Text of `--help`. */
export const HELP = `Usage: deno task nightly [flags]

Runs a sweep, adds it to a history of nights and compares it with the last accepted baseline: verdicts, scores against their
noise, counted training cost and speed. Writes summary.md and a chart of the nights.

  --history DIR   folder of the nights (default: ${DEFAULT_HISTORY})
  --accept        run nothing; make the latest night a baseline (only a complete one)
  --run DIR       run nothing; take the finished run in this folder as the night
  --profile NAME  built-in sweep to run (default: ${DEFAULT_PROFILE})
  --sweep FILE    run your own sweep instead
  --backend, --workers, --data-dir
                  as for deno task bench
  --require-baseline
                  end with status 2 where there is no baseline, which may have been lost
  --verbose       ${VERBOSE_HELP}
  --help          this text

Exit status: 0 no regression (or no baseline yet), 1 regressions or a run that failed, is partial or empty, 2 something asked for
cannot be done or the run cannot be compared with any baseline, 130 interrupted.`;

/** @throws UsageError with one line about the first thing that is wrong */
export function parseOptions(argv: readonly string[]): Options {
  const text = [...OWN, ...PASSED_ON];
  const known = [...text, "accept", "require-baseline", "help"];
  const parsed = parseArgs([...argv], {
    string: text,
    collect: text,
    boolean: ["accept", "require-baseline", "help"],
    alias: { h: "help" },
    unknown: (arg: string) => {
      const guess = nearest(arg.replace(/^-+/, "").replace(/=.*$/, ""), known);
      throw new UsageError(
        `Unknown argument "${arg}". ${guess === undefined ? "See --help" : `Did you mean "--${guess}"?`}`,
      );
    },
  }) as Record<string, unknown>;
  const given = (name: string): string | undefined => {
    const values = [parsed[name] ?? []].flat().map(String);
    if (values.length === 0) return undefined;
    if (values.length > 1) throw new UsageError(`--${name} is given ${values.length} times; give it once`);
    if (values[0].trim() === "") throw new UsageError(`--${name} needs a value, see --help`);
    return values[0];
  };
  const [history, run] = OWN.map(given);
  const passed = PASSED_ON.flatMap((name) => {
    const value = given(name);
    if (value === undefined) return [];
    return [`--${name}`, PATHS.includes(name) ? userPath(`--${name}`, value) : value];
  });
  if (parsed.accept === true && (run !== undefined || passed.length > 0)) {
    throw new UsageError(`--accept runs nothing: it goes with --history only, not with ${passed[0] ?? "--run"}`);
  }
  if (run !== undefined && passed.length > 0) {
    throw new UsageError(`--run takes a finished run: it does not go with ${passed[0]}`);
  }
  const chosen = passed.includes("--profile") || passed.includes("--sweep");
  return {
    help: parsed.help === true,
    history: history === undefined ? join(PROJECT_ROOT, DEFAULT_HISTORY) : userFolder("--history", history),
    accept: parsed.accept === true,
    requireBaseline: parsed["require-baseline"] === true,
    run: run === undefined ? undefined : userRun("--run", run),
    bench: chosen ? passed : ["--profile", DEFAULT_PROFILE, ...passed],
  };
}
