/** Derives deno.jsr.json, which takes @std packages from JSR itself, from deno.json, which takes the stand-ins. */
import { explained, runCommand, VERBOSE_HELP } from "../common/command.ts";
import { EXIT, UsageError } from "../common/errors.ts";

/** Where both configurations lie. */
export const configs: { readonly links: URL; readonly jsr: URL } = {
  links: new URL("../deno.json", import.meta.url),
  jsr: new URL("../deno.jsr.json", import.meta.url),
};

/**
 * The same configuration without stand-ins, and without a lock file (deno.lock is written against the stand-ins).
 *
 * @param text deno.json
 * @returns deno.jsr.json
 */
export function jsrConfig(text: string): string {
  const { links: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return `${JSON.stringify({ ...rest, lock: false }, null, 2)}\n`;
}

const HELP = `Usage: deno task jsr

Derives deno.jsr.json, which takes @std packages from JSR itself, from deno.json.

  --verbose  ${VERBOSE_HELP}
  --help     this text`;

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explained(args, console.error, ({ argv }) => {
    if (argv.includes("--help")) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (argv.length > 0) throw new UsageError(`deno task jsr takes no arguments, got "${argv.join(" ")}"`);
    Deno.writeTextFileSync(configs.jsr, jsrConfig(Deno.readTextFileSync(configs.links)));
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
