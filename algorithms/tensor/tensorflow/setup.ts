/**
 * `deno task setup:tensorflow`: builds the native binding of the `tensorflow` backend on Linux x64, from the libraries in a
 * TensorFlow wheel and the sources in npm:@tensorflow/tfjs-node-gpu.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../../common/errors.ts";
import { started, withAccess } from "../../../common/permissions.ts";
import { buildFolder } from "./binding.ts";
import { compilations, COMPILER } from "./compile.ts";
import { openTensorflow } from "./open.ts";
import { selfCheck } from "./self_check.ts";
import { pipArguments, type Release, unpackWheel } from "./wheel.ts";

/** The release that the binding is known to work with. */
const VERSION = "2.21.0";

const HELP = `Build the native TensorFlow backend (Linux x64).

Usage: deno task setup:tensorflow [options]

  --wheel FILE   use this wheel of tensorflow or tensorflow-cpu ${VERSION} (may be repeated: with wheels of the CUDA libraries)
  --gpu          download the wheels for NVIDIA GPUs (several GB) instead of the one for processors (270 MB)
  --help         show this

Needs g++ and, unless --wheel is given, python3 with pip. Everything is written to
algorithms/tensor/tensorflow/build/ (1 GB), which may be deleted at any time.
`;

/** A mistake or a missing tool, explained to the user. */
class SetupError extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

const OTHER_ROAD = 'Elsewhere the npm package\'s own installer may work: see CONTRIBUTING.md, "The native backend".';

function checkPlatform(): void {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    throw new SetupError(`This builds on linux x86_64 only, not ${os} ${arch}. ${OTHER_ROAD}`);
  }
}

/** Whether a command can be started and succeeds. */
async function works(command: string, args: readonly string[]): Promise<boolean> {
  try {
    const child = new Deno.Command(command, { args: [...args], stdin: "null", stdout: "null", stderr: "null" });
    return (await child.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(command: string, args: readonly string[], failure: string): Promise<void> {
  const child = new Deno.Command(command, { args: [...args], stdin: "null", stdout: "inherit", stderr: "inherit" });
  const { code } = await child.output();
  if (code !== 0) throw new SetupError(`${failure} (${command} ended with status ${code})`);
}

async function download(release: Release, folder: URL): Promise<string[]> {
  const path = fileURLToPath(folder);
  await Deno.mkdir(folder, { recursive: true });
  const advice = "Download a wheel elsewhere and give it by --wheel FILE.";
  await run("python3", pipArguments(release, path), `pip could not download TensorFlow ${release.version}. ${advice}`);
  const wheels = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  return wheels.filter((name) => /^(tensorflow|nvidia)[^/]*\.whl$/.test(name)).map((name) => path + name);
}

function checkWheels(wheels: readonly string[]): void {
  for (const wheel of wheels) {
    try {
      if (Deno.statSync(wheel).isFile) continue;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    throw new SetupError(`--wheel ${wheel}: there is no such file`, 2);
  }
}

/** Fills the folder with the libraries and the binding. */
async function build(wheels: readonly string[], release: Release, folder: URL): Promise<void> {
  const downloads = new URL("download/", folder);
  const files = wheels.length > 0 ? wheels : await download(release, downloads);
  console.log(`Unpacking ${files.join(", ")}`);
  let unpacked = 0;
  for (const wheel of files) {
    unpacked += await unpackWheel(wheel, folder).catch((error: Error) => {
      throw new SetupError(`Cannot unpack ${wheel}: ${error.message}`);
    });
  }
  if (unpacked === 0) throw new SetupError(`There are no TensorFlow libraries in ${files.join(", ")}`);
  console.log(`Compiling the binding with ${COMPILER}`);
  for (const args of compilations(folder)) await run(COMPILER, args, "The binding does not compile");
  // Only what is loaded at run time stays.
  for (const folderToDrop of [downloads, new URL("tensorflow/include/", folder)]) {
    await removeIfPresent(folderToDrop);
  }
}

async function removeIfPresent(url: URL): Promise<void> {
  try {
    await Deno.remove(url, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

const PROGRAM = { set: "setup-tensorflow", script: "algorithms/tensor/tensorflow/setup.ts" };

/** @returns the exit status */
async function setup(args: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const flags = parseArgs([...started(args).argv], {
    boolean: ["gpu", "help"],
    string: ["wheel"],
    collect: ["wheel"],
    unknown: (arg: string) => {
      unknown.push(arg);
      return false;
    },
  });
  if (unknown.length > 0) {
    throw new SetupError(`Unknown option ${unknown[0]}: there are --wheel FILE, --gpu and --help`, 2);
  }
  if (flags.help) {
    console.log(HELP);
    return 0;
  }
  checkPlatform();
  const elsewhere = await withAccess(PROGRAM, args, { read: flags.wheel });
  if (elsewhere !== undefined) return elsewhere;
  checkWheels(flags.wheel);
  if (!await works(COMPILER, ["--version"])) {
    throw new SetupError(`No C++ compiler: ${COMPILER} does not run. Install it (Debian: apt install g++).`);
  }
  if (flags.wheel.length === 0 && !await works("python3", ["-m", "pip", "--version"])) {
    throw new SetupError(
      "Cannot download TensorFlow: python3 with pip does not run. Install it (Debian: apt install python3-pip), or give a wheel by --wheel FILE.",
    );
  }
  // The package's sources are fetched with its first import.
  await import("@tensorflow/tfjs-node-gpu/package.json", { with: { type: "json" } });
  const staging = new URL("../build.partial/", buildFolder);
  await removeIfPresent(staging);
  try {
    await build(flags.wheel, { version: VERSION, gpu: flags.gpu }, staging);
    await removeIfPresent(buildFolder);
    await Deno.rename(staging, buildFolder);
  } finally {
    await removeIfPresent(staging);
  }
  const backend = await openTensorflow();
  const speed = await selfCheck(backend, () => performance.now());
  console.log(`Backend tensorflow works (${backend.description}): ${speed.toFixed(0)} GFLOP/s on one thread.`);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await setup(Deno.args));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const known = error instanceof SetupError || error instanceof UsageError;
    console.error(known ? `error: ${error.message}` : error);
    Deno.exit(error instanceof SetupError ? error.status : 1);
  }
}
