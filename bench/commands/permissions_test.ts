import { deepStrictEqual as equal, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../../common/project.ts";
import { ATTEMPTS, MARK, type ProbeOptions } from "../testing/probe.ts";
import { denoProgram, Subprocess } from "../../common/subprocess.ts";

const PROBE = join(PROJECT_ROOT, "bench", "testing", "probe.ts");
const CONFIG = join(PROJECT_ROOT, "deno.json");

interface Config {
  readonly tasks: Readonly<Record<string, string | { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly test: { readonly permissions: unknown };
}

const { tasks, permissions, test } = JSON.parse(Deno.readTextFileSync(CONFIG)) as Config;

const PROJECT = ["read deno.json", "read the project"];
/** What a run says about the machine. */
const MACHINE = ["see the memory", "see the host's name"];
const RUNS = [...PROJECT, "write reports", "write the measurements", "run deno", "see BENCH_DATA_DIR"];

/** By task, all that its program may do of {@linkcode ATTEMPTS}; or, as text, why there is nothing to test. */
const TASKS: Readonly<Record<string, readonly string[] | string>> = {
  bench: [...RUNS, "write downloads", "see a filter of squeue", ...MACHINE],
  list: [...PROJECT, "run deno", "see BENCH_DATA_DIR"],
  status: [...RUNS, "write downloads", "see a filter of squeue", "see the host's name"],
  merge: [...RUNS, "write downloads", ...MACHINE],
  report: RUNS,
  nightly: [...RUNS, "write downloads", "see the summary of CI", ...MACHINE],
  figures: RUNS,
  gallery: [...PROJECT, "write the gallery", "run deno", "see BENCH_DATA_DIR"],
  export: RUNS,
  compare: RUNS,
  speed: [
    ...[...PROJECT, "run deno", "run python", "see TensorFlow's settings", "load the native backend"],
    ...["write the measurements"],
  ],
  scale: [...PROJECT, "run deno", "see BENCH_DATA_DIR", ...MACHINE],
  data: [...PROJECT, "write downloads", "connect to raw.githubusercontent.com", "run deno", "see BENCH_DATA_DIR"],
  "setup:tensorflow": [
    ...[...PROJECT, "write the native backend", "run deno", "run a compiler", "run python"],
    ...["see TensorFlow's settings", "load the native backend"],
  ],
  "build:wasm": ["write the kernels"],
  docs: ["read deno.json", "write the generated docs"],
  test: [
    ...[...PROJECT, "read elsewhere", "read the user's files"],
    ...Object.keys(ATTEMPTS).filter((name) => name.startsWith("write ")),
    ...["connect to this machine", "run deno", "run python", "run sh"],
    ...["see BENCH_DATA_DIR", "see TensorFlow's settings", ...MACHINE, "load the native backend"],
  ],
  "test:faults": [
    ...[...PROJECT, "read elsewhere", "read the user's files"],
    ...Object.keys(ATTEMPTS).filter((name) => name.startsWith("write ")),
    ...["run deno", "see BENCH_DATA_DIR", ...MACHINE],
  ],
  "test:slurm": [
    ...[...PROJECT, "read elsewhere", "read the user's files"],
    ...Object.keys(ATTEMPTS).filter((name) => name.startsWith("write ")),
    ...["connect to this machine", "run deno", "run sh", "see BENCH_DATA_DIR"],
  ],
  jsr: ["read deno.json", "write deno.jsr.json"],
  fmt: "runs no code of the project",
  lint: "runs no code of the project",
  check: "runs no code of the project",
  ci: "runs the other tasks",
};

/** The same for the sets that processes started by a task get; what they read and write is added when they start. */
const STARTED: Readonly<Record<string, readonly string[]>> = {
  serve: ["connect to this machine"],
  worker: [],
  "worker-tensorflow": ["see TensorFlow's settings", "load the native backend"],
};

function commandOf(name: string): string {
  const task = tasks[name];
  return typeof task === "string" ? task : task.command;
}

/** How a task names the Deno that runs it, since another one may come first on the PATH. */
const THIS_DENO = "$(deno eval -p 'Deno.execPath()')";

/** What a task allows, as its shell hands it on. */
function flagsOf(command: string): string[] {
  return command.replace(THIS_DENO, denoProgram()).match(/(?<=\s)(-P\S*|--allow-\S+)/g)?.map((flag) =>
    flag.replaceAll('"', "")
  ) ?? [];
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "file"), "");
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a process with these flags may do, in the order of the attempts. */
async function allowed(command: "run" | "test", flags: readonly string[], options: ProbeOptions): Promise<string[]> {
  const test = join(options.elsewhere, "probe_test.ts");
  if (command === "test") {
    const call = `import { main } from ${
      JSON.stringify(pathToFileURL(PROBE).href)
    }; Deno.test("probe", () => main(Deno.args).then(() => {}));`;
    await Deno.writeTextFile(test, call);
  }
  // A quiet test run shows nothing that tests print.
  const program = command === "test" ? [test, "--"] : [PROBE];
  const { stdout, stderr } = await Subprocess.deno({
    args: [
      command,
      ...command === "test" ? [] : ["-q"],
      "--no-prompt",
      `--config=${CONFIG}`,
      ...flags,
      ...program,
      JSON.stringify(options),
    ],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const line = text.decode(stdout).split("\n").find((candidate) => candidate.startsWith(MARK));
  ok(line !== undefined, text.decode(stdout) + text.decode(stderr));
  return JSON.parse(line.slice(MARK.length));
}

const sorted = (names: readonly string[]) => Object.keys(ATTEMPTS).filter((name) => names.includes(name));

Deno.test("every task and every permission set says in this file what it may do", () => {
  equal(Object.keys(tasks).sort(), Object.keys(TASKS).sort(), "add the task to the table TASKS");
  const used = Object.keys(tasks).flatMap((name) => /-P=(\S+)/.exec(commandOf(name))?.slice(1) ?? []);
  equal(Object.keys(permissions).sort(), [...used, ...Object.keys(STARTED)].sort(), "add the set to the table STARTED");
  for (const name of Object.values(TASKS).flat()) ok(name in ATTEMPTS || Object.values(TASKS).includes(name), name);
});

Deno.test("a task that starts programs may start those of its permission set, and as Deno the one that runs it", () => {
  for (const name of Object.keys(tasks)) {
    const command = commandOf(name);
    const set = / -P=?(\S*)/.exec(command)?.[1];
    if (set === undefined) continue;
    const { run } = (set === "" ? test.permissions : permissions[set]) as { readonly run?: readonly string[] };
    const given = / --allow-run="(.*?)"( |$)/.exec(command)?.[1].split(",");
    equal(given, run?.map((program) => program === "deno" ? THIS_DENO : program), name);
  }
});

for (const [name, may] of Object.entries(TASKS)) {
  if (typeof may === "string") continue;
  Deno.test(`task ${name} can do what it needs and fails when it tries more`, () =>
    withFolder(async (elsewhere) => {
      const command = commandOf(name);
      ok(!/(^|\s)(-A|--allow-all|--allow-\w+)(\s|$)/.test(command), `${command}: nothing is allowed without limits`);
      const flags = flagsOf(command);
      const runner = command.startsWith("deno test") ? "test" : "run";
      equal(await allowed(runner, flags, { elsewhere }), sorted(may));
    }));
}

for (const [set, may] of Object.entries(STARTED)) {
  Deno.test(`a process with the permissions ${set} fails when it tries more`, () =>
    withFolder(async (elsewhere) => equal(await allowed("run", [`-P=${set}`], { elsewhere }), sorted(may))));
}

Deno.test("a call that names a folder elsewhere may use that folder too, and nothing else", () =>
  withFolder(async (elsewhere) => {
    const may = async (wanted: ProbeOptions["wanted"]) => await allowed("run", ["-P=report"], { elsewhere, wanted });
    const set = "report";
    equal(await may({ set, read: [elsewhere] }), sorted([...RUNS, "read elsewhere"]));
    const both = { set, read: [elsewhere], write: [elsewhere] };
    equal(await may(both), sorted([...RUNS, "read elsewhere", "write elsewhere"]));
  }));

Deno.test("a command that has all it needs gives up starting other programs", () =>
  withFolder(async (elsewhere) =>
    equal(
      await allowed("run", ["-P=report"], { elsewhere, alone: true }),
      sorted(RUNS.filter((name) => name !== "run deno")),
    )
  ));

Deno.test("a path that cannot be granted is refused in one line", () => {
  const { code, stderr } = Subprocess.deno({
    args: [
      "run",
      "-q",
      "--no-prompt",
      `--config=${CONFIG}`,
      "-P=report",
      join(PROJECT_ROOT, "bench", "commands", "report.ts"),
    ]
      .concat("--out", "/nowhere/a,b"),
    stdin: "null",
  }).outputSync();
  strictEqual(code, 2);
  match(
    new TextDecoder().decode(stderr),
    /^error: --out \/nowhere\/a,b: choose a folder without a comma in its path\n$/,
  );
});
