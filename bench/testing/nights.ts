/** Nights for tests, in a folder of their own, whose benchmark only writes made-up runs. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { sweepDigest } from "../sweeps/digest.ts";
import { night, type World } from "../nightly/night.ts";
import { parseOptions } from "../nightly/options.ts";
import { FAKE_SWEEP, type FakeRun, withFolder, writeFakeRun } from "./nightly.ts";

/** A history and nights in it. */
export class Nights {
  readonly folder: string;
  readonly lines: string[] = [];
  readonly asked: string[][] = [];
  day = 0;
  digest = sweepDigest(FAKE_SWEEP);

  constructor(folder: string) {
    this.folder = join(folder, "history");
  }

  #world(bench: World["bench"]): World {
    return {
      now: () => new Date(Date.UTC(2026, 0, this.day)),
      print: (line) => this.lines.push(line),
      sweepDigest: () => this.digest,
      bench: (argv) => (this.asked.push([...argv]), bench(argv)),
      stepSummary: join(this.folder, "..", "step.md"),
      acceptCommand: "deno task nightly --accept",
    };
  }

  /** @returns the exit status */
  run(run: FakeRun = {}, status = 0, ...flags: string[]): Promise<number> {
    this.day++;
    const write = (argv: readonly string[]) => {
      writeFakeRun(argv[argv.indexOf("--out") + 1], run);
      return Promise.resolve(status);
    };
    return night(parseOptions(["--history", this.folder, ...flags]), this.#world(write));
  }

  accept(): Promise<number> {
    const none = () => Promise.reject(new Error("--accept must not run anything"));
    return night(parseOptions(["--history", this.folder, "--accept"]), this.#world(none));
  }

  summary(): string {
    return Deno.readTextFileSync(join(this.folder, "summary.md"));
  }
}

/** A history whose first night is accepted, and the next one. */
export async function after(
  baseline: FakeRun,
  run: FakeRun,
  check: (code: number, nights: Nights) => void | Promise<void>,
) {
  await withFolder(async (folder) => {
    const nights = new Nights(folder);
    equal(await nights.run(baseline), 0);
    equal(await nights.accept(), 0);
    await check(await nights.run(run), nights);
  });
}

/** A planted regression of six cells. */
export const SCORE: FakeRun = {
  noise: "1",
  shift: ({ algorithm, metric }) => algorithm === "maml" && metric === "mse" ? 0.4 : 0,
};
