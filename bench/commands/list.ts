/** `deno task list`: what there is to choose from, one line and source each. */
import { backendEntries, type BackendEntry } from "../../algorithms/tensor/backends.ts";
import { models } from "../../algorithms/models/registry.ts";
import { ALGORITHM_FAMILIES } from "../../algorithms/algorithm.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { type DataSetEntry, dataSets } from "../../data/mod.ts";
import { defaultDataDir } from "../../common/project.ts";
import { started, startNothingMore, withAccess } from "../../common/permissions.ts";
import { EXIT } from "../../common/errors.ts";
import { sweeps } from "../sweeps/registry.ts";

interface Line {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** Why it cannot be used here. */
  readonly missing?: string;
}

function section(title: string, entries: readonly Line[]): string[] {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return [
    title,
    ...entries.flatMap(({ name, summary, source, missing }) => [
      `  ${name.padEnd(width)}  ${summary} [${source}]`,
      ...(missing === undefined ? [] : [`  ${"".padEnd(width)}  not here: ${missing}`]),
    ]),
    "",
  ];
}

/** The lines of `deno task list`. */
export async function listing(): Promise<string[]> {
  const dataDir = defaultDataDir();
  const data = Object.values(dataSets).map(async (entry: DataSetEntry) => ({
    ...entry,
    missing: await entry.missing(dataDir),
  }));
  const backends = Object.values(backendEntries).map(async (entry: BackendEntry) => ({
    ...entry,
    missing: await entry.missing(),
  }));
  const profiles = Object.values(sweeps).map(({ name, title, datasets }) => ({
    name,
    summary: `${title} on ${datasets.map((entry) => entry.name).join(", ")}`,
    source: `bench/sweeps/${name}.ts`,
  }));
  return [
    ...ALGORITHM_FAMILIES.flatMap((family) => {
      const own = Object.values(algorithms).filter((algorithm) => algorithm.family === family);
      return own.length === 0 ? [] : section(`Algorithms: ${family}`, own);
    }),
    ...section("Data sets", await Promise.all(data)),
    ...section("Models", Object.values(models)),
    ...section("Backends", await Promise.all(backends)),
    ...section("Profiles", profiles),
  ].slice(0, -1);
}

if (import.meta.main) {
  const { argv } = started(Deno.args);
  if (argv.length > 0) {
    console.error(`error: deno task list takes no arguments, got "${argv.join(" ")}"`);
    Deno.exit(EXIT.usage);
  }
  const program = { set: "list", script: "bench/commands/list.ts" };
  const elsewhere = await withAccess(program, Deno.args, { read: [defaultDataDir()] });
  if (elsewhere !== undefined) Deno.exit(elsewhere);
  startNothingMore();
  for (const line of await listing()) console.log(line);
}
