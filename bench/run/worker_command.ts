/** How a worker process of the product is started. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { readableFor } from "../../data/mod.ts";
import type { Flags } from "../flags/flags.ts";
import type { Prepared } from "./prepare.ts";
import { derivationOf } from "../sweeps/derived.ts";
import { allSources, sourced } from "../sweeps/sourced.ts";
import { variantOf, variants } from "../sweeps/variants.ts";
import type { WorkerOptions } from "../workers/protocol.ts";

/** Arguments of `deno` that start a worker with the least access it needs: it writes to the store and the data's cache, and reaches no network. */
export function workerCommand(
  { store, dataDir, backend, sweep, opened }: Prepared,
  { checkpointS }: Pick<Flags, "checkpointS">,
): string[] {
  const digestOf = (source: string) => {
    const drawn = sweep.datasets.find((entry) => derivationOf(entry) === undefined && variantOf(entry).of === source);
    return opened.get(drawn?.name ?? source)?.digest;
  };
  const derived = sweep.datasets.flatMap((entry) => {
    const derivation = derivationOf(entry);
    return derivation === undefined ? [] : [{ name: entry.name, derivation, digest: opened.get(entry.name)?.digest }];
  });
  const options: WorkerOptions = {
    store,
    dataDir,
    backend: backend.name,
    checkpointS: Number.isFinite(checkpointS) ? checkpointS : null,
    sources: sourced(sweep).map(({ name, source }) => ({ name, source, digest: digestOf(name) })),
    variants: variants(sweep),
    derived,
  };
  const cache = join(PROJECT_ROOT, "data", "downloads", "cache");
  const set = backend.name === "tensorflow" ? "worker-tensorflow" : "worker";
  return [
    "run",
    "-q",
    "--no-prompt",
    `--config=${join(PROJECT_ROOT, "deno.json")}`,
    `-P=${set}`,
    `--allow-read=${[PROJECT_ROOT, store, dataDir, ...allSources(sweep).map(readableFor)].join(",")}`,
    `--allow-write=${[store, cache].join(",")}`,
    join(PROJECT_ROOT, "bench", "workers", "worker.ts"),
    JSON.stringify(options),
  ];
}
