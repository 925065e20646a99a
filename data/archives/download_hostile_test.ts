import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { download, type DownloadOptions } from "./download.ts";
import { temporaryFolder } from "../testing/mod.ts";

const CONTENT = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) % 251);
const MD5 = createHash("md5").update(CONTENT).digest("hex");
const BEGUN = 9_000;

/** A local server and the paths it was asked for. */
function serve(
  answer: (request: Request, count: number) => Response,
): { origin: string; asked: string[] } & AsyncDisposable {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return answer(request, asked.length);
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

/** A file server that knows ranges and versions: `If-Range` of another version gets the whole file. */
function versioned(request: Request, content: Uint8Array<ArrayBuffer>, etag: string): Response {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  const condition = request.headers.get("if-range");
  if (start === 0 || (condition !== null && condition !== etag)) return new Response(content, { headers: { etag } });
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  return new Response(content.slice(start), { status: 206, headers: { etag, "content-range": range } });
}

/** Sends bytes, then nothing; or, with a pause, more and more. */
function endless(bytes: Uint8Array, pauseMs: number | undefined): Response {
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      if (pauseMs !== undefined) timer = setInterval(() => controller.enqueue(bytes.subarray(0, 1)), pauseMs);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(body);
}

async function refused(folder: string, url: string, message: RegExp, options: DownloadOptions = {}): Promise<void> {
  const path = join(folder, "file.zip");
  await assert.rejects(download({ url, path, md5: MD5 }, { attempts: 1, pauseMs: 1, ...options }), (error: Error) => {
    assert.equal(error.name, "DataError", String(error.stack));
    assert.match(error.message, message);
    assert(!error.message.includes("\n"), error.message);
    return true;
  });
  assert(!files(folder).includes("file.zip"), "nothing appears under the file's name");
}

const files = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("a redirect within the host is followed, one to another host, protocol or nowhere is not", async () => {
  await using other = serve(() => new Response(CONTENT));
  await using server = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moved") return redirect("/file.zip");
    if (pathname === "/away") return redirect(`${other.origin}/file.zip`);
    if (pathname === "/local") return redirect("file:///etc/passwd");
    if (pathname === "/broken") return redirect("http://[");
    if (pathname === "/round") return redirect("/round");
    return new Response(CONTENT);
  });
  using folder = temporaryFolder();
  for (const [from, why] of [["away", other.origin], ["local", "null"], ["broken", "no address"]]) {
    const message = `/${from}: the server sends on to ${why}, which is not followed\\. You can fetch http`;
    await refused(folder.path, `${server.origin}/${from}`, new RegExp(message));
  }
  assert.deepEqual(other.asked, [], "the other host is never asked");
  await refused(folder.path, `${server.origin}/round`, /more than 5 redirects/);
  assert.deepEqual(files(folder.path), []);
  const path = join(folder.path, "file.zip");
  await download({ url: `${server.origin}/moved`, path, md5: MD5 });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
});

Deno.test("a file that changed between two tries is read from the start, not stitched together", async () => {
  const old = CONTENT.map((byte) => byte ^ 1);
  await using server = serve((request, count) =>
    count === 1
      ? new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(old.subarray(0, BEGUN));
          },
        }),
        { headers: { etag: '"old"' } },
      )
      : versioned(request, CONTENT, '"new"')
  );
  using folder = temporaryFolder();
  const url = `${server.origin}/file.zip`;
  await refused(folder.path, url, /went silent/, { stallMs: 100 });
  assert.deepEqual(files(folder.path), ["file.zip.part", "file.zip.part.etag"]);
  const path = join(folder.path, "file.zip");
  await download({ url, path, md5: MD5 });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
  assert.equal(server.asked.length, 2, "one more request is enough");
  assert.deepEqual(files(folder.path), ["file.zip"]);
});

Deno.test("the same version is continued where it stopped, and a weak tag promises nothing", async () => {
  for (const [etag, condition] of [['"same"', '"same"'], ['W/"same"', null], [`"${"x".repeat(300)}"`, null]] as const) {
    const conditions: (string | null)[] = [];
    await using server = serve((request, count) => {
      conditions.push(request.headers.get("if-range"));
      const whole = versioned(request, CONTENT, etag);
      if (count > 1) return whole;
      return new Response(endless(CONTENT.subarray(0, BEGUN), undefined).body, { headers: whole.headers });
    });
    using folder = temporaryFolder();
    const path = join(folder.path, "file.zip");
    const received: number[] = [];
    const onProgress = (bytes: number) => received.push(bytes);
    await download({ url: `${server.origin}/file.zip`, path, md5: MD5 }, { stallMs: 100, pauseMs: 1, onProgress });
    assert.deepEqual(Deno.readFileSync(path), CONTENT);
    assert.deepEqual(conditions, [null, condition]);
    assert(received.every((bytes, i) => i === 0 || bytes > received[i - 1]), "nothing is fetched twice");
  }
});

Deno.test("a tag that was tampered with cannot put anything else into the request", async () => {
  await using server = serve((request) => {
    assert.equal(request.headers.get("if-range"), null);
    return versioned(request, CONTENT, '"new"');
  });
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  Deno.writeFileSync(`${path}.part`, CONTENT.subarray(0, BEGUN));
  Deno.writeTextFileSync(`${path}.part.etag`, '"a"\r\nhost: elsewhere');
  await download({ url: `${server.origin}/file.zip`, path, md5: MD5 });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
});

Deno.test("a transfer that never ends is ended: silent, dripping, or larger than announced", async () => {
  await using silent = serve(() => endless(CONTENT.subarray(0, 10), undefined));
  await using dripping = serve(() => endless(CONTENT.subarray(0, 10), 10));
  await using large = serve(() => endless(CONTENT, 1));
  await using announced = serve(() => new Response(new Uint8Array(200_000)));
  using folder = temporaryFolder();
  await refused(folder.path, silent.origin, /went silent or took too long/, { stallMs: 100 });
  await refused(folder.path, dripping.origin, /went silent or took too long/, { stallMs: 5_000, limitMs: 200 });
  await refused(folder.path, large.origin, /has over 40000 bytes/, { maxBytes: 40_000 });
  await refused(folder.path, announced.origin, /has 200000 bytes/, { maxBytes: 60_000 });
});

Deno.test("a file shorter than announced, or another of the same size, is refused", async () => {
  const other = CONTENT.map((byte) => byte ^ 1);
  await using server = serve((request) => {
    if (new URL(request.url).pathname === "/other") return new Response(other);
    const headers = { "content-length": String(CONTENT.length) };
    return new Response(new Blob([CONTENT.slice(0, BEGUN)]).stream(), { headers });
  });
  using folder = temporaryFolder();
  await refused(folder.path, `${server.origin}/other`, /its md5 is [0-9a-f]{32} instead of/);
  assert.deepEqual(files(folder.path), [], "what is known to be wrong is not kept");
  await refused(folder.path, `${server.origin}/short`, /Cannot download .*: .*\. What has arrived is kept/);
});
