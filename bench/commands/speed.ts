/** `deno task speed`: how fast fixed workloads train, beside PyTorch and JAX where they are. */
import { backendEntries, type BackendEntry, type BackendName } from "../../algorithms/tensor/backends.ts";
import { webgpuAdapter } from "../../algorithms/tensor/webgpu.ts";
import { explained, runCommand } from "../../common/command.ts";
import { type Access, withAccess } from "../../common/permissions.ts";
import { decideBackend } from "../run/backend_choice.ts";
import { EXIT, oneLine, UsageError } from "../../common/errors.ts";
import { STDERR } from "../run/progress.ts";
import { type Choices, helpText, type Options, parseOptions, SYSTEMS } from "../speed/options.ts";
import { ownCpus, type Place } from "../speed/processes.ts";
import { type Absent, nameOf, race } from "../speed/race.ts";
import { costLines, ratios, standing, table } from "../speed/table.ts";
import type { Competitor, Row } from "../speed/types.ts";
import { GROUPS, unmeasured, workloads } from "../speed/workloads.ts";
import { Subprocess } from "../../common/subprocess.ts";

const CHOICES: Choices = {
  workloads: workloads.map(({ name }) => name),
  groups: Object.fromEntries(
    GROUPS.map((group) => [group, workloads.filter((one) => one.group === group).map(({ name }) => name)]),
  ),
  unmeasured: unmeasured(),
  backends: Object.keys(backendEntries),
  cores: navigator.hardwareConcurrency,
};

/** The backends to measure: those asked for, or those that work here and are not for checking only. */
async function backendsOf(asked: Options["backends"]): Promise<BackendName[]> {
  if (asked !== undefined) {
    for (const name of asked) await decideBackend(name);
    return asked as BackendName[];
  }
  const found: BackendName[] = [];
  for (const entry of Object.values(backendEntries)) {
    const { name, missing }: BackendEntry = entry;
    if (name === "cpu" || await missing() !== undefined) continue;
    if (name === "webgpu" && (await webgpuAdapter())?.software !== false) continue;
    found.push(name as BackendName);
  }
  return found;
}

function competitorsOf({ systems, cores }: Options, backends: readonly string[]): Competitor[] {
  return cores.flatMap((count) =>
    SYSTEMS.filter((system) => systems.includes(system)).flatMap((system) =>
      (system === "ours" ? backends : ["cpu"]).map((backend) => ({ system, backend, cores: count }))
    )
  );
}

/** @throws UsageError when the Python cannot be started */
async function checkPython(python: string): Promise<void> {
  let found = false;
  try {
    const command = new Subprocess(python, { args: ["--version"], stdout: "null", stderr: "null" });
    found = (await command.output()).success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied)) throw error;
  }
  if (!found) throw new UsageError(`Cannot start "${python} --version": give --peers a Python to run PyTorch and JAX`);
}

function writeRows(path: string | undefined, rows: readonly Row[]): void {
  if (path === undefined) return;
  try {
    Deno.writeTextFileSync(path, `${JSON.stringify(rows, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`Cannot write to --json ${path}: ${oneLine(error)}`);
  }
}

/** One line per reason, with the workloads that it kept out. */
function absentLines(absent: readonly Absent[]): string[] {
  const byReason = Map.groupBy(
    absent,
    ({ competitor, kind, reason }) => `${nameOf(competitor)}: ${kind}: ${reason}`,
  );
  return [...byReason].map(([what, all]) => `${what} [${all.map(({ workload }) => workload).join(", ")}]`);
}

async function measure(options: Options): Promise<number> {
  const place: Place = { cpus: await ownCpus(), python: options.python };
  const competitors = competitorsOf(options, await backendsOf(options.backends));
  const rows: Row[] = [];
  const absent: Absent[] = [];
  writeRows(options.json, rows);
  const say = (what: string) => {
    if (STDERR.terminal) STDERR.write(`\r\x1b[K${what}`);
  };
  for (const workload of workloads.filter(({ name }) => options.workloads.includes(name))) {
    const outcome = await race(workload, competitors, options, place, (what) => say(`${workload.name}: ${what}`));
    rows.push(...outcome.rows);
    absent.push(...outcome.absent);
    writeRows(options.json, rows);
    say("");
    console.log(`${workload.name}: ${workload.label}`);
    for (const line of [...table(outcome.rows), ...ratios(outcome.rows), ...standing(outcome.rows)]) console.log(line);
    for (const line of absentLines(outcome.absent)) console.log(`  ${line}`);
    console.log("");
  }
  for (const line of costLines(rows)) console.log(line);
  if (place.cpus === undefined) {
    console.log(
      "Processes were not bound to cores: taskset is not installed, so a system's threads may use more cores.",
    );
  }
  return absent.some(({ kind }) => kind === "failed") ? EXIT.failed : EXIT.ok;
}

/** What the options ask for beyond what the task allows: a file to write, a Python to start. */
function accessOf({ json, python }: Options): Access {
  return { write: json === undefined ? [] : [json], run: python === undefined ? [] : ["taskset", python] };
}

const PROGRAM = { set: "speed", script: "bench/commands/speed.ts" };

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, async ({ argv }) => {
    const options = parseOptions(argv, CHOICES);
    if (options.help) {
      console.log(helpText(CHOICES));
      return EXIT.ok;
    }
    const elsewhere = await withAccess(PROGRAM, args, accessOf(options));
    if (elsewhere !== undefined) return elsewhere;
    if (options.python !== undefined) await checkPython(options.python);
    return await measure(options);
  });
}

if (import.meta.main) await runCommand(main);
