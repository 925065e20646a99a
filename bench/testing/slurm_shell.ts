/** Commands of this project on a cluster of tests. */
import { ok } from "node:assert";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import type { RunState } from "../status/run_state.ts";

/** Nothing here takes as long as this unless it hangs. */
const PATIENCE_MS = 120_000;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Commands of this project on a test cluster. */
export class Shell {
  readonly #env: Readonly<Record<string, string>>;

  /** @param env for the commands, beside the cluster that they are for */
  constructor(conf: string, env: Readonly<Record<string, string>> = {}) {
    this.#env = { ...env, SLURM_CONF: conf };
  }

  async #run(args: readonly string[]): Promise<Ended> {
    const { code, stdout, stderr } = await Subprocess.deno({
      args: ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, ...args],
      cwd: PROJECT_ROOT,
      env: this.#env,
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, out: text.decode(stdout), err: text.decode(stderr) };
  }

  bench(sweep: string, out: string, ...more: string[]): Promise<Ended> {
    return this.#run([
      "-P=bench",
      "bench/commands/bench.ts",
      "--sweep",
      sweep,
      "--out",
      out,
      "--backend",
      "wasm",
      ...more,
    ]);
  }

  submit(sweep: string, out: string, options: string, ...more: string[]): Promise<Ended> {
    return this.bench(sweep, out, "--executor", "slurm", "--slurm", options, ...more);
  }

  status(out: string, ...more: string[]): Promise<Ended> {
    return this.#run(["-P=status", "bench/commands/status.ts", "--out", out, ...more]);
  }

  async state(out: string): Promise<RunState> {
    const { out: text, err } = await this.status(out, "--json");
    ok(text.startsWith("{"), err);
    return JSON.parse(text);
  }

  /** Looks at a run until it is as wanted. */
  async until(out: string, what: string, wanted: (state: RunState) => boolean): Promise<RunState> {
    for (const start = Date.now();; await new Promise((resolve) => setTimeout(resolve, 500))) {
      const state = await this.state(out);
      if (wanted(state)) return state;
      ok(Date.now() - start < PATIENCE_MS, `never ${what}: ${JSON.stringify(state)}`);
    }
  }
}

/** Units in a state, over all stages. */
export const counts = ({ stages }: RunState, name: "done" | "failed" | "running" | "queued" | "pending" | "unknown") =>
  stages.reduce((sum, stage) => sum + stage[name], 0);
/** Numbers of what was submitted. */
export const submissions = (out: string) => [...Deno.readDirSync(join(out, "slurm"))].map(({ name }) => name).sort();
