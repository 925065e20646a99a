/** `deno task scale`: what a sweep of 100,000 cells costs beside its training. */
import { join } from "node:path";
import { explained, runCommand } from "../../common/command.ts";
import { withAccess } from "../../common/permissions.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { EXIT, oneLine, UsageError } from "../../common/errors.ts";
import { HELP, type Options, parseOptions } from "../scale/options.ts";
import { type StepOptions, type StepResult, STEPS } from "../scale/step.ts";
import { type Measured, table } from "../scale/table.ts";
import { Subprocess } from "../../common/subprocess.ts";

/** Runs a step in a process with the permissions of this one. */
async function measure(options: StepOptions): Promise<StepResult> {
  const { success, stdout } = await Subprocess.deno({
    args: [
      ...["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=scale"],
      `--allow-read=${PROJECT_ROOT},${options.out}`,
      `--allow-write=${options.out}`,
      join(PROJECT_ROOT, "bench", "scale", "step.ts"),
      JSON.stringify(options),
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new UsageError(`The step "${options.step}" failed; see above`);
  return JSON.parse(new TextDecoder().decode(stdout)) as StepResult;
}

async function run({ out, json, help: _, ...asked }: Options): Promise<void> {
  const measured: Measured[] = [];
  let size: Omit<StepResult, "taken"> = { cells: 0, units: 0, evaluations: 0 };
  for (const step of STEPS) {
    const { taken, ...counts } = await measure({ step, out, ...asked });
    measured.push(...taken.map((entry) => ({ step, ...entry })));
    size = counts;
  }
  const { cells, units, evaluations } = size;
  console.log(
    `${cells} cells from ${units} units and ${evaluations} evaluations of ${asked.episodes} episodes; training and evaluation are simulated`,
  );
  for (const line of table(measured)) console.log(line);
  if (json === undefined) return;
  const { deno } = Deno.version;
  const file = { simulated: true, ...asked, ...size, deno, cores: navigator.hardwareConcurrency, measured };
  writeJson(json, file);
}

/** @throws UsageError where that cannot be written */
function writeJson(path: string, value: unknown): void {
  try {
    Deno.writeTextFileSync(path, JSON.stringify(value, undefined, 2) + "\n");
  } catch (error) {
    throw new UsageError(`Cannot write to --json ${path}: ${oneLine(error)}`);
  }
}

const PROGRAM = { set: "scale", script: "bench/commands/scale.ts" };

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, async ({ argv }) => {
    const options = parseOptions(argv);
    if (options.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    const { out, json } = options;
    const write = json === undefined ? [out] : [out, json];
    const elsewhere = await withAccess(PROGRAM, args, { read: [out], write });
    if (elsewhere !== undefined) return elsewhere;
    // What is measured for minutes must find its place.
    if (json !== undefined) writeJson(json, {});
    await run(options);
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
