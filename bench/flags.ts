/** The command line of `deno task bench`: one table of flags, its parser and its help. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "./errors.ts";
import { parseIntegers, parseNames } from "./numbers.ts";
import { parseShard, type Shard } from "./shard.ts";
import { nearest, unknownName } from "./suggest.ts";
import type { Adaptation, TaskStart } from "./types.ts";

/** Axis values given on the command line; undefined = the sweep's own. */
export interface Overrides {
  readonly datasets?: readonly string[];
  readonly algorithms?: readonly string[];
  readonly shots?: readonly number[];
  readonly innerSteps?: readonly number[];
  readonly sharingDepths?: readonly number[];
  readonly seeds?: readonly number[];
  readonly adaptations?: readonly Adaptation[];
  readonly adaptDepths?: readonly ("native" | number)[];
  readonly taskStarts?: readonly TaskStart[];
}

/** A part of a run; "all" is one after the other. */
export type Stage = typeof STAGES[number];

const STAGES = ["all", "tune", "train", "report"] as const;

/** A parsed command line of `deno task bench`. */
export interface Flags {
  readonly help: boolean;
  /** Undefined when a sweep file is given instead. */
  readonly profile: string | undefined;
  readonly sweepFile: string | undefined;
  readonly overrides: Overrides;
  readonly backend: string;
  readonly executor: string;
  readonly workers: number;
  /** Undefined: all of it. */
  readonly shard: Shard | undefined;
  readonly stage: Stage;
  /** Seconds of training between two checkpoints; Infinity for none. */
  readonly checkpointS: number;
  /** Longest time of a worker without progress, seconds; Infinity for any. */
  readonly stallS: number;
  /** Most memory of a worker, MiB; Infinity for any. */
  readonly memoryMib: number;
  readonly out: string | undefined;
  readonly store: string | undefined;
  readonly dataDir: string | undefined;
  readonly dryRun: boolean;
  readonly fresh: boolean;
  readonly failFast: boolean;
  readonly quiet: boolean;
}

/** Names that flags choose among. */
export interface FlagChoices {
  readonly profiles: readonly string[];
  readonly backends: readonly string[];
  /** The first is the default. */
  readonly executors: readonly string[];
  /** Default of `--workers`. */
  readonly cores: number;
}

interface FlagEntry {
  readonly name: string;
  /** Placeholder of its value; undefined for a switch. */
  readonly value?: string;
  readonly help: string;
  readonly default: string;
}

const ADAPTATIONS: readonly Adaptation[] = ["gradient", "solved-head"];
const TASK_STARTS: readonly TaskStart[] = ["mean", "common", "random"];
const CHECKPOINT_S = 60;
const STALL_S = 600;
const SWEEPS_OWN = "the sweep's own";

/** Every flag of `deno task bench`, in the order of `--help`. */
export function flagTable(choices: FlagChoices): readonly FlagEntry[] {
  return [
    { name: "profile", value: choices.profiles.join("|"), help: "built-in sweep to run", default: "quick" },
    {
      name: "sweep",
      value: "FILE",
      help: "run your own sweep: JSON of the same shape as bench/sweeps/",
      default: "none",
    },
    { name: "datasets", value: "LIST", help: "data sets, by name", default: SWEEPS_OWN },
    { name: "algorithms", value: "LIST", help: "algorithms, by name", default: SWEEPS_OWN },
    { name: "shots", value: "LIST", help: "support examples per class or task, e.g. 1,5", default: SWEEPS_OWN },
    { name: "inner-steps", value: "LIST", help: "gradient steps of adaptation, e.g. 0,1,5-10", default: SWEEPS_OWN },
    { name: "sharing-depths", value: "LIST", help: "leading layers that all tasks share", default: SWEEPS_OWN },
    { name: "seeds", value: "LIST", help: "training seeds, e.g. 0-4,7", default: SWEEPS_OWN },
    { name: "adaptations", value: "LIST", help: "gradient, solved-head", default: SWEEPS_OWN },
    {
      name: "adapt-depths",
      value: "LIST",
      help: "leading layers frozen at test time: native or a number",
      default: SWEEPS_OWN,
    },
    {
      name: "task-starts",
      value: "LIST",
      help: "start of a new task's own layers: mean, common, random",
      default: SWEEPS_OWN,
    },
    {
      name: "backend",
      value: ["auto", ...choices.backends].join("|"),
      help: "what computes",
      default: "auto: the fastest that works here",
    },
    {
      name: "executor",
      value: choices.executors.join("|"),
      help: "what the units run on",
      default: "local: worker processes on this machine",
    },
    {
      name: "workers",
      value: "N",
      help: "worker processes, one training unit each at a time",
      default: `${choices.cores}, the cores of this machine`,
    },
    {
      name: "shard",
      value: "I/N",
      help: "compute only the I-th of N shares of the work; deno task merge puts them together",
      default: "all of it",
    },
    {
      name: "stage",
      value: STAGES.join("|"),
      help: "do one part of a run only: try settings, compute what they chose, write rows and report",
      default: "all",
    },
    {
      name: "checkpoint-every",
      value: "S",
      help: "seconds of training after which a worker saves how far it is, for the next run to go on there; 0: never",
      default: `${CHECKPOINT_S}`,
    },
    {
      name: "stall-after",
      value: "S",
      help: "seconds without progress after which a worker is ended and its unit tried once more; 0: never",
      default: `${STALL_S}`,
    },
    {
      name: "memory-limit",
      value: "MIB",
      help: "resident memory above which a worker is ended and its unit tried once more; 0: any",
      default: "0",
    },
    {
      name: "out",
      value: "DIR",
      help: "folder for rows, timings, manifest and report",
      default: "reports/runs/<sweep name>, of a share with -<I>-of-<N>",
    },
    {
      name: "store",
      value: "DIR",
      help: "folder of the content-addressed results; may be shared between runs",
      default: "<out>/store",
    },
    {
      name: "data-dir",
      value: "DIR",
      help: "folder of downloaded data sets",
      default: "BENCH_DATA_DIR, else data/downloads",
    },
    { name: "dry-run", help: "print the plan and an estimate of its time; write nothing", default: "off" },
    {
      name: "fresh",
      help: "drop this sweep's stored results and what --out holds of an earlier run first",
      default: "off",
    },
    { name: "fail-fast", help: "stop at the first failed unit", default: "off" },
    { name: "quiet", help: "no progress; only the summary", default: "off" },
    { name: "help", help: "this text", default: "off" },
  ];
}

/** Text of `--help`. */
export function helpText(choices: FlagChoices): string {
  const entries = flagTable(choices);
  const heads = entries.map(({ name, value }) => `  --${name}${value === undefined ? "" : ` ${value}`}`);
  const width = Math.max(...heads.filter((head) => head.length <= 30).map((head) => head.length)) + 2;
  const lines = entries.map(({ help, default: normal }, index) => {
    const head = heads[index];
    const text = `${help} (default: ${normal})`;
    return head.length + 2 > width ? `${head}\n${" ".repeat(width)}${text}` : head.padEnd(width) + text;
  });
  return [
    "Usage: deno task bench [flags]",
    "",
    "Trains multi-task learning and the MAML family on the same tasks and scores them on the same test episodes.",
    "Stop it anywhere and run it again: only what is missing is computed.",
    "",
    ...lines,
    "",
    "Lists are comma-separated; numbers may be ranges: 0-4,7. Exit status: 0 all cells computed, 1 some cell failed,",
    "2 something asked for cannot be done, 130 interrupted.",
  ].join("\n");
}

function checkKnown(flag: string, values: readonly string[], kind: string, known: readonly string[]): void {
  for (const value of values) {
    if (!known.includes(value)) throw new UsageError(`${flag}: ${unknownName(kind, value, known)}`);
  }
}

function parseAdaptDepths(text: string): ("native" | number)[] {
  const parts = parseNames("--adapt-depths", text);
  return parts.flatMap<"native" | number>((part) =>
    part === "native" ? ["native" as const] : parseIntegers("--adapt-depths", part, 0)
  );
}

/**
 * Parses and validates a command line.
 *
 * @throws UsageError with one line about the first thing that is wrong
 */
export function parseFlags(argv: readonly string[], choices: FlagChoices): Flags {
  const table = flagTable(choices);
  const names = table.map((entry) => entry.name);
  const valued = table.filter((entry) => entry.value !== undefined).map((entry) => entry.name);
  const switches = table.filter((entry) => entry.value === undefined).map((entry) => entry.name);
  for (const arg of argv) {
    const assigned = /^--([^=]+)=(.*)$/.exec(arg);
    if (assigned !== null && switches.includes(assigned[1])) {
      throw new UsageError(`--${assigned[1]} takes no value, got "${assigned[2]}"`);
    }
    if (arg === "--") throw new UsageError('Unexpected "--": every argument is a flag, see --help');
  }
  const parsed = parseArgs([...argv], {
    string: valued,
    boolean: switches,
    collect: valued,
    alias: { h: "help" },
    unknown: (arg: string) => {
      if (!arg.startsWith("-")) {
        throw new UsageError(`Unexpected argument "${arg}": every argument is a flag, see --help`);
      }
      const name = arg.replace(/^-+/, "").replace(/=.*$/, "");
      const guess = nearest(name, names);
      const hint = guess === undefined ? "See --help" : `Did you mean "--${guess}"?`;
      throw new UsageError(`Unknown flag "${arg.replace(/=.*$/, "")}". ${hint}`);
    },
  }) as Record<string, unknown>;

  const text = (name: string, repeatable = false): string | undefined => {
    const given = [parsed[name] ?? []].flat().map(String);
    if (given.length === 0) return undefined;
    if (given.length > 1 && !repeatable) throw new UsageError(`--${name} is given ${given.length} times; give it once`);
    if (given.some((value) => value.trim() === "")) throw new UsageError(`--${name} needs a value, see --help`);
    return given.join(",");
  };
  const list = <T>(name: string, parse: (flag: string, text: string) => T): T | undefined => {
    const given = text(name, true);
    return given === undefined ? undefined : parse(`--${name}`, given);
  };
  const chosen = <T extends string>(name: string, kind: string, known: readonly T[]): T[] | undefined =>
    list(name, (flag, given) => {
      const values = parseNames(flag, given);
      checkKnown(flag, values, kind, known);
      return values as T[];
    });

  const help = parsed.help === true;
  const sweepFile = text("sweep");
  const profile = text("profile");
  if (sweepFile !== undefined && profile !== undefined) {
    throw new UsageError("--profile and --sweep exclude each other: both say which sweep to run");
  }
  if (profile !== undefined) checkKnown("--profile", [profile], "profile", choices.profiles);
  const backend = text("backend") ?? "auto";
  checkKnown("--backend", [backend], "backend", ["auto", ...choices.backends]);
  const executor = text("executor") ?? choices.executors[0];
  checkKnown("--executor", [executor], "executor", choices.executors);
  const one = (name: string, least: number, most?: number): number | undefined => {
    const numbers = list(name, (flag, given) => parseIntegers(flag, given, least, most));
    if (numbers === undefined || numbers.length === 1) return numbers?.[0];
    throw new UsageError(`--${name} takes one number, got ${numbers.length}`);
  };
  /** Zero lifts the limit. */
  const limit = (name: string, normal: number) => (one(name, 0) ?? normal) || Infinity;

  const shardText = text("shard");
  const shard = shardText === undefined ? undefined : parseShard("--shard", shardText);
  const stage = text("stage") ?? "all";
  checkKnown("--stage", [stage], "stage", STAGES);
  const fresh = parsed.fresh === true;
  if (fresh && (shard !== undefined || stage !== "all")) {
    const other = shard === undefined ? "stage" : "shard";
    throw new UsageError(
      `--fresh and --${other} exclude each other: a part of a run may not drop what other parts have computed. Remove the folders instead`,
    );
  }
  if (shard !== undefined && stage === "report") {
    throw new UsageError(
      "--shard and --stage report exclude each other: a share has no report, deno task merge writes it",
    );
  }

  return {
    help,
    profile: sweepFile === undefined ? profile ?? "quick" : undefined,
    sweepFile,
    overrides: {
      datasets: list("datasets", parseNames),
      algorithms: list("algorithms", parseNames),
      shots: list("shots", (flag, given) => parseIntegers(flag, given, 1)),
      innerSteps: list("inner-steps", (flag, given) => parseIntegers(flag, given, 0)),
      sharingDepths: list("sharing-depths", (flag, given) => parseIntegers(flag, given, 0)),
      seeds: list("seeds", (flag, given) => parseIntegers(flag, given, 0)),
      adaptations: chosen("adaptations", "adaptation", ADAPTATIONS),
      adaptDepths: list("adapt-depths", (_, given) => parseAdaptDepths(given)),
      taskStarts: chosen("task-starts", "task start", TASK_STARTS),
    },
    backend,
    executor,
    workers: one("workers", 1, 1024) ?? choices.cores,
    shard,
    stage: stage as Stage,
    checkpointS: limit("checkpoint-every", CHECKPOINT_S),
    stallS: limit("stall-after", STALL_S),
    memoryMib: limit("memory-limit", 0),
    out: text("out"),
    store: text("store"),
    dataDir: text("data-dir"),
    dryRun: parsed["dry-run"] === true,
    fresh,
    failFast: parsed["fail-fast"] === true,
    quiet: parsed.quiet === true,
  };
}
