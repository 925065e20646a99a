import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./errors.ts";
import { PROJECT_ROOT } from "./project.ts";
import { Subprocess } from "./subprocess.ts";
import { dataFolder, userFolder, userPath, userRun } from "./user_paths.ts";

Deno.test("a tilde that no shell has expanded is refused, and one inside a path is not", () => {
  for (const path of ["~", "~/x", "~\\x"]) throws(() => userPath("--out", path), /--out ~.*no shell has expanded/);
  equal(userPath("--out", "/x/~y"), resolve("/x/~y"));
});

Deno.test("folders in which this project lies, or whose names have commas, are not written to", () => {
  for (const path of ["/", PROJECT_ROOT, dirname(PROJECT_ROOT)]) {
    throws(() => userFolder("--out", path), (error) => {
      ok(error instanceof UsageError);
      return error.message.startsWith(`--out ${path}: cannot be used`);
    });
  }
  throws(() => userFolder("--out", "/a,b"), /without a comma/);
  for (const path of [join(PROJECT_ROOT, "reports", "x"), `${PROJECT_ROOT}-2`, join(PROJECT_ROOT, "..x")]) {
    equal(userFolder("--out", path), path);
  }
});

Deno.test("a file, or what lies behind one, is neither the folder of a run nor one to write to", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "cells.csv");
    Deno.writeTextFileSync(file, "");
    for (const [path, words] of [[file, "is a file"], [join(file, "x"), "lies behind a file"]]) {
      throws(
        () => userRun("DIR", path),
        new RegExp(`DIR .*: ${words}, so it is not a folder; name the folder of a run$`),
      );
      throws(() => userFolder("--out", path), new RegExp(`${words}, so it is not a folder; choose another --out$`));
    }
    throws(() => dataFolder("BENCH_DATA_DIR", file), /is a file, so it is not a folder; name the folder that holds/);
    equal([userRun("DIR", folder), userFolder("--out", join(folder, "new"))], [folder, join(folder, "new")]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("paths that would steer a terminal are refused", () => {
  for (const path of ["/a\nb", "/\u001b[2J", "/\u202egpj.exe", "/a\u2028b", "\u0000"]) {
    throws(() => userPath("--out", path), /--out [^]*choose a path without line ends and other control characters$/);
  }
  equal(userPath("--out", "/größe \u00e9 中 #%"), resolve("/größe \u00e9 中 #%"));
});

Deno.test("paths given to a task are relative to the folder in which it was called", () => {
  const { stdout, stderr } = Subprocess.deno({
    args: ["task", "-q", "bench", "--profile", "smoke", "--dry-run", "--out", "x/y"],
    cwd: join(PROJECT_ROOT, "docs"),
    // As this test may itself be run by a task.
    env: { INIT_CWD: join(PROJECT_ROOT, "docs") },
  }).outputSync();
  const text = new TextDecoder();
  ok(text.decode(stdout).includes(`to ${join(PROJECT_ROOT, "docs", "x", "y")}\n`), text.decode(stderr));
});
