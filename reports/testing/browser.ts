/** The browser that tests look at pages with. */
import { strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Seen } from "./browse.ts";
import { Subprocess } from "../../common/subprocess.ts";
import type { Inspected } from "./inspect.ts";

/** Path of a Chromium; undefined where there is none. */
export const browser: string | undefined = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((path) => existsSync(path));

/** Opens a page in the browser. */
export async function see(file: string): Promise<Seen> {
  return await printed<Seen>("browse.ts", file);
}

/** Looks at a page at several widths and does with it what a reader can do. */
export async function inspect(file: string): Promise<Inspected> {
  return await printed<Inspected>("inspect.ts", file);
}

/** What a program of this folder prints about a page. */
async function printed<T>(name: string, file: string): Promise<T> {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const { code, stdout, stderr } = await Subprocess.deno({
    args: ["run", "-q", "-A", program, browser ?? "", file],
  }).output();
  const text = new TextDecoder();
  strictEqual(code, 0, text.decode(stderr));
  return JSON.parse(text.decode(stdout).trim().split("\n").at(-1) ?? "");
}
