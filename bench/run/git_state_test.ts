import { deepStrictEqual as equal } from "node:assert";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { gitState } from "./git_state.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** An index (version 2) with these files, as git writes it. */
function indexOf(files: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(files).map(([name, text]) => {
    const bytes = new Uint8Array(Math.ceil((62 + name.length + 1) / 8) * 8);
    const view = new DataView(bytes.buffer);
    view.setUint32(24, 0o100644);
    view.setUint32(36, text.length);
    bytes.set(createHash("sha1").update(`blob ${text.length}\0${text}`).digest(), 40);
    view.setUint16(60, name.length);
    bytes.set(new TextEncoder().encode(name), 62);
    return bytes;
  });
  const head = new Uint8Array(12);
  head.set(new TextEncoder().encode("DIRC"));
  new DataView(head.buffer).setUint32(4, 2);
  new DataView(head.buffer).setUint32(8, entries.length);
  return Uint8Array.from([head, ...entries].flatMap((bytes) => [...bytes]));
}

Deno.test("commit and changes are read from a checkout's files", async () => {
  const root = await Deno.makeTempDir();
  try {
    equal(gitState(root), null);
    Deno.mkdirSync(join(root, ".git", "refs", "heads"), { recursive: true });
    Deno.writeTextFileSync(join(root, ".git", "HEAD"), "ref: refs/heads/main\n");
    equal(gitState(root), null);
    Deno.writeTextFileSync(join(root, ".git", "packed-refs"), `# pack-refs\n${COMMIT} refs/heads/main\n`);
    const files = { "a.ts": "one", "longer_name.ts": "two" };
    for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(join(root, name), text);
    Deno.writeFileSync(join(root, ".git", "index"), indexOf(files));
    equal(gitState(root), { commit: COMMIT, dirty: false });
    Deno.writeTextFileSync(join(root, "longer_name.ts"), "tow");
    equal(gitState(root), { commit: COMMIT, dirty: true });
    Deno.removeSync(join(root, "longer_name.ts"));
    equal(gitState(root), { commit: COMMIT, dirty: true });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
