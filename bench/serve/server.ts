/**
 * Serves the page about a run to this machine: a process of its own, which may read the run's files and listen on 127.0.0.1, and write and start nothing.
 * It ends with the process that started it. Arguments: {@linkcode ServeOptions} as JSON.
 */
import { explained } from "../../common/command.ts";
import { EXIT, oneLine, UsageError } from "../../common/errors.ts";
import { Html } from "../../reports/view/html.ts";
import { readStatus } from "../run/live_status.ts";
import { type Interim, Watcher } from "./interim.ts";
import { drawCurves, livePage, POLICY } from "./page.ts";
import { HOST, READY, type ServeOptions } from "./protocol.ts";

/** Least time between two looks at the store. */
const LOOK_MS = 3_000;
/** Looking takes at most one part in so many of the time. */
const SPARING = 10;

/** What was found at the last look. */
interface Seen {
  readonly interim: Interim | undefined;
  readonly curves: readonly Html[];
  readonly trouble: string;
}

const HEADERS = {
  "content-security-policy": POLICY,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
} as const;

/**
 * Answers a request: `/` is the page, `/status.json` what the run says of itself, and nothing else is there. Only this machine's own name for itself is
 * answered, so that no page from elsewhere reads this one under a name of its own.
 */
export function answer(request: Request, { out, seen }: { readonly out: string; readonly seen: Seen }): Response {
  const { hostname, pathname } = new URL(request.url);
  const plain = (status: number, text: string, more: Record<string, string> = {}) =>
    new Response(request.method === "HEAD" ? null : text, {
      status,
      headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8", ...more },
    });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "This page is for reading only\n", { allow: "GET, HEAD" });
  }
  if (hostname !== HOST && hostname !== "localhost") return plain(403, "This page is for this machine only\n");
  const status = readStatus(out);
  if (pathname === "/status.json") {
    if (status === undefined) return plain(404, "The run has not begun to compute\n");
    return plain(200, JSON.stringify(status) + "\n", { "content-type": "application/json" });
  }
  if (pathname !== "/") return plain(404, "There is only / and /status.json\n");
  return plain(200, livePage({ out, status, ...seen }), { "content-type": "text/html; charset=utf-8" });
}

async function serve({ out, port }: ServeOptions): Promise<never> {
  let seen: Seen = { interim: undefined, curves: [], trouble: "" };
  try {
    Deno.serve({
      hostname: HOST,
      port,
      onListen: (address) => console.log(`${READY}${address.port}`),
      onError: (error) => new Response(`${oneLine(error)}\n`, { status: 500, headers: HEADERS }),
    }, (request) => answer(request, { out, seen }));
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse) && !(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new UsageError(
      `Cannot serve on port ${port} (${oneLine(error)}); name another with --serve=PORT, or leave the port out`,
    );
  }
  const watcher = new Watcher(out);
  for (;;) {
    const start = performance.now();
    seen = await look(watcher);
    const took = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, Math.max(LOOK_MS, SPARING * took)));
  }
}

/** What cannot be read while others write it may be readable the next time. */
async function look(watcher: Watcher): Promise<Seen> {
  try {
    const interim = await watcher.look();
    return { interim, curves: interim === undefined ? [] : await drawCurves(interim), trouble: "" };
  } catch (error) {
    return { interim: undefined, curves: [], trouble: `Nothing can be said of its results yet: ${oneLine(error)}` };
  }
}

/** Ends this process when its standard input does: with the run, however that ends. */
async function endWithRun(): Promise<never> {
  try {
    for await (const _ of Deno.stdin.readable);
  } catch {
    // A broken pipe says the same.
  }
  Deno.exit(EXIT.ok);
}

if (import.meta.main) {
  void endWithRun();
  Deno.exit(
    await explained(Deno.args, console.error, ({ argv }) => serve(JSON.parse(argv[0]) as ServeOptions)),
  );
}
