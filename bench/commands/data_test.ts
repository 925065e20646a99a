import assert from "node:assert/strict";
import { join } from "node:path";
import { main } from "./data.ts";
import { syntheticOmniglot, temporaryFolder } from "../../data/testing/mod.ts";

const SYNTHETIC = syntheticOmniglot();
const { archiveSet } = SYNTHETIC;

/** Serves the synthetic archives. */
function serve(): { baseUrl: string; requests: string[] } & AsyncDisposable {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const name = new URL(request.url).pathname.slice("/files/".length);
    requests.push(name);
    const index = archiveSet.archives.findIndex(({ file }) => file === name);
    return index < 0 ? new Response(null, { status: 404 }) : new Response(SYNTHETIC.zips[index]);
  });
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/files`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function run(args: string[], baseUrl?: string): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const status = await main(args, (line) => lines.push(line), { archiveSet, baseUrl, attempts: 1 });
  return { status, lines };
}

Deno.test("the command downloads what is absent and only checks what is there", async () => {
  await using server = serve();
  using folder = temporaryFolder();
  const args = ["omniglot", "--data-dir", folder.path];
  const first = await run(args, server.baseUrl);
  assert.equal(first.status, 0, first.lines.join("\n"));
  assert.deepEqual(server.requests, ["first.zip", "second.zip"]);
  assert(first.lines[0].endsWith("first.zip: downloaded, md5 verified"), first.lines[0]);
  const second = await run(args, server.baseUrl);
  assert.equal(second.status, 0);
  assert.equal(server.requests.length, 2);
  assert(second.lines[0].endsWith("first.zip: was there, md5 verified"), second.lines[0]);
});

Deno.test("a file that is there but damaged is named, kept and exits 1", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "omniglot", "first.zip");
  Deno.mkdirSync(join(folder.path, "omniglot"));
  Deno.writeTextFileSync(path, "not a zip");
  const { status, lines } = await run(["--data-dir", folder.path]);
  assert.equal(status, 1);
  assert.deepEqual(lines.length, 1);
  assert.match(lines[0], /first\.zip cannot be used: it is not a whole zip file .* run `deno task data omniglot/);
  assert.equal(Deno.readTextFileSync(path), "not a zip");
});

Deno.test("wrong usage exits 2 with one line and suggests the nearest name", async () => {
  const cases: [string[], RegExp][] = [
    [["omnigot"], /Unknown data set "omnigot"\. Did you mean "omniglot"\?/],
    [["omni"], /Unknown data set "omni"\. Did you mean "omniglot"\? Known: sinusoid, /],
    [["nosuch"], /^error: Unknown data set "nosuch"\. Known: sinusoid, .*tides-oceania$/],
    [["--datadir", "x"], /Unknown flag --datadir/],
    [["--data-dir"], /--data-dir needs/],
  ];
  for (const [args, expected] of cases) {
    const { status, lines } = await run(args);
    assert.equal(status, 2, args.join(" "));
    assert.equal(lines.length, 1);
    assert.match(lines[0], expected);
  }
});

Deno.test("generated data sets have nothing to download, and help documents the flags", async () => {
  assert.deepEqual(await run(["sinusoid"]), { status: 0, lines: ["sinusoid: generated, nothing to download"] });
  const { status, lines } = await run(["--help"]);
  assert.equal(status, 0);
  assert.match(lines.join("\n"), /--data-dir DIR .*BENCH_DATA_DIR/);
});

Deno.test("without a network the command says so, names a second source and the place for a file by hand, and exits 1", async () => {
  using folder = temporaryFolder();
  const { status, lines } = await run(["--data-dir", folder.path], "http://127.0.0.1:1");
  assert.equal(status, 1);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0],
    /^error: Cannot download http:\/\/127\.0\.0\.1:1\/first\.zip: .* in a browser, or take it from the folder python\/ of `git clone https:\/\/github\.com\/brendenlake\/omniglot`, and save it as \S+\/omniglot\/first\.zip$/,
  );
});
