import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { withFolder, writeSweep } from "../testing/cli.ts";

/** Runs a script of the project as its task does, where variables of the dynamic loader are set. */
async function onCluster(set: string, script: string, ...args: readonly string[]): Promise<void> {
  const call = ["deno", "run", "-q", "--no-prompt", `-P=${set}`, script, ...args].map((word) => `'${word}'`).join(" ");
  // A test may not start a process with such a variable set, but the shell of `deno task` may.
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["task", "-q", "--eval", `LD_LIBRARY_PATH=/nowhere LD_RUN_PATH=/nowhere ${call}`],
    cwd: PROJECT_ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  ok(success, new TextDecoder().decode(stderr));
}

Deno.test("a sweep runs where the dynamic loader's variables are set", async () => {
  await withFolder(async (folder) => {
    // A folder outside the project: the command starts itself again before it starts workers.
    const flags = ["--sweep", writeSweep(folder), "--backend", "wasm", "--stage", "tune", "--out", join(folder, "out")];
    await onCluster("bench", "bench/commands/bench.ts", ...flags, "--workers", "1", "--quiet");
  });
});

Deno.test("speed is measured where the dynamic loader's variables are set", async () => {
  const flags = ["--workloads", "sinusoid-mtl", "--backend", "wasm", "--processes", "1", "--seconds", "0.01"];
  await onCluster("speed", "bench/commands/speed.ts", ...flags);
});

/** The project's own program text, without tests and their helpers. */
function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory && !["testing", "build", "kernels"].includes(name)) yield* sources(path);
    else if (/(?<!_test)\.ts$/.test(name)) yield path;
  }
}

Deno.test("every process is started without the dynamic loader's variables", () => {
  const starts: string[] = [];
  const careless: string[] = [];
  for (const room of ["common", "data", "algorithms", "bench", "reports"]) {
    for (const path of sources(join(PROJECT_ROOT, room))) {
      for (const call of Deno.readTextFileSync(path).split("new Deno.Command(").slice(1)) {
        starts.push(path);
        if (!/^[^;]*?\benv: (\{ \.\.\.)?NO_LOADER_VARIABLES/.test(call)) careless.push(path);
      }
    }
  }
  ok(starts.length >= 8, `${starts.length} calls found`);
  equal(careless, []);
});
