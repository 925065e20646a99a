/** `deno task nightly`: the command line. */
import { runCommand } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { GRANTED, started, withAccess } from "../../common/permissions.ts";
import { CHOICES } from "../executors/choices.ts";
import { runBench } from "../executors/program.ts";
import { EXIT } from "../../common/errors.ts";
import { shellWord } from "../../common/shell.ts";
import { userPath } from "../../common/user_paths.ts";
import { parseFlags } from "../flags/flags.ts";
import { requestOf } from "../run/request.ts";
import { linkedFolders } from "../nightly/history.ts";
import { night } from "../nightly/night.ts";
import { HELP, parseOptions } from "../nightly/options.ts";

const PROGRAM = { set: "nightly", script: "bench/commands/nightly.ts" };

const isGiven = (path: string | undefined): path is string => path !== undefined;

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv, verbose }) => {
    const options = parseOptions(argv);
    if (options.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    const summary = Deno.env.get("GITHUB_STEP_SUMMARY") || undefined;
    const stepSummary = summary === undefined ? undefined : userPath("GITHUB_STEP_SUMMARY", summary);
    const sweep = options.bench[options.bench.indexOf("--sweep") + 1];
    const elsewhere = await withAccess(PROGRAM, args, {
      read: [options.history, options.run, options.bench.includes("--sweep") ? sweep : undefined].filter(isGiven),
      write: [options.history, stepSummary].filter(isGiven),
    });
    if (elsewhere !== undefined) return elsewhere;
    const linked = linkedFolders(options.history);
    const further = linked.length === 0 ? undefined : await withAccess(PROGRAM, args, {
      read: [options.history, ...linked, options.run].filter(isGiven),
      write: [options.history, ...linked, stepSummary].filter(isGiven),
    });
    if (further !== undefined) return further;
    const given = argv.some((arg) => /^--history(=|$)/.test(arg)) ? ["--history", options.history] : [];
    const { again } = started(args);
    const handedOn = [...Array<string>(again).fill(GRANTED), ...verbose ? ["--verbose"] : []];
    return await night(options, {
      now: () => new Date(),
      print: (line) => console.log(line),
      sweepDigest: (flags) => requestOf(parseFlags(flags, CHOICES)).digest,
      bench: (flags) => runBench([...handedOn, ...flags]),
      stepSummary,
      acceptCommand: ["deno task nightly --accept", ...given.map(shellWord)].join(" "),
    });
  });
}

if (import.meta.main) await runCommand(main);
