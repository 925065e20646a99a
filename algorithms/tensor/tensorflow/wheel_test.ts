import { deepStrictEqual as equal, ok, rejects } from "node:assert";
import { fileURLToPath, pathToFileURL } from "node:url";
import { zipSync } from "fflate";
import { pipArguments, unpackWheel } from "./wheel.ts";

/** Calls back with a folder that holds the archive, and removes it. */
async function withWheel(files: readonly string[], test: (wheel: string, folder: URL) => Promise<void>): Promise<void> {
  const folder = pathToFileURL(`${await Deno.makeTempDir({ prefix: "bridgebench-wheel-" })}/`);
  try {
    const wheel = fileURLToPath(new URL("some.whl", folder));
    await Deno.writeFile(
      wheel,
      zipSync(Object.fromEntries(files.map((name) => [name, new TextEncoder().encode(name)]))),
    );
    await test(wheel, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a wheel's libraries and C headers are unpacked, and nothing else", async () => {
  const needed = [
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/include/tensorflow/c/eager/c_api.h",
    "tensorflow/include/xla/tsl/c/tsl_status.h",
    "nvidia/cublas/lib/libcublas.so.12",
  ];
  const others = ["tensorflow/__init__.py", "tensorflow/include/external/llvm/x.h", "tensorflow/python/libx.so"];
  await withWheel([...needed, ...others], async (wheel, folder) => {
    equal(await unpackWheel(wheel, folder), needed.length);
    for (const name of needed) equal(await Deno.readTextFile(new URL(name, folder)), name);
    for (const name of others) await rejects(() => Deno.stat(new URL(name, folder)), Deno.errors.NotFound);
  });
});

Deno.test("a wheel with a path that leads outside is refused", async () => {
  await withWheel(["tensorflow/include/tsl/../../../../evil.h"], async (wheel, folder) => {
    await rejects(() => unpackWheel(wheel, folder), /invalid relative path/);
  });
});

Deno.test("a file that is no wheel is refused", async () => {
  await withWheel([], async (wheel, folder) => {
    await Deno.writeTextFile(wheel, "not a zip archive");
    await rejects(() => unpackWheel(wheel, folder), /not a zip file/);
  });
});

Deno.test("pip is asked for one file where no GPU is wanted, and never to build anything", () => {
  const cpu = pipArguments({ version: "1.2.3", gpu: false }, "/wheels");
  ok(cpu.includes("--no-deps") && cpu.includes("tensorflow-cpu==1.2.3") && cpu.includes("--only-binary=:all:"));
  const gpu = pipArguments({ version: "1.2.3", gpu: true }, "/wheels");
  ok(!gpu.includes("--no-deps") && gpu.includes("tensorflow[and-cuda]==1.2.3"));
});
