import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";

/** Runs the task as a user does, with its own permissions. */
function figures(...args: string[]): { code: number; out: string; err: string } {
  const own = ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=figures"];
  const { code, stdout, stderr } = Subprocess.deno({
    args: [...own, join(PROJECT_ROOT, "bench", "commands", "figures.ts"), ...args],
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("figures says what it takes, and everything wrong ends with one line and status 2", async () => {
  const folder = await Deno.makeTempDir();
  try {
    match(figures("--help").out, /Usage: deno task figures \[DIR\] \[--out DIR\]/);
    for (
      const [args, message] of [
        [["--ouut", "x"], /Unknown flag "--ouut"/],
        [["a", "b"], /takes one DIR/],
        [[folder], /holds no run; deno task bench makes one/],
      ] as const
    ) {
      const { code, out, err } = figures(...args);
      equal([code, out], [2, ""], err);
      match(err.split("\n").findLast((line) => line.startsWith("error: ")) ?? err, message);
    }
    equal([...Deno.readDirSync(folder)].length, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
