/** Downloads that can be interrupted, are checked, and appear whole or not at all. */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { DataError } from "../contract/dataset.ts";

/** One file to fetch. */
export interface Download {
  readonly url: string;
  /** Where the finished file goes; until then its beginning is kept in `<path>.part`. */
  readonly path: string;
  /** 32 hex digits. */
  readonly md5: string;
  /** Where else the same file is, in words that follow "take it". */
  readonly elsewhere?: string;
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
  /** Milliseconds after which a transfer has failed, however steadily it drips. */
  readonly limitMs?: number;
  /** More than this is not the file that was asked for. */
  readonly maxBytes?: number;
}

/** Redirects within a host that are followed. */
const MAX_REDIRECTS = 5;

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
    await forget(part);
    await fetchWhole(file, part, options);
    actual = await md5Of(part);
  }
  if (actual !== file.md5) {
    await forget(part);
    throw new DataError(
      `${file.url} is not the expected file: its md5 is ${actual} instead of ${file.md5}. Nothing was kept; run the command again, or ${
        byHand(file)
      }`,
    );
  }
  await Deno.rename(part, file.path);
  await forget(part);
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

function byHand({ url, path, elsewhere }: Download): string {
  const other = elsewhere === undefined ? "" : `, or take it ${elsewhere},`;
  return `fetch ${url} in a browser${other} and save it as ${path}`;
}

/** Appends to `part` what it lacks. */
async function fetchRest(file: Download, part: string, options: DownloadOptions): Promise<void> {
  const { onProgress, stallMs = 30_000, limitMs = 3_600_000, maxBytes = 64 * 1024 * 1024 } = options;
  const stall = new AbortController();
  const limit = setTimeout(() => stall.abort(), limitMs);
  let timer = setTimeout(() => stall.abort(), stallMs);
  try {
    const have = await sizeOf(part);
    const response = await request(file, have, stall.signal, have > 0 ? await readTag(part) : undefined);
    if (response.status === HTTP_RANGE_NOT_SATISFIABLE && have > 0) {
      await response.body?.cancel();
      // Either everything is there already, or the beginning belongs to another file.
      if (await md5Of(part) === file.md5) return;
      await forget(part);
      throw new ConnectionError("the interrupted download does not fit the file");
    }
    if (!response.ok || response.body === null) throw await refusal(response, file);

    const resumed = response.status === HTTP_PARTIAL && startOf(response) === have;
    if (response.status === HTTP_PARTIAL && !resumed) {
      await response.body.cancel();
      await forget(part);
      throw new ConnectionError("the server sent another part of the file than asked for");
    }
    let received = resumed ? have : 0;
    const length = Number(response.headers.get("content-length"));
    const total = length > 0 ? received + length : undefined;
    if (total !== undefined && total > maxBytes) {
      await response.body.cancel();
      throw tooLarge(file, total);
    }
    if (!resumed) await writeTag(part, response.headers.get("etag"));
    using out = await Deno.open(part, { write: true, create: true, append: resumed, truncate: !resumed });
    for await (const chunk of guarded(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), stallMs);
      received += chunk.length;
      if (received > maxBytes) {
        throw tooLarge(file, `over ${maxBytes}`);
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
    clearTimeout(limit);
  }
}

function tooLarge({ url }: Download, bytes: number | string): DataError {
  return new DataError(`${url} is not the expected file: it has ${bytes} bytes`);
}

/** Asks for a file, or for what follows its first bytes if it is still the one with this tag; goes to no other host. */
async function request(file: Download, have: number, signal: AbortSignal, tag: string | undefined): Promise<Response> {
  // Ranges of a compressed transfer would be ranges of something else.
  const headers = new Headers({ "accept-encoding": "identity" });
  if (have > 0) headers.set("range", `bytes=${have}-`);
  if (tag !== undefined) headers.set("if-range", tag);
  let url = new URL(file.url);
  for (let redirects = 0;; redirects++) {
    let response: Response;
    try {
      response = await fetch(url, { headers, signal, redirect: "manual" });
    } catch (error) {
      throw connectionError(error);
    }
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url);
    if (next?.origin !== url.origin) {
      throw new DataError(
        `Cannot download ${file.url}: the server sends on to ${next?.origin ?? "no address"}, which is not followed. ` +
          `You can ${byHand(file)}`,
      );
    }
    if (redirects >= MAX_REDIRECTS) {
      throw new DataError(
        `Cannot download ${file.url}: more than ${MAX_REDIRECTS} redirects. You can ${byHand(file)}`,
      );
    }
    url = next;
  }
}

/** The server's name for the version of a file that an interrupted download began with, kept beside it. */
async function readTag(part: string): Promise<string | undefined> {
  const tag = await Deno.readTextFile(`${part}.etag`).catch(() => "");
  return isStrongTag(tag) ? tag : undefined;
}

async function writeTag(part: string, tag: string | null): Promise<void> {
  if (tag !== null && isStrongTag(tag)) await Deno.writeTextFile(`${part}.etag`, tag);
  else await Deno.remove(`${part}.etag`).catch(() => {});
}

/** Weak tags stand for files that are not the same byte for byte. */
function isStrongTag(tag: string): boolean {
  return /^"[\x21\x23-\x7e]{1,256}"$/.test(tag);
}

/** Drops an interrupted download. */
async function forget(part: string): Promise<void> {
  for (const path of [part, `${part}.etag`]) await Deno.remove(path).catch(() => {});
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
    return new ConnectionError("the server went silent or took too long");
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
