/** `deno task docs`: writes what is generated from the schemas and from results. */
import { join } from "node:path";
import { explained, runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { PAGES } from "../docs/pages.ts";

const HELP = `Usage: deno task docs

Writes what is generated from the schemas and from results: ${Object.keys(PAGES).join(", ")}.

  --verbose  ${VERBOSE_HELP}
  --help     this text`;

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, ({ argv }) => {
    if (argv.includes("--help")) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (argv.length > 0) throw new UsageError(`deno task docs takes no arguments, got "${argv.join(" ")}"`);
    for (const [path, page] of Object.entries(PAGES)) Deno.writeTextFileSync(join(PROJECT_ROOT, path), page());
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
