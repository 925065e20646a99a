/** `deno task gallery`: pictures of whole runs for the documentation. */
import { basename, join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { isPresent, readIfPresent, removeIfPresent, writeAtomically } from "../../common/files.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { shellWord } from "../../common/shell.ts";
import { userFolder, userRun } from "../../common/user_paths.ts";
import { filesOfGallery, GALLERY_PAGE, galleryFiles, type GalleryRun } from "../../reports/paper/gallery.ts";
import { explainedRun } from "../run/command.ts";
import { QUICK_RUN } from "../run/out_folder.ts";
import { drawing, readRun, requireNoLoss, withRunsAccess } from "../run/read_run.ts";
import { once, reportInput, type RunResults } from "../run/report_input.ts";
import { sweepDigest } from "../sweeps/digest.ts";
import { sweeps } from "../sweeps/registry.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { withPaths } from "../sweeps/sourced.ts";

/** Where the gallery of the documentation is, relative to the project. */
const PLACE = "docs/gallery";

const HELP = `Usage: deno task gallery [DIR ...] [--out DIR] [--tables-only]

Draws ${PLACE} again: pictures of whole runs with captions, and the commands that make the
runs. The same results give the same bytes.

  DIR ...        folders of the runs, each of a sweep of its own (default: reports/runs/quick)
  --out DIR      folder to write to (default: ${PLACE}); one that holds anything but a gallery
                 is refused
  --tables-only  where the store of a run lacks what figures picture, draw the others, even in
                 place of a gallery that is there
  --verbose      ${VERBOSE_HELP}
  --help         this text

Exit status: 0 drawn, 1 drawn without what a store lacks, 2 not drawn.`;

const PROGRAM = { set: "gallery", script: "bench/commands/gallery.ts" };

/** What makes a run again: the name of its sweep where that is built in, else a file that has it. */
export function galleryRun(results: Pick<RunResults, "sweep" | "manifest">, input: GalleryRun["input"]): GalleryRun {
  const { sweep, manifest: { backend: { name: backend } } } = results;
  const { name } = sweep;
  const builtIn = (sweeps as Readonly<Record<string, Sweep>>)[name];
  const known = builtIn !== undefined && sweepDigest(builtIn) === sweepDigest(sweep);
  const file = `${name}.json`;
  const text = JSON.stringify(
    { $schema: "../sweep.schema.json", ...withPaths(sweep, (path) => basename(path)) },
    undefined,
    2,
  );
  const flags = known ? `--profile ${shellWord(name)}` : `--sweep ${shellWord(`${PLACE}/${file}`)}`;
  return {
    ...{ name, backend, input },
    commands: [`deno task bench ${flags} --backend ${backend}`],
    files: known ? {} : { [file]: `${text}\n` },
  };
}

/** The command that draws the gallery of runs that lie where they are written by default. */
export function galleryCommand(runs: readonly Pick<GalleryRun, "name">[]): string {
  return ["deno task gallery", ...runs.map(({ name }) => shellWord(`reports/runs/${name}`))].join(" ");
}

/** The files of a gallery that is drawn in place of another one, or of nothing. @throws UsageError where the folder is anything else */
function earlierFiles(out: string): string[] {
  const page = readIfPresent(join(out, GALLERY_PAGE));
  const files = page === undefined ? undefined : filesOfGallery(new TextDecoder().decode(page));
  if (files !== undefined) return files;
  if (!isPresent(out) || [...Deno.readDirSync(out)].length === 0) return [];
  throw new UsageError(`--out ${out} holds something else than a gallery; choose another --out`);
}

/** Draws the runs in some folders. @returns the names of the files, and what the pictures lack */
export async function drawGallery(
  folders: readonly string[],
  out: string,
  tablesOnly: boolean,
): Promise<{ names: string[]; lacks: string }> {
  const earlier = earlierFiles(out);
  const runs: GalleryRun[] = [];
  const lacks: string[] = [];
  for (const folder of folders) {
    const results = await readRun(folder);
    requireNoLoss(results, out, earlier.length > 0 && !tablesOnly);
    if (results.lacks !== "") lacks.push(results.lacks);
    const run = galleryRun(results, reportInput(results));
    const twin = runs.findIndex(({ name }) => name === run.name);
    if (twin >= 0) {
      throw new UsageError(
        `${
          folders[twin]
        } and ${folder} are both runs of "${run.name}", whose pictures would have the same names; name one of them`,
      );
    }
    runs.push(run);
  }
  const files = await galleryFiles(runs, galleryCommand(runs), once((line) => console.error(`note: ${line}`)));
  Deno.mkdirSync(out, { recursive: true });
  for (const [name, content] of files) writeAtomically(join(out, name), content);
  for (const name of earlier) if (!files.has(name)) removeIfPresent(join(out, name));
  return { names: [...files.keys()], lacks: lacks.join("; ") };
}

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out", "_"],
      boolean: ["help", "tables-only"],
      unknown: (arg: string) => {
        if (!arg.startsWith("-")) return true;
        throw new UsageError(`Unknown flag "${arg}": deno task gallery takes DIR ..., --out DIR and --tables-only`);
      },
    });
    requireGivenOnce(argv, ["out"]);
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    const folders = flags._.length === 0 ? [QUICK_RUN] : flags._.map((text) => userRun("DIR", String(text)));
    const out = flags.out === undefined ? join(PROJECT_ROOT, PLACE) : userFolder("--out", flags.out);
    const elsewhere = await withRunsAccess(PROGRAM, args, folders, out);
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const { names, lacks } = await drawing(() => drawGallery(folders, out, flags["tables-only"]));
    console.log(`${names.length} files in ${out}`);
    if (lacks === "") return EXIT.ok;
    console.error(`They lack ${lacks}`);
    return EXIT.failed;
  });
}

if (import.meta.main) await runCommand(main);
