import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { download, md5Of } from "./download.ts";
import { temporaryFolder } from "../testing/mod.ts";

const CONTENT = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) % 251);
const MD5 = createHash("md5").update(CONTENT).digest("hex");

/** A local server and what it was asked. */
function serve(
  answer: (request: Request, count: number) => Response | Promise<Response>,
): { url: string; ranges: (string | null)[] } & AsyncDisposable {
  const ranges: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    ranges.push(request.headers.get("range"));
    return answer(request, ranges.length);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/file.zip`,
    ranges,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Answers like a file server that understands ranges. */
function ranged(request: Request, content = CONTENT): Response {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  if (start === 0) return new Response(content);
  if (start >= content.length) return new Response(null, { status: 416 });
  return new Response(content.slice(start), {
    status: 206,
    headers: { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` },
  });
}

/** Sends the first bytes of an answer, then breaks the connection. */
function broken(bytes: Uint8Array, promised: number, headers: Record<string, string> = {}, status = 200): Response {
  let sent = false;
  const body = new ReadableStream({
    async pull(controller) {
      if (!sent) {
        sent = true;
        controller.enqueue(bytes);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.close();
    },
  });
  return new Response(body, { status, headers: { "content-length": String(promised), ...headers } });
}

const files = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("a download appears whole, under its name only", async () => {
  await using server = serve((request) => ranged(request));
  using folder = temporaryFolder();
  const path = join(folder.path, "sub", "file.zip");
  const progress: [number, number | undefined][] = [];
  await download({ url: server.url, path, md5: MD5 }, { onProgress: (...now) => progress.push(now) });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
  assert.deepEqual(files(join(folder.path, "sub")), ["file.zip"]);
  assert.deepEqual(progress.at(-1), [CONTENT.length, CONTENT.length]);
  assert.equal(await md5Of(path), MD5);
});

Deno.test("a connection that breaks is taken up where it broke", async () => {
  await using server = serve((request, count) =>
    count === 1 ? broken(CONTENT.subarray(0, 20_000), CONTENT.length) : ranged(request)
  );
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  await download({ url: server.url, path, md5: MD5 }, { pauseMs: 1 });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
  assert.deepEqual(server.ranges, [null, "bytes=20000-"]);
});

Deno.test("a download that was given up is continued by the next run", async () => {
  let healthy = false;
  await using server = serve((request) =>
    healthy
      ? ranged(request)
      : request.headers.has("range")
      ? new Response("busy", { status: 503 })
      : broken(CONTENT.subarray(0, 7_000), CONTENT.length)
  );
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  const file = { url: server.url, path, md5: MD5 };
  await assert.rejects(download(file, { attempts: 2, pauseMs: 1 }), {
    name: "DataError",
    message:
      /Cannot download .*file\.zip: the server answered 503 .*run the command again to go on, or fetch .* save it as /,
  });
  assert.deepEqual(files(folder.path), ["file.zip.part"]);
  healthy = true;
  await download(file);
  assert.equal(server.ranges.at(-1), "bytes=7000-");
  assert.deepEqual(files(folder.path), ["file.zip"]);
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
});

Deno.test("a server without ranges is read from the start again", async () => {
  await using server = serve(() => new Response(CONTENT));
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  Deno.writeFileSync(`${path}.part`, CONTENT.subarray(0, 9_000));
  await download({ url: server.url, path, md5: MD5 });
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
});

Deno.test("a beginning of something else is thrown away, and one that is complete is used", async () => {
  await using server = serve((request) => ranged(request));
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  for (const part of [new Uint8Array(9_000).fill(7), new Uint8Array(60_000).fill(7), CONTENT]) {
    Deno.writeFileSync(`${path}.part`, part);
    await download({ url: server.url, path, md5: MD5 }, { pauseMs: 1 });
    assert.deepEqual(Deno.readFileSync(path), CONTENT);
    assert.deepEqual(files(folder.path), ["file.zip"]);
  }
});

Deno.test("a file with another md5 is refused and nothing is kept", async () => {
  await using server = serve(() => new Response("something else"));
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  await assert.rejects(download({ url: server.url, path, md5: MD5 }), {
    name: "DataError",
    message: new RegExp(`is not the expected file: its md5 is [0-9a-f]{32} instead of ${MD5}`),
  });
  assert.deepEqual(files(folder.path), []);
});

Deno.test("a refusal, an endless file and a silent server end in one clear line", async () => {
  await using absent = serve(() => new Response("no", { status: 404 }));
  await using silent = serve(() =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(CONTENT.subarray(0, 10));
        },
      }),
    )
  );
  await using endless = serve(() => new Response(CONTENT));
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  const attempt = (url: string) => download({ url, path, md5: MD5 }, { attempts: 1, stallMs: 100, maxBytes: 40_000 });
  await assert.rejects(attempt(absent.url), { name: "DataError", message: /the server answered 404 .*You can fetch/ });
  assert.equal(absent.ranges.length, 1, "a refusal is final");
  await assert.rejects(attempt(silent.url), { name: "DataError", message: /the server went silent/ });
  await assert.rejects(attempt(endless.url), { name: "DataError", message: /it has 50000 bytes/ });
});

Deno.test("no network is said in one line that tells how to get the file by hand", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "file.zip");
  // Port 1 on this machine: nothing listens there.
  const file = { url: "http://127.0.0.1:1/file.zip", path, md5: MD5 };
  await assert.rejects(download(file, { attempts: 1 }), (error: Error) => {
    assert.equal(error.name, "DataError");
    assert(error.message.startsWith("Cannot download http://127.0.0.1:1/file.zip: "), error.message);
    assert(error.message.endsWith(`fetch http://127.0.0.1:1/file.zip in a browser and save it as ${path}`));
    assert(!error.message.includes("\n"));
    return true;
  });
  assert.deepEqual(files(folder.path), []);
});
