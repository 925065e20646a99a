import { deepStrictEqual as equal, match } from "node:assert/strict";
import { explained, type KnownError } from "./command.ts";
import { StorageError, UsageError } from "./errors.ts";

class OwnError extends Error {}
const OWN: readonly KnownError[] = [{ kind: OwnError, status: 2 }];

async function failing(error: unknown, ...args: string[]): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const status = await explained(args, (line) => lines.push(line), () => {
    throw error;
  }, OWN);
  return { status, lines };
}

Deno.test("whatever a command ends with is said in one line, with the status that belongs to it", async () => {
  const missing = await Deno.readTextFile("/nowhere/file").catch((error) => error);
  for (
    const [error, status, line] of [
      [new UsageError("--x is wrong"), 2, /^error: --x is wrong$/],
      [new OwnError("bad\ndata"), 2, /^error: bad data$/],
      [new StorageError("Cannot write; make room"), 1, /^error: Cannot write; make room$/],
      [
        new Deno.errors.NotCapable('Requires all access to "/x", run again with the --allow-all flag'),
        2,
        /^error: Requires all access to "\/x", which this command has not; choose/,
      ],
      [missing, 1, /^error: Stopped: No such file or directory .*\/nowhere\/file.*; check the disk$/],
      [
        new TypeError("x is not a function"),
        1,
        /^error: internal: x is not a function\. This is a mistake .*--verbose/,
      ],
      [new Error("internal: odd"), 1, /^error: internal: odd\. This is a mistake/],
      ["thrown text", 1, /^error: internal: thrown text\. /],
      [undefined, 1, /^error: internal: undefined\. /],
    ] as const
  ) {
    const said = await failing(error);
    equal([said.status, said.lines.length], [status, 1]);
    match(said.lines[0], line);
  }
});

Deno.test("where in the code an error comes from is shown with --verbose only", async () => {
  const { lines } = await failing(new TypeError("odd"), "--verbose", "x");
  equal(lines.length, 2);
  match(lines[1], /command_test\.ts/);
});

Deno.test("a command's work gets -h spelt out, and neither --verbose nor the marks of a new start", async () => {
  let got: unknown;
  const status = await explained(["--_granted", "--_task=7", "-h", "--verbose", "x"], () => {}, (line) => {
    got = line;
    return 7;
  });
  equal([status, got], [7, { argv: ["--help", "x"], verbose: true }]);
});
