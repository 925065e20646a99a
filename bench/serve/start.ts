/** Starts the process that serves the page about a run, with the least access that it needs. */
import { join } from "node:path";
import { UsageError } from "../../common/errors.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { readableFor } from "../../data/mod.ts";
import type { Screen } from "../run/progress.ts";
import type { Request } from "../run/request.ts";
import { sourced } from "../sweeps/sourced.ts";
import { HOST, READY, type ServeOptions } from "./protocol.ts";

/** A page that is being served. */
export interface ServedPage {
  /** Where it is. */
  readonly address: string;
  /** Ends it. */
  end(): void;
}

/**
 * Serves the page about a run until the run ends.
 *
 * @param port 0 for a free one
 * @throws UsageError when the port cannot be used
 */
export async function startPage(
  { out, store, dataDir, sweep }: Pick<Request, "out" | "store" | "dataDir" | "sweep">,
  port: number,
  screen: Pick<Screen, "write">,
): Promise<ServedPage> {
  const options: ServeOptions = { out, port };
  const readable = [PROJECT_ROOT, out, store, dataDir, ...sourced(sweep).map(({ source }) => readableFor(source))];
  const child = Subprocess.deno({
    args: [
      ...["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=serve"],
      `--allow-read=${readable.join(",")}`,
      join(PROJECT_ROOT, "bench", "serve", "server.ts"),
      JSON.stringify(options),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = await firstLine(child.stdout);
  if (!said.startsWith(READY)) {
    const text = new TextDecoder().decode((await new Response(child.stderr).bytes()).slice(0, 4_000)).trim();
    await Promise.all([child.stdin.close().catch(() => {}), child.status]);
    throw new UsageError(text.replace(/^error: /, "") || "Cannot serve the page: its process ended");
  }
  // A process that cannot get rid of its words would stand still.
  void child.stderr.pipeTo(new WritableStream()).catch(() => {});
  child.unref();
  const address = `http://${HOST}:${said.slice(READY.length).trim()}/`;
  screen.write(`Live page: ${address}\n`);
  return {
    address,
    end() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended already.
      }
    },
  };
}

/** What a process says first; the rest is read and dropped. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  return text.split("\n")[0];
}
