/** The command lines of tasks about one run: those that may write somewhere else, and those that do not. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { userFolder, userPath, userRun } from "../../common/user_paths.ts";

/** What such a task was asked for. */
export interface RunAndOut {
  readonly help: boolean;
  /** The run named by its place, absolute; undefined where none is. */
  readonly run: string | undefined;
  /** The folder to write to, absolute; undefined where none is named. */
  readonly out: string | undefined;
  /** Switches that are on. */
  readonly switches: ReadonlySet<string>;
}

/**
 * Parses `[DIR] [--out DIR]` and some switches.
 *
 * @param task for messages
 * @throws UsageError with one line about the first thing that is wrong
 */
export function runAndOut(task: string, argv: readonly string[], switches: readonly string[]): RunAndOut {
  const takes = `deno task ${task} takes ${["DIR", "--out DIR", ...switches.map((name) => `--${name}`)].join(", ")}`;
  const parsed = parseArgs([...argv], {
    string: ["out", "_"],
    boolean: ["help", ...switches],
    collect: ["out"],
    unknown: (arg: string) => {
      if (!arg.startsWith("-")) return true;
      throw new UsageError(`Unknown flag "${arg}": ${takes}`);
    },
  }) as Record<string, unknown> & { readonly _: readonly unknown[] };
  const outs = [parsed.out ?? []].flat().map(String);
  if (outs.length > 1) throw new UsageError(`--out is given ${outs.length} times; give it once`);
  if (outs[0] === "") throw new UsageError("--out needs a value");
  if (parsed._.length > 1) throw new UsageError(`${parsed._.length} folders are named, but ${takes}`);
  return {
    help: parsed.help === true,
    run: parsed._.length === 0 ? undefined : userRun("DIR", String(parsed._[0])),
    out: outs.length === 0 ? undefined : userFolder("--out", outs[0]),
    switches: new Set(switches.filter((name) => parsed[name] === true)),
  };
}

/** What a task about one run, which writes nowhere else, was asked for. */
export interface OneRun {
  readonly help: boolean;
  /** The run as its user named it, and by what; undefined where none is named. */
  readonly named: { readonly what: "DIR" | "--out"; readonly text: string } | undefined;
  /** Switches that are on. */
  readonly switches: ReadonlySet<string>;
}

/**
 * Parses `[DIR]`, or `[--out DIR]`, which is the same, and some switches.
 *
 * @param task for messages
 * @throws UsageError with one line about the first thing that is wrong
 */
export function oneRun(task: string, argv: readonly string[], switches: readonly string[]): OneRun {
  requireGivenOnce(argv, ["out"]);
  const parsed = parseArgs([...argv], {
    string: ["out", "_"],
    boolean: ["help", ...switches],
    collect: ["out"],
    unknown: (arg: string) => {
      if (!arg.startsWith("-")) return true;
      const takes = ["DIR (or --out DIR)", ...switches.map((name) => `--${name}`)].join(", ");
      throw new UsageError(`Unknown argument "${arg}": deno task ${task} takes ${takes}`);
    },
  }) as Record<string, unknown> & { readonly _: readonly unknown[] };
  const named = [
    ...parsed._.map((text) => ({ what: "DIR", text: String(text) } as const)),
    ...[parsed.out ?? []].flat().map((text) => ({ what: "--out", text: String(text) } as const)),
  ];
  if (named.some(({ text }) => text === "")) throw new UsageError("--out needs a value");
  const places = new Set(named.map(({ what, text }) => userPath(what, text)));
  if (places.size > 1) {
    throw new UsageError(
      `${named.length} runs are named (${named.map(({ text }) => text).join(", ")}), but deno task ${task} takes one`,
    );
  }
  return {
    help: parsed.help === true,
    named: named[0],
    switches: new Set(switches.filter((name) => parsed[name] === true)),
  };
}
