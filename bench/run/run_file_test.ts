import { match, throws } from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { withFolder } from "../testing/cli.ts";
import { readRunFile, RUN_FORMAT } from "./run_file.ts";

Deno.test("a run.json of another version says so, with the way out, and one that is none is damaged", () =>
  withFolder((folder) => {
    const cases: readonly (readonly [text: string, message: RegExp])[] = [
      [
        JSON.stringify({ format: RUN_FORMAT - 1 }),
        /has format 1, of an older version; this one reads 2\. Run the command/,
      ],
      [JSON.stringify({ format: 0.5 }), /of an older version/],
      [JSON.stringify({ format: RUN_FORMAT + 1 }), /has format 3; this version reads up to 2\. Update this version/],
      [JSON.stringify({ format: RUN_FORMAT }), /is damaged \(store: /],
      [JSON.stringify({ format: "1" }), /is damaged \(format: /],
      ["{", /is damaged; run the command/],
    ];
    for (const [text, message] of cases) {
      Deno.writeTextFileSync(join(folder, "run.json"), text);
      throws(() => readRunFile(folder), (error) => {
        match(String(error), message);
        return error instanceof UsageError;
      });
    }
    return Promise.resolve();
  }));
