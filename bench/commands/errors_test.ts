import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { withFolder } from "../testing/cli.ts";

/** Every command, with the task that runs it. */
const COMMANDS = [
  ...[
    "bench",
    "list",
    "status",
    "merge",
    "report",
    "nightly",
    "figures",
    "gallery",
    "export",
    "compare",
    "speed",
    "scale",
    "data",
    "docs",
    "jsr",
  ],
  ...["build:wasm", "setup:tensorflow"],
];

const { tasks } = JSON.parse(Deno.readTextFileSync(join(PROJECT_ROOT, "deno.json"))) as {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
};

/** Runs a task's program. */
function run(name: string, ...argv: string[]): { code: number; out: string; err: string } {
  const { command } = tasks[name];
  const flags = command.match(/(?<=\s)(-P\S*|--allow-(?!run)\S+)/g) ?? [];
  const [script] = /\S+\.ts/.exec(command) ?? [""];
  const { code, stdout, stderr } = Subprocess.deno({
    args: ["run", "-q", "--no-prompt", ...flags, script, ...argv],
    cwd: PROJECT_ROOT,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).outputSync();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("every command explains itself with --help and -h, and says in one line that it does not know a flag", () => {
  for (const name of COMMANDS) {
    const [long, short] = [run(name, "--help"), run(name, "-h")];
    equal(long.code, 0, `${name}: ${long.err}`);
    match(long.out + long.err, /--verbose[^]*--help/, name);
    equal(short, long, name);
    const { code, err } = run(name, "--no-such-flag");
    equal(code, 2, `${name}: ${err}`);
    match(err, /^error: [^\n]*--no-such-flag[^\n]*\n$/, name);
  }
});

Deno.test("every task that runs a program is among these commands", () => {
  const programs = Object.entries(tasks).flatMap(([name, { command }]) =>
    /^deno run .*\S+\.ts/.test(command ?? "") ? [name] : []
  );
  equal(programs.sort(), COMMANDS.toSorted());
});

Deno.test("a run is named by its place or by --out, whichever its user tries first", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "empty"));
    const none = join(folder, "empty");
    for (const name of ["report", "status", "figures", "export"]) {
      const byPlace = run(name, none);
      equal(byPlace.code, 2, `${name}: ${byPlace.err}`);
      match(byPlace.err, /empty holds no run/, name);
    }
    for (const name of ["report", "status"]) {
      equal(run(name, "--out", none), run(name, none));
      equal(run(name, none, "--out", none), run(name, none));
      match(run(name, none, "--out", folder).err, /2 runs are named \(.*\), but deno task \w+ takes one/);
    }
    const [placed, flagged] = [[none], ["--out", none]].map((out) =>
      run("bench", "--profile=smoke", "--dry-run", ...out)
    );
    equal(placed, flagged);
    match(placed.out, / to .*empty\n/);
  }));

Deno.test("files of a run that cannot be read, and folders that Deno keeps to itself, are named in one line", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "run.json"));
    await Deno.mkdir(join(folder, "sweep.json"));
    await Deno.writeTextFile(join(folder, "file"), "");
    for (
      const [argv, status, message] of [
        [["status", "--out", folder], 1, /Cannot read .*sweep\.json: Is a directory/],
        [["report", "--out", folder], 1, /Cannot read .*sweep\.json: Is a directory/],
        [["figures", folder], 1, /Cannot read .*sweep\.json: Is a directory/],
        [["merge", folder, "--out", join(folder, "out")], 1, /Cannot read .*sweep\.json: Is a directory/],
        [
          ["bench", "--profile", "smoke", "--out", join(folder, "file", "x")],
          2,
          /--out .*file.x: lies behind a file, so it is not a folder; choose/,
        ],
        [["scale", "--json", join(folder, "none", "x.json")], 2, /Cannot write to --json .*none.x\.json: No such file/],
        ...(Deno.build.os === "linux"
          ? [
            [["bench", "--profile", "smoke", "--store", "/dev/shm/x"], 2, /Cannot use \/dev\/shm\/x: Deno keeps/],
            [["bench", "--profile", "smoke", "--out", "/"], 2, /--out \/: cannot be used, since this project itself/],
            [["bench", "--profile", "smoke", "--out=~/x"], 2, /--out ~\/x: no shell has expanded the "~"/],
          ] as const
          : []),
      ] as const
    ) {
      const [name, ...more] = argv;
      const { code, err } = run(name, ...more);
      equal(code, status, `${argv.join(" ")}: ${err}`);
      match(err, message);
      match(err, /^error: [^\n]+\n$/);
    }
  }));
