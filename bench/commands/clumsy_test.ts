import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { main as scaleOf } from "./scale.ts";
import { main as dataOf } from "./data.ts";
import { main as figuresOf } from "./figures.ts";
import { main as listOf } from "./list.ts";
import { main as mergeOf } from "./merge.ts";
import { main as nightlyOf } from "./nightly.ts";
import { main as reportOf } from "./report.ts";
import { main as speedOf } from "./speed.ts";
import { main as statusOf } from "./status.ts";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";

/** What a command said on standard error, and its status. */
interface Said {
  readonly code: number;
  readonly err: string;
}

/** Runs a command that writes to the console. */
async function consoled(run: () => number | Promise<number>): Promise<Said> {
  const { error } = console;
  const lines: string[] = [];
  console.error = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    return { code: await run(), err: lines.map((line) => `${line}\n`).join("") };
  } finally {
    console.error = error;
  }
}

async function shown(
  run: (output: NonNullable<Parameters<typeof statusOf>[1]>) => Promise<number>,
): Promise<Said> {
  let err = "";
  const screen = { terminal: false, columns: () => 80, write: (text: string) => void (err += text) };
  return { code: await run({ print: () => {}, screen }), err };
}

const DOORS: Readonly<Record<string, (argv: string[]) => Promise<Said>>> = {
  bench: (argv) => cli(...argv),
  status: (argv) => shown((output) => statusOf(argv, output)),
  merge: (argv) => shown((output) => mergeOf(argv, output)),
  report: (argv) => consoled(() => reportOf(argv)),
  figures: (argv) => consoled(() => figuresOf(argv)),
  list: (argv) => consoled(() => listOf(argv)),
  nightly: (argv) => consoled(() => nightlyOf(argv)),
  speed: (argv) => consoled(() => speedOf(argv)),
  scale: (argv) => consoled(() => scaleOf(argv)),
  data: async (argv) => {
    const lines: string[] = [];
    const code = await dataOf(argv, (line) => void lines.push(line));
    return { code, err: lines.map((line) => `${line}\n`).join("") };
  },
};

/** What people type, of a folder with a run in "run", its table "run/cells.csv", and "none", which is not there. */
const CLUMSY: readonly (readonly [door: string, argv: string, message: RegExp])[] = [
  [
    "merge",
    "FOLDER/run --out FOLDER/m --data-dir FOLDER/run/cells.csv",
    /--data-dir .*: is a file, so it is not a folder/,
  ],
  ["bench", "--profile smoke --data-dir FOLDER/run/cells.csv", /--data-dir .*: is a file, so it is not a folder/],
  [
    "status",
    "--out FOLDER/run/cells.csv",
    /--out .*cells\.csv: is a file, so it is not a folder; name the folder of a run/,
  ],
  ["status", "--out FOLDER/run/cells.csv/x", /lies behind a file, so it is not a folder; name the folder of a run/],
  ["status", "--out FOLDER/run --out FOLDER/none", /--out is given 2 times; give it once/],
  [
    "report",
    "--out FOLDER/run/cells.csv",
    /--out .*cells\.csv: is a file, so it is not a folder; choose another --out/,
  ],
  ["report", "--out FOLDER/run --out=FOLDER/none", /--out is given 2 times; give it once/],
  ["report", "--out FOLDER/none", /none holds no run; deno task bench makes one/],
  ["figures", "FOLDER/run/cells.csv", /DIR .*cells\.csv: is a file, so it is not a folder; name the folder of a run/],
  [
    "figures",
    "FOLDER/run --out FOLDER/run/cells.csv",
    /--out .*: is a file, so it is not a folder; choose another --out/,
  ],
  ["figures", "FOLDER/run --out a --out b", /--out is given 2 times; give it once/],
  ["figures", "FOLDER/run FOLDER/run", /Cannot draw 2 runs at once/],
  [
    "merge",
    "FOLDER/run/cells.csv --out FOLDER/m",
    /DIR .*: is a file, so it is not a folder; name the folder of a run/,
  ],
  [
    "merge",
    "FOLDER/run --out FOLDER/run/cells.csv",
    /--out .*: is a file, so it is not a folder; choose another --out/,
  ],
  ["merge", "FOLDER/run --out FOLDER/m --out FOLDER/n", /--out is given 2 times; give it once/],
  [
    "merge",
    "FOLDER/run --out FOLDER/run/store",
    /--out .*store is a store, which keeps results of runs; choose another --out/,
  ],
  ["merge", "FOLDER/run --out FOLDER/run/report", /--out .*report is the report of a run; choose another --out/],
  ["bench", "--sweep FOLDER/sweep.json --out FOLDER/run/store", /--out .* is a store, which .*; choose another --out/],
  [
    "bench",
    "--sweep FOLDER/sweep.json --out FOLDER/run/report",
    /--out .* is the report of a run; choose another --out/,
  ],
  [
    "bench",
    "--sweep FOLDER/sweep.json --out FOLDER/run --store FOLDER/run",
    /--store .*run is --out too: a store has a folder of its own; leave --store out/,
  ],
  ["bench", "--sweep FOLDER/sweep.json --store FOLDER/run/cells.csv", /--store .*: is a file, so it is not a folder/],
  ["bench", "--profile smoke --checkpoint-every -5", /"-5" is no flag; .* write it with "=", as in --NAME=-5/],
  ["bench", "--profile smoke --out FOLDER/a\nb", /choose a path without line ends and other control characters/],
  ["bench", "--sweep FOLDER/run/plan.json", /unknown key/],
  ["bench", "--sweep FOLDER/run", /--sweep .*run: is not a file/],
  ["nightly", "--run FOLDER/run/cells.csv --history FOLDER/h", /--run .*: is a file, so it is not a folder/],
  [
    "nightly",
    "--history FOLDER/run/cells.csv",
    /--history .*: is a file, so it is not a folder; choose another --history/,
  ],
  ["nightly", "--history a --history b", /--history is given 2 times; give it once/],
  ["scale", "--out FOLDER/run/cells.csv", /--out .*: is a file, so it is not a folder; choose another --out/],
  ["scale", "--seeds 1 --seeds 2", /--seeds is given 2 times; give it once/],
  ["speed", "--cores 1 --cores 2", /--cores is given 2 times; give it once/],
  ["speed", "--json \u001b[2J", /choose a path without line ends/],
  [
    "data",
    "--data-dir FOLDER/run/cells.csv",
    /--data-dir .*: is a file, so it is not a folder; choose another --data-dir/,
  ],
  ["data", "--data-dir a --data-dir b", /--data-dir is given 2 times; give it once/],
  ["list", "omniglot", /deno task list takes no arguments, got "omniglot"/],
];

Deno.test("clumsy commands end with status 2 and one line with the way out, whichever door they come by, and hurt no run", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const run = join(folder, "run");
    equal((await cli("--sweep", sweep, "--out", run, "--backend", "wasm", "--quiet")).code, 0);
    const files = () => [...Deno.readDirSync(run)].map(({ name }) => name).sort();
    const before = files();
    for (const [door, argv, message] of CLUMSY) {
      const { code, err } = await DOORS[door](argv.split(" ").map((word) => word.replaceAll("FOLDER", folder)));
      match(err, message, `${door} ${argv}`);
      equal(
        [code, err.trimEnd().includes("\n"), err.startsWith("error: ")],
        [2, false, true],
        `${door} ${argv}: ${err}`,
      );
      equal(files(), before, `${door} ${argv}`);
    }
  }));
