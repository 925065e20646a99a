/** How a worker process of the product is started. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { readableFor } from "../../data/mod.ts";
import type { Flags } from "../flags/flags.ts";
import type { Prepared } from "./prepare.ts";
import { sourced } from "../sweeps/sourced.ts";
import { variantOf, variants } from "../sweeps/variants.ts";
import type { WorkerOptions } from "../workers/protocol.ts";

/** Arguments of `deno` that start a worker with the least access it needs: it writes to the store and the data's cache, and reaches no network. */
export function workerCommand(
  { store, dataDir, backend, sweep, opened }: Prepared,
  { checkpointS }: Pick<Flags, "checkpointS">,
): string[] {
  const own = sourced(sweep);
  const options: WorkerOptions = {
    store,
    dataDir,
    backend: backend.name,
    checkpointS: Number.isFinite(checkpointS) ? checkpointS : null,
    sources: own.map((entry) => ({
      name: variantOf(entry).of,
      source: entry.source,
      digest: opened.get(entry.name)?.digest,
    })),
    variants: variants(sweep),
  };
  const cache = join(PROJECT_ROOT, "data", "downloads", "cache");
  const set = backend.name === "tensorflow" ? "worker-tensorflow" : "worker";
  return [
    "run",
    "-q",
    "--no-prompt",
    `--config=${join(PROJECT_ROOT, "deno.json")}`,
    `-P=${set}`,
    `--allow-read=${[PROJECT_ROOT, store, dataDir, ...own.map(({ source }) => readableFor(source))].join(",")}`,
    `--allow-write=${[store, cache].join(",")}`,
    join(PROJECT_ROOT, "bench", "workers", "worker.ts"),
    JSON.stringify(options),
  ];
}
