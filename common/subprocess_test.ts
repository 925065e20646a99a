import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { PROJECT_ROOT } from "./project.ts";
import { linkerVariables, mayStart, Subprocess } from "./subprocess.ts";

/** Starts another process of Deno and prints the linker's variables that reach it. */
const SCRIPT = `
import { Subprocess } from "SUBPROCESS";
const { stdout } = Subprocess.deno({ args: ["eval", "-p", "[Deno.env.get('LD_LIBRARY_PATH'), Deno.env.get('ld_own')]"] })
  .outputSync();
console.log(new TextDecoder().decode(stdout).trim());
`;

async function withScript(
  use: (path: string, folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "script.ts");
    const url = import.meta.resolve("./subprocess.ts");
    Deno.writeTextFileSync(path, SCRIPT.replace("SUBPROCESS", url));
    await use(path, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function run(script: string, allowed: string, env: Record<string, string>): { out: string; err: string } {
  const { stdout, stderr } = Subprocess.deno({
    args: ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, allowed, script],
    env: { NO_COLOR: "1", ...env },
  }).outputSync();
  const text = new TextDecoder();
  return { out: text.decode(stdout).trim(), err: text.decode(stderr) };
}

Deno.test("the linker's variables that Deno complains of are known by name, and nothing else is", () => {
  const refusal = (what: string) =>
    new Deno.errors.NotCapable(`Requires --allow-run permissions to spawn subprocess with ${what} unset.`);
  equal(linkerVariables(refusal("LD_A environment variable. Alternatively, with it")), ["LD_A"]);
  equal(linkerVariables(refusal("DYLD_x, ld_b environment variables. Alternatively, with these")), ["DYLD_x", "ld_b"]);
  equal(linkerVariables(refusal("PATH environment variable. Alternatively, with it")), []);
  equal(linkerVariables(new Deno.errors.NotCapable('Requires run access to "sh"')), []);
  equal(linkerVariables(new Error("spawn subprocess with LD_A environment variable.")), []);
});

// Where only the deno that the PATH leads to may be started, no other PATH can be tried; `deno task test` may start this one.
const CAN = Deno.build.os !== "windows" && mayStart(Deno.execPath());

Deno.test({
  name: "a process that may start only the deno of a PATH, which leads to another or to none, says so with the way out",
  ignore: !CAN,
  fn: () =>
    withScript((script, folder) => {
      const other = join(folder, "deno");
      Deno.writeTextFileSync(other, "#!/bin/sh\necho /somewhere/deno\n");
      Deno.chmodSync(other, 0o755);
      const named = run(script, "--allow-run=deno", { PATH: `${folder}:/usr/bin:/bin` });
      match(
        named.err,
        /Cannot start .*: allowed is the deno that comes first on the PATH, \/somewhere\/deno; start the/,
      );
      const none = run(script, "--allow-run=deno", { PATH: "/nowhere" });
      ok(none.err.includes(`or put ${dirname(Deno.execPath())} first on the PATH`), none.err);
    }),
});

Deno.test({
  name:
    "a process that may start this Deno does so whatever the PATH is, and the linker's variables are emptied for it",
  ignore: !CAN,
  fn: () =>
    withScript((script) => {
      const { out, err } = run(script, `--allow-run=${Deno.execPath()}`, { PATH: "/nowhere" });
      equal([out, err], ["[ undefined, undefined ]", ""]);
    }),
});
