/**
 * Compiles kernels/ with AssemblyScript into kernels.wasm. `--check` compares with the committed file instead of writing it.
 *
 *     deno task build:wasm [--check]
 */
import { main as compile } from "assemblyscript/asc";
import { explained, runCommand, VERBOSE_HELP } from "../../../common/command.ts";
import { EXIT, UsageError } from "../../../common/errors.ts";

const HELP = `Usage: deno task build:wasm [--check]

Compiles the WebAssembly kernels.

  --check    compare the committed file with what its sources compile to, and write nothing
  --verbose  ${VERBOSE_HELP}
  --help     this text`;

const folder = new URL(".", import.meta.url);
const target = new URL("kernels.wasm", folder);

/** @throws UsageError when the sources do not compile */
async function compiled(): Promise<Uint8Array<ArrayBuffer>> {
  const sources = new Map<string, string>();
  for (const name of ["index", "elementwise", "matmul", "convolution", "layout", "pool"]) {
    sources.set(`${name}.ts`, await Deno.readTextFile(new URL(`kernels/${name}.ts`, folder)));
  }
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await compile(
    [
      "index.ts",
      "--outFile",
      "out.wasm",
      "-O3",
      "--converge",
      "--runtime",
      "stub",
      "--noAssert",
      "--exportTable",
      "--enable",
      "simd,relaxed-simd,bulk-memory",
    ],
    {
      readFile: (name: string) => sources.get(name) ?? null,
      writeFile: (_: string, contents: string | Uint8Array) => {
        if (typeof contents !== "string") binary = new Uint8Array(contents);
      },
      listFiles: () => [],
    },
  );
  if (error === null && binary !== undefined) return binary;
  console.error(stderr.toString());
  throw new UsageError(`Cannot compile the kernels: ${error?.message ?? "no output"}`);
}

/** Runs the command line. @returns the exit status */
async function build(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, async ({ argv }) => {
    if (argv.includes("--help")) {
      console.log(HELP);
      return EXIT.ok;
    }
    const unknown = argv.find((arg) => arg !== "--check");
    if (unknown !== undefined) {
      throw new UsageError(`Unknown argument "${unknown}": deno task build:wasm takes --check`);
    }
    const binary = await compiled();
    if (!argv.includes("--check")) {
      await Deno.writeFile(target, binary);
      console.log(`kernels.wasm: ${binary.length} bytes`);
      return EXIT.ok;
    }
    const committed = await Deno.readFile(target);
    const same = committed.length === binary.length && committed.every((byte, index) => byte === binary[index]);
    console.log(
      same
        ? "kernels.wasm is what its sources compile to"
        : "kernels.wasm differs from its sources: run deno task build:wasm",
    );
    return same ? EXIT.ok : EXIT.failed;
  });
}

if (import.meta.main) await runCommand(build);
