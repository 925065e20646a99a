/** The command line of `deno task bench`, parsed; its flags are in `flag_table.ts`. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../common/errors.ts";
import {
  BUDGET_S,
  CHECKPOINT_S,
  type FlagChoices,
  flagTable,
  type Stage,
  STAGES,
  STALL_S,
  UNTIL,
  type Until,
} from "./flag_table.ts";
import { isFolder, placeOf } from "./place.ts";
import { parseDuration, parseIntegers, parseNames, parsePort } from "./numbers.ts";
import { parseShard, type Shard } from "../plan/shard.ts";
import type { Overrides } from "../sweeps/overrides.ts";
import { nearest, unknownName } from "../../common/suggest.ts";
import { dataFolder, userFolder, userPath } from "../../common/user_paths.ts";
import { EPISODE_STYLE_NAMES } from "../../data/contract/episode_styles.ts";
import { NORMS, TASK_STARTS } from "../../common/vocabulary.ts";

/** What is meant for a cluster's scheduler. */
export interface ClusterFlags {
  /** Path of a file with options. */
  readonly file: string | undefined;
  /** "name=value" or "name" each. */
  readonly sbatch: readonly string[];
  readonly taskMinutes: number | undefined;
  /** Until all jobs have ended. */
  readonly wait: boolean;
}

/** A parsed command line of `deno task bench`. */
export interface Flags {
  readonly help: boolean;
  /** Undefined when a sweep file is given instead. */
  readonly profile: string | undefined;
  readonly sweepFile: string | undefined;
  /** A built-in sweep that is only printed; undefined: none. */
  readonly printSweep: string | undefined;
  readonly overrides: Overrides;
  /** "name=value" each: how data of one's own is read. */
  readonly dataOptions: readonly string[];
  /** How long to go on in rounds; undefined: as the sweep says. */
  readonly until: Until | undefined;
  /** Seconds from the start after which no further round is begun. */
  readonly budgetS: number;
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
  readonly cluster: ClusterFlags;
  readonly out: string | undefined;
  readonly store: string | undefined;
  readonly dataDir: string | undefined;
  readonly dryRun: boolean;
  readonly fresh: boolean;
  readonly failFast: boolean;
  readonly quiet: boolean;
  /** Port of the page that shows the run; 0: a free one; undefined: no page. */
  readonly serve: number | undefined;
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
    if (arg === "--") throw new UsageError('Unexpected "--": every argument but the folder is a flag, see --help');
  }
  const parsed = parseArgs([...argv], {
    string: [...valued, "_"],
    boolean: switches,
    collect: valued,
    alias: { h: "help" },
    unknown: (arg: string) => {
      if (isFolder(arg)) return true;
      if (!arg.startsWith("-")) {
        throw new UsageError(
          `Unexpected argument "${arg}": the run's folder is written with a slash, as in ./${
            arg || "DIR"
          }, and everything else is a flag, see --help`,
        );
      }
      // A number below zero, or what a list leaves out, as in --algorithms=-maml,-anil.
      if (/^-\.?\d|^-(?!-)[^=]+,/.test(arg)) {
        throw new UsageError(`"${arg}" is no flag; if it is meant as a value, write it with "=", as in --NAME=${arg}`);
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
  const each = (name: string): string[] => {
    const given = [parsed[name] ?? []].flat().map(String);
    if (given.some((value) => value.trim() === "")) throw new UsageError(`--${name} needs a value, see --help`);
    return given;
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

  const chosenOne = <T extends string>(name: string, kind: string, known: readonly T[]): T | undefined => {
    const values = chosen(name, kind, known);
    if (values === undefined || values.length === 1) return values?.[0];
    throw new UsageError(`--${name} takes one of ${known.join(", ")}, got ${values.length}`);
  };

  const help = parsed.help === true;
  const path = (name: string): string | undefined => {
    const given = text(name);
    return given === undefined ? undefined : userPath(`--${name}`, given);
  };
  const dataDir = text("data-dir");
  const folder = (name: string): string | undefined => {
    const given = text(name);
    return given === undefined ? undefined : userFolder(`--${name}`, given);
  };
  const out = placeOf((parsed._ ?? []) as unknown[], folder("out"));
  const sweepFile = path("sweep");
  const profile = text("profile");
  if (sweepFile !== undefined && profile !== undefined) {
    throw new UsageError("--profile and --sweep exclude each other: both say which sweep to run");
  }
  if (profile !== undefined) checkKnown("--profile", [profile], "profile", choices.profiles);
  const printSweep = text("print-sweep");
  if (printSweep !== undefined) checkKnown("--print-sweep", [printSweep], "profile", choices.profiles);
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

  const until = chosenOne("until", "end", UNTIL);
  if (until === "decided" && text("seeds", true) !== undefined) {
    throw new UsageError(
      "--until decided and --seeds exclude each other: rounds choose their own seeds; a sweep file can say both, in rounds and seeds",
    );
  }
  const budget = text("budget");

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

  const cluster = {
    file: path("slurm"),
    sbatch: each("sbatch"),
    taskMinutes: one("task-minutes", 1, 100_000),
    wait: parsed.wait === true,
  };
  if (executor === "slurm" && (shard !== undefined || stage !== "all")) {
    throw new UsageError("--executor slurm deals out all stages itself: leave --shard and --stage out");
  }
  if (executor !== "slurm") {
    const stray = ["slurm", "sbatch", "task-minutes"].find((name) => each(name).length > 0) ??
      (cluster.wait ? "wait" : undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} is for a cluster: add --executor slurm`);
  }

  const pages = [parsed.serve ?? []].flat().map(String);
  if (pages.length > 1) throw new UsageError(`--serve is given ${pages.length} times; give it once`);
  const serve = pages.length === 0 ? undefined : parsePort("--serve", pages[0]);
  if (serve !== undefined && executor === "slurm") {
    throw new UsageError(
      "--serve shows a run on this machine; of one on a cluster, deno task status says how far it is",
    );
  }

  return {
    help,
    profile: sweepFile === undefined ? profile ?? "quick" : undefined,
    sweepFile,
    printSweep,
    overrides: {
      datasets: list("datasets", parseNames),
      testOn: list("test-on", parseNames),
      trainingClasses: list(
        "training-classes",
        (flag, given) =>
          parseNames(flag, given).flatMap<"all" | number>((part) =>
            part === "all" ? ["all" as const] : parseIntegers(flag, part, 2)
          ),
      ),
      algorithms: list("algorithms", parseNames),
      shots: list("shots", (flag, given) => parseIntegers(flag, given, 1)),
      ways: list("ways", (flag, given) => parseIntegers(flag, given, 2)),
      episodeStyles: chosen("episode-styles", "episode style", EPISODE_STYLE_NAMES),
      innerSteps: list("inner-steps", (flag, given) => parseIntegers(flag, given, 0)),
      sharingDepths: list("sharing-depths", (flag, given) => parseIntegers(flag, given, 0)),
      seeds: list("seeds", (flag, given) => parseIntegers(flag, given, 0)),
      adapters: list("adapters", parseNames),
      norms: chosen("norms", "normalisation", NORMS),
      adaptDepths: list("adapt-depths", (_, given) => parseAdaptDepths(given)),
      trainingTasks: list(
        "training-tasks",
        (flag, given) =>
          parseNames(flag, given).flatMap<"fresh" | number>((part) =>
            part === "fresh" ? ["fresh" as const] : parseIntegers(flag, part, 1)
          ),
      ),
      taskStarts: chosen("task-starts", "task start", TASK_STARTS),
    },
    dataOptions: each("data-options").flatMap((given) => parseNames("--data-options", given)),
    until,
    budgetS: budget === undefined ? BUDGET_S : parseDuration("--budget", budget),
    backend,
    executor,
    workers: one("workers", 1, 1024) ?? (executor === "slurm" ? 1 : choices.cores),
    shard,
    stage: stage as Stage,
    checkpointS: limit("checkpoint-every", CHECKPOINT_S),
    stallS: limit("stall-after", STALL_S),
    memoryMib: limit("memory-limit", 0),
    cluster,
    out,
    store: folder("store"),
    dataDir: dataDir === undefined ? undefined : dataFolder("--data-dir", dataDir),
    dryRun: parsed["dry-run"] === true,
    fresh,
    failFast: parsed["fail-fast"] === true,
    quiet: parsed.quiet === true,
    serve,
  };
}
