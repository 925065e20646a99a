/**
 * Compiles kernels/ with AssemblyScript into kernels.wasm. `--check` compares with the committed file instead of writing it.
 *
 *     deno task build:wasm [--check]
 */
import { main } from "assemblyscript/asc";

const folder = new URL(".", import.meta.url);
const target = new URL("kernels.wasm", folder);
const sources = new Map<string, string>();
for (const name of ["index", "elementwise", "matmul", "convolution", "layout"]) {
  sources.set(`${name}.ts`, await Deno.readTextFile(new URL(`kernels/${name}.ts`, folder)));
}
let binary: Uint8Array | undefined;
const { error, stderr } = await main(
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
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  },
);
if (error || binary === undefined) {
  console.error(stderr.toString());
  console.error(`Cannot compile the kernels: ${error?.message ?? "no output"}`);
  Deno.exit(1);
}
if (Deno.args.includes("--check")) {
  const committed = await Deno.readFile(target);
  const same = committed.length === binary.length && committed.every((byte, index) => byte === binary?.[index]);
  console.log(
    same
      ? "kernels.wasm is what its sources compile to"
      : "kernels.wasm differs from its sources: run deno task build:wasm",
  );
  Deno.exit(same ? 0 : 1);
}
await Deno.writeFile(target, binary);
console.log(`kernels.wasm: ${binary.length} bytes`);
