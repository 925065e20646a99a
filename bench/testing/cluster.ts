/** A real Slurm on this machine for tests. */
import { join } from "node:path";
import { linesOf } from "../workers/protocol.ts";
import { Subprocess } from "../../common/subprocess.ts";

const SCRIPT = join(import.meta.dirname ?? "", "slurm.sh");
const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo"];

/** Why there is no Slurm to test with; "" where there is one. */
export async function whyNoSlurm(): Promise<string> {
  if (Deno.build.os !== "linux") return "Slurm runs on Linux";
  const script = `PATH=$PATH:/usr/sbin:/sbin; for p in ${
    PROGRAMS.join(" ")
  }; do command -v $p >/dev/null || echo $p; done`;
  const { stdout } = await new Subprocess("sh", { args: ["-c", script], stdin: "null" }).output();
  const absent = new TextDecoder().decode(stdout).trim().split("\n").filter((name) => name !== "");
  return absent.length === 0 ? "" : `${absent.join(", ")} not found; on Debian: apt-get install slurm-wlm munge`;
}

/** A running cluster with two nodes, n1 and n2. */
export class TestCluster {
  /** For SLURM_CONF. */
  readonly conf: string;
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(folder: string) {
    this.conf = join(folder, "slurm.conf");
    this.#process = new Subprocess("sh", {
      args: [SCRIPT, folder, ...freePorts(3).map(String)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = linesOf(this.#process.stdout);
    this.#writer = this.#process.stdin.getWriter();
  }

  /** @param folder empty; everything of the cluster is in it */
  static async start(folder: string): Promise<TestCluster> {
    const cluster = new TestCluster(folder);
    await cluster.#expect("ready");
    return cluster;
  }

  async #expect(word: string): Promise<void> {
    const line = await this.#lines.next();
    if (line.value !== word) throw new Error(`the test cluster said "${line.value}" instead of "${word}"`);
  }

  async #tell(command: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${command}\n`));
    await this.#expect("done");
  }

  /** Kills a node and everything that runs on it. */
  lose(node: "n1" | "n2"): Promise<void> {
    return this.#tell(`lose ${node}`);
  }

  /** Brings a lost node back. */
  revive(node: "n1" | "n2"): Promise<void> {
    return this.#tell(`start ${node}`);
  }

  /** Ends it, and all its jobs. */
  async stop(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#lines.return(undefined).catch(() => {});
    await this.#process.status;
  }
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}
