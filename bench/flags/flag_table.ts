/** Every flag of `deno task bench`, and its help. */
import { VERBOSE_HELP } from "../../common/command.ts";
import { EPISODE_STYLE_NAMES } from "../../data/contract/episode_styles.ts";
import { NORMS, TASK_STARTS } from "../../common/vocabulary.ts";

/** The parts of a run, in their order after "all". */
export const STAGES = ["all", "tune", "train", "report"] as const;
/** A part of a run; "all" is one after the other. */
export type Stage = typeof STAGES[number];

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

/** How long a sweep in rounds goes on. */
export const UNTIL = ["decided", "round"] as const;
/** How long a sweep in rounds goes on. */
export type Until = typeof UNTIL[number];

/** Default of `--budget`, seconds. */
export const BUDGET_S = 300;
/** Default of `--checkpoint-every`, seconds. */
export const CHECKPOINT_S = 60;
/** Default of `--stall-after`, seconds. */
export const STALL_S = 600;
const SWEEPS_OWN = "the sweep's own";

/** Every flag of `deno task bench`, in the order of `--help`. */
export function flagTable(choices: FlagChoices): readonly FlagEntry[] {
  return [
    { name: "profile", value: choices.profiles.join("|"), help: "built-in sweep to run", default: "quick" },
    {
      name: "sweep",
      value: "FILE",
      help: "run your own sweep, see docs/sweeps.md, or the sweep.json of a run",
      default: "none",
    },
    {
      name: "print-sweep",
      value: choices.profiles.join("|"),
      help:
        "print a built-in sweep as JSON, to start your own from, and do nothing else; with the axes below, if given",
      default: "off",
    },
    {
      name: "datasets",
      value: "LIST",
      help: "data sets, by name; images:PATH and table:PATH.csv are your own, see docs/own_data.md",
      default: SWEEPS_OWN,
    },
    {
      name: "data-options",
      value: "LIST",
      help: "how your own data is read, e.g. size=32,colour=rgb,model=conv4",
      default: "see docs/own_data.md",
    },
    {
      name: "test-on",
      value: "LIST",
      help: "other data sets whose test episodes everything is scored on too, named as in --datasets",
      default: SWEEPS_OWN,
    },
    {
      name: "training-classes",
      value: "LIST",
      help: "training classes there are (classification): numbers, or all",
      default: SWEEPS_OWN,
    },
    {
      name: "algorithms",
      value: "LIST",
      help: "algorithms, by name; all for all that fit the data, and -NAME takes one away: all,-scratch",
      default: SWEEPS_OWN,
    },
    { name: "shots", value: "LIST", help: "support examples per class or task, e.g. 1,5", default: SWEEPS_OWN },
    {
      name: "ways",
      value: "LIST",
      help: "classes per task, e.g. 5,20; each is a data set of the run",
      default: SWEEPS_OWN,
    },
    { name: "episode-styles", value: "LIST", help: EPISODE_STYLE_NAMES.join(", "), default: SWEEPS_OWN },
    { name: "inner-steps", value: "LIST", help: "gradient steps of adaptation, e.g. 0,1,5-10", default: SWEEPS_OWN },
    { name: "sharing-depths", value: "LIST", help: "leading layers that all tasks share", default: SWEEPS_OWN },
    { name: "seeds", value: "LIST", help: "training seeds, e.g. 0-4,7; without rounds", default: SWEEPS_OWN },
    {
      name: "until",
      value: UNTIL.join("|"),
      help:
        "decided: train seeds in rounds, each twice as many, for the comparisons that are still open; round: the first round only",
      default: `${SWEEPS_OWN}: decided where it has rounds`,
    },
    {
      name: "budget",
      value: "TIME",
      help: "no further round that is not likely to end within this time of the start, e.g. 90s, 5m, 2h",
      default: `${BUDGET_S / 60}m`,
    },
    {
      name: "adapters",
      value: "LIST",
      help: "ways to adapt a state to a task, by name: deno task list",
      default: SWEEPS_OWN,
    },
    { name: "training-tasks", value: "LIST", help: "training tasks there are: numbers, or fresh", default: SWEEPS_OWN },
    { name: "norms", value: "LIST", help: NORMS.join(", "), default: SWEEPS_OWN },
    {
      name: "adapt-depths",
      value: "LIST",
      help: "leading layers frozen at test time: native or a number",
      default: SWEEPS_OWN,
    },
    {
      name: "task-starts",
      value: "LIST",
      help: `start of a new task's own layers: ${TASK_STARTS.join(", ")}`,
      default: SWEEPS_OWN,
    },
    {
      name: "backend",
      value: ["auto", ...choices.backends].join("|"),
      help: "what computes",
      default: "auto: the first that works here, wasm first",
    },
    {
      name: "executor",
      value: choices.executors.join("|"),
      help: "what the units run on",
      default: "local: worker processes on this machine",
    },
    {
      name: "sbatch",
      value: "NAME[=VALUE]",
      help: "option of sbatch for --executor slurm, such as partition=gpu; may be repeated",
      default: "the cluster's",
    },
    { name: "slurm", value: "FILE", help: "JSON file of such options and more, see docs/cluster.md", default: "none" },
    {
      name: "task-minutes",
      value: "N",
      help: "what a task of a job array is to take, about",
      default: "30, or half of a shorter time limit",
    },
    { name: "wait", help: "with --executor slurm, wait until all jobs have ended", default: "off" },
    {
      name: "workers",
      value: "N",
      help: "worker processes, one training unit each at a time; on a cluster, of each task",
      default: `${choices.cores}, the cores of this machine; on a cluster 1`,
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
    {
      name: "serve",
      value: "[PORT]",
      help: "show the run on a page of this machine while it computes; without a port on a free one",
      default: "off",
    },
    { name: "verbose", help: VERBOSE_HELP, default: "off" },
    { name: "help", help: "this text; also -h", default: "off" },
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
    "Usage: deno task bench [DIR] [flags]",
    "",
    "Trains multi-task learning and the MAML family on the same tasks and scores them on the same test episodes.",
    "Stop it anywhere and run it again: only what is missing is computed. DIR, with a slash in it, is the same as --out DIR.",
    "",
    ...lines,
    "",
    "Lists are comma-separated; numbers may be ranges: 0-4,7, and each counts once. Exit status: 0 all cells computed, 1 some cell failed,",
    "2 something asked for cannot be done, 130 interrupted. Paths are relative to where you stand.",
  ].join("\n");
}
