/** Downloads that can be interrupted, are checked, and appear whole or not at all. */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { DataError } from "./dataset.ts";

/** One file to fetch. */
export interface Download {
  readonly url: string;
  /** Where the finished file goes; until then its beginning is kept in `<path>.part`. */
  readonly path: string;
  /** 32 hex digits. */
  readonly md5: string;
}

/** How to fetch it. */
export interface DownloadOptions {
  /** Called as bytes arrive; `total` is undefined when the server does not say. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** Tries before giving up when the connection fails. */
  readonly attempts?: number;
  /** Milliseconds between tries. */
  readonly pauseMs?: number;
  /** Milliseconds without a byte after which a connection has failed. */
  readonly stallMs?: number;
  /** More than this is not the file that was asked for. */
  readonly maxBytes?: number;
}

/** A failure that another try may mend. */
class ConnectionError extends Error {}

const HTTP_PARTIAL = 206;
const HTTP_RANGE_NOT_SATISFIABLE = 416;

/**
 * Fetches a file: continues an earlier, interrupted download, checks the md5 and only then gives the file its name.
 *
 * @throws DataError in one line that says what failed and how to get the file by hand
 */
export async function download(file: Download, options: DownloadOptions = {}): Promise<void> {
  const part = `${file.path}.part`;
  await Deno.mkdir(dirname(file.path), { recursive: true });
  const continued = await sizeOf(part) > 0;
  await fetchWhole(file, part, options);
  let actual = await md5Of(part);
  if (actual !== file.md5 && continued) {
    // The old beginning may belong to something else: once more from the start.
    await Deno.remove(part);
    await fetchWhole(file, part, options);
    actual = await md5Of(part);
  }
  if (actual !== file.md5) {
    await Deno.remove(part);
    throw new DataError(
      `${file.url} is not the expected file: its md5 is ${actual} instead of ${file.md5}. Nothing was kept; run the command again, or ${
        byHand(file)
      }`,
    );
  }
  await Deno.rename(part, file.path);
}

/** Fetches what `part` lacks, trying again when the connection fails. */
async function fetchWhole(file: Download, part: string, options: DownloadOptions): Promise<void> {
  const { attempts = 3, pauseMs = 1_000 } = options;
  for (let attempt = 1;; attempt++) {
    try {
      return await fetchRest(file, part, options);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (attempt >= attempts) {
        throw new DataError(
          `Cannot download ${file.url}: ${error.message}. What has arrived is kept: run the command again to go on, or ${
            byHand(file)
          }`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}

/** md5 of a file as 32 hex digits. */
export async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

function byHand({ url, path }: Download): string {
  return `fetch ${url} in a browser and save it as ${path}`;
}

/** Appends to `part` what it lacks. */
async function fetchRest(file: Download, part: string, options: DownloadOptions): Promise<void> {
  const { onProgress, stallMs = 30_000, maxBytes = 64 * 1024 * 1024 } = options;
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), stallMs);
  try {
    const have = await sizeOf(part);
    const response = await request(file.url, have, stall.signal);
    if (response.status === HTTP_RANGE_NOT_SATISFIABLE && have > 0) {
      await response.body?.cancel();
      // Either everything is there already, or the beginning belongs to another file.
      if (await md5Of(part) === file.md5) return;
      await Deno.remove(part);
      throw new ConnectionError("the interrupted download does not fit the file");
    }
    if (!response.ok || response.body === null) throw await refusal(response, file);

    const resumed = response.status === HTTP_PARTIAL && startOf(response) === have;
    if (response.status === HTTP_PARTIAL && !resumed) {
      await response.body.cancel();
      await Deno.remove(part).catch(() => {});
      throw new ConnectionError("the server sent another part of the file than asked for");
    }
    let received = resumed ? have : 0;
    const length = Number(response.headers.get("content-length"));
    const total = length > 0 ? received + length : undefined;
    using out = await Deno.open(part, { write: true, create: true, append: resumed, truncate: !resumed });
    for await (const chunk of guarded(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), stallMs);
      received += chunk.length;
      if (received > maxBytes) {
        throw new DataError(`${file.url} is not the expected file: it has over ${maxBytes} bytes`);
      }
      for (let at = 0; at < chunk.length;) at += await out.write(chunk.subarray(at));
      onProgress?.(received, total);
    }
    if (total !== undefined && received < total) {
      throw new ConnectionError(`the connection ended after ${received} of ${total} bytes`);
    }
    await out.syncData();
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: string, have: number, signal: AbortSignal): Promise<Response> {
  // Ranges of a compressed transfer would be ranges of something else.
  const headers = new Headers({ "accept-encoding": "identity" });
  if (have > 0) headers.set("range", `bytes=${have}-`);
  try {
    return await fetch(url, { headers, signal });
  } catch (error) {
    throw connectionError(error);
  }
}

async function* guarded(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read().catch((error) => {
        throw connectionError(error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Network failures are worth another try; a missing permission is not. */
function connectionError(error: unknown): unknown {
  if (error instanceof Deno.errors.NotCapable) return error;
  if (error instanceof DOMException && error.name === "AbortError") {
    return new ConnectionError("the server went silent");
  }
  // fetch says "fetch failed" and gives the chain of reasons in its cause; the last one tells the user most.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = reason instanceof Error ? reason.message : String(reason);
  return new ConnectionError(text.split("\n")[0].replace(/^.*\): /, ""));
}

async function refusal(response: Response, file: Download): Promise<Error> {
  await response.body?.cancel();
  const answer = `the server answered ${response.status} ${response.statusText}`.trim();
  if (response.status >= 500) return new ConnectionError(answer);
  return new DataError(`Cannot download ${file.url}: ${answer}. You can ${byHand(file)}`);
}

/** First byte of a partial answer. */
function startOf(response: Response): number | undefined {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match === null ? undefined : Number(match[1]);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
