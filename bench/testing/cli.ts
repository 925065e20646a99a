/** Runs of the command line for tests. */
import { join } from "node:path";
import { runBench } from "../executors/program.ts";
import { smoke } from "../sweeps/smoke.ts";
import type { Sweep } from "../sweeps/schema.ts";

/** Gives a folder that is removed afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the command line in this process. */
export async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines: string[] = [];
  let err = "";
  const screen = { terminal: false, columns: () => 80, write: (text: string) => void (err += text) };
  const code = await runBench(argv, { print: (line) => lines.push(line), screen });
  return { code, out: lines.join("\n"), err };
}

/** A sweep of two trainings after eight trials, and one network that learns nothing, done in a second. */
const TINY: Sweep = {
  ...smoke,
  name: "tiny",
  algorithms: ["mtl", "maml", "scratch"],
  seeds: [0],
  datasets: [{
    ...smoke.datasets[0],
    hidden: [4, 4],
    shots: [5],
    innerSteps: [0, 2],
    sharingDepths: [2],
    episodes: 4,
    tuning: { outerLrs: [1e-3, 4e-3], innerLrs: [0.01, 0.02], iterations: null, seed: 0 },
    hyper: { ...smoke.datasets[0].hyper, iterations: 5, metaBatch: 2, pool: 4 },
  }],
};

/** Writes the tiny sweep, changed. @returns its path */
export function writeSweep(folder: string, change: (sweep: Record<string, unknown>) => void = () => {}): string {
  const path = join(folder, "sweep.json");
  const sweep: Record<string, unknown> = { ...structuredClone(TINY) };
  change(sweep);
  Deno.writeTextFileSync(path, JSON.stringify(sweep));
  return path;
}
