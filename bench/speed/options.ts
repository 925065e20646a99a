/** The command line of `deno task speed`. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../common/errors.ts";
import { parseIntegers, parseNames } from "../flags/numbers.ts";
import { VERBOSE_HELP } from "../../common/command.ts";
import { userPath } from "../../common/user_paths.ts";
import { nearest, unknownName } from "../../common/suggest.ts";
import type { SystemName } from "./types.ts";

/** A parsed command line. */
export interface Options {
  readonly help: boolean;
  readonly workloads: readonly string[];
  /** Undefined: what works here and is worth measuring. */
  readonly backends: readonly string[] | undefined;
  readonly systems: readonly SystemName[];
  /** Numbers of cores that one process may use; one measurement each. */
  readonly cores: readonly number[];
  /** Processes at once for the whole machine's figure; 1 leaves it out. */
  readonly processes: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Absolute. */
  readonly json: string | undefined;
  /** The Python of the peers; undefined when they are not asked for. */
  readonly python: string | undefined;
  readonly memory: boolean;
}

/** Names that the flags choose among. */
export interface Choices {
  readonly workloads: readonly string[];
  /** Names of workloads that are chosen together; those of the first are measured unless told. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Algorithms that train and have no workload yet. */
  readonly unmeasured: readonly string[];
  readonly backends: readonly string[];
  /** Cores of this machine. */
  readonly cores: number;
}

/** All systems; those after the first need `--peers`. */
export const SYSTEMS: readonly SystemName[] = ["ours", "torch-loop", "torch-func", "torch-compile", "jax"];

/** What `--memory` measures unless `--workloads` says otherwise. */
export const MEMORY_WORKLOADS: readonly string[] = ["sinusoid-maml-s1", "conv4-maml-s5"];

/** The Python of `--peers` without a value. */
const PYTHON = "python3";
const SECONDS = 2;

/** Text of `--help`. */
export function helpText({ groups, unmeasured, backends, cores }: Choices): string {
  const [first] = Object.keys(groups);
  return `Usage: deno task speed [flags]

Times one training iteration (or one adaptation to 600 test episodes) of fixed workloads on synthetic inputs, each system in a
process of its own, all in turn; prints a table with ratios. Needs no data.

  --workloads LIST  which, by names, patterns such as "conv4-*", or groups (default: ${first}; see below)
  --backend LIST    of ${backends.join(", ")} (default: those that work here, cpu and software WebGPU apart)
  --cores LIST      cores that one process may use; measured once for each number (default: 1)
  --processes N     processes at once, one per core, for the whole machine's figure; 1 leaves it out (default: ${cores})
  --seconds S       of each measurement, after a warm-up (default: ${SECONDS})
  --peers [PYTHON]  race PyTorch and JAX, where this Python has them (default: not; without a value: ${PYTHON})
  --systems LIST    of ${SYSTEMS.join(", ")} (default: ours, with --peers all)
  --memory          also watch the memory of sinusoid trainings over 10,000 iterations
                    (default workloads then: ${MEMORY_WORKLOADS.join(", ")})
  --json FILE       write what was measured as a JSON array, one object per line of the table
  --verbose         ${VERBOSE_HELP}
  --help            this text

Workloads by group:
${Object.entries(groups).map(([name, all]) => `  ${name}: ${all.join(", ")}`).join("\n")}${
    unmeasured.length === 0 ? "" : `\nAlgorithms without a workload: ${unmeasured.join(", ")}`
  }

Exit status: 0 all measured (peers that are not installed are named), 1 a measurement failed or a peer computes another
meta-gradient, 2 something asked for cannot be done.`;
}

const VALUED = ["workloads", "backend", "cores", "processes", "seconds", "peers", "systems", "json"];
const SWITCHES = ["memory", "help"];

/** @throws UsageError with one line about the first thing that is wrong */
export function parseOptions(argv: readonly string[], choices: Choices): Options {
  for (const arg of argv) {
    const assigned = /^--([^=]+)=(.*)$/.exec(arg);
    if (assigned !== null && SWITCHES.includes(assigned[1])) {
      throw new UsageError(`--${assigned[1]} takes no value, got "${assigned[2]}"`);
    }
  }
  const parsed = parseArgs([...argv], {
    string: VALUED,
    boolean: SWITCHES,
    collect: VALUED,
    alias: { h: "help" },
    unknown: (arg: string) => {
      const name = arg.replace(/^-+/, "").replace(/=.*$/, "");
      const guess = arg.startsWith("-") ? nearest(name, [...VALUED, ...SWITCHES]) : undefined;
      throw new UsageError(
        `Unknown argument "${arg.replace(/=.*$/, "")}". ${
          guess === undefined ? "See --help" : `Did you mean "--${guess}"?`
        }`,
      );
    },
  }) as Record<string, unknown>;
  const given = (name: string): string | undefined => {
    const values = [parsed[name] ?? []].flat().map(String);
    if (values.length > 1) throw new UsageError(`--${name} is given ${values.length} times; give it once`);
    if (values.length === 1 && values[0].trim() === "" && name !== "peers") {
      throw new UsageError(`--${name} needs a value, see --help`);
    }
    return values[0];
  };
  const chosen = <T extends string>(flag: string, kind: string, known: readonly T[]): T[] | undefined => {
    const text = given(flag);
    if (text === undefined) return undefined;
    const names = parseNames(`--${flag}`, text);
    for (const name of names) {
      if (!(known as readonly string[]).includes(name)) {
        throw new UsageError(`--${flag}: ${unknownName(kind, name, known)}`);
      }
    }
    return known.filter((name) => names.includes(name));
  };
  const python = given("peers");
  const json = given("json");
  const systems = chosen("systems", "system", SYSTEMS) ?? (python === undefined ? ["ours" as const] : SYSTEMS);
  const peer = systems.find((name) => name !== "ours");
  if (peer !== undefined && python === undefined) {
    throw new UsageError(`--systems ${peer} is a peer: say with --peers which Python has it`);
  }
  const memory = parsed.memory === true;
  return {
    help: parsed.help === true,
    workloads: workloadsOf(given("workloads"), choices) ??
      (memory ? MEMORY_WORKLOADS : Object.values(choices.groups)[0]),
    backends: chosen("backend", "backend", choices.backends),
    systems,
    cores: coresOf("--cores", given("cores") ?? "1", choices.cores),
    processes: processesOf(given("processes"), choices.cores),
    seconds: secondsOf(given("seconds") ?? String(SECONDS)),
    json: json === undefined ? undefined : userPath("--json", json),
    python: python === undefined ? undefined : pythonOf(python.trim()),
    memory,
  };
}

/** The workloads that a list names, in the table's order; undefined without one. */
function workloadsOf(text: string | undefined, { workloads, groups }: Choices): string[] | undefined {
  if (text === undefined) return undefined;
  const named = parseNames("--workloads", text).flatMap((part) => {
    if (Object.hasOwn(groups, part)) return groups[part];
    if (workloads.includes(part)) return [part];
    const matching = part.includes("*") ? workloads.filter((name) => matches(name, part)) : [];
    if (matching.length > 0) return matching;
    const known = [...Object.keys(groups), ...workloads];
    throw new UsageError(`--workloads: ${unknownName("workload", part, known)}`);
  });
  return workloads.filter((name) => named.includes(name));
}

/** Whether a name is what a pattern says, whose asterisks stand for any letters. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[^\w-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

/** A Python by its name on the PATH, or by its path. */
function pythonOf(text: string): string {
  if (text === "") return PYTHON;
  return /[/\\~]/.test(text) ? userPath("--peers", text) : text;
}

function coresOf(flag: string, text: string, most: number): number[] {
  const values = parseIntegers(flag, text, 1);
  const largest = values[values.length - 1];
  if (largest > most) throw new UsageError(`${flag} "${text}": this machine has ${most} cores, not ${largest}`);
  return values;
}

function processesOf(text: string | undefined, cores: number): number {
  if (text === undefined) return cores;
  const values = coresOf("--processes", text, cores);
  if (values.length !== 1) throw new UsageError(`--processes takes one number, got ${values.length}`);
  return values[0];
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new UsageError(`--seconds "${text}": expected a number of seconds above 0, at most 3600`);
  }
  return seconds;
}
