/** Derives deno.jsr.json, which takes @std packages from JSR itself, from deno.json, which takes the stand-ins. */

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

if (import.meta.main) Deno.writeTextFileSync(configs.jsr, jsrConfig(Deno.readTextFileSync(configs.links)));
