import { Subprocess } from "../../common/subprocess.ts";
import { deepStrictEqual as equal } from "node:assert";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
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

/** Runs git in a folder, with nobody's settings. */
async function git(root: string, ...args: string[]): Promise<void> {
  const own = ["-c", "user.name=a", "-c", "user.email=a@b", "-C", root];
  const { success, stderr } = await new Subprocess("git", {
    args: [...own, ...args],
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function hasGit(): Promise<boolean> {
  try {
    return (await new Subprocess("git", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "checkouts that git itself made are read as it reads them, or said to be unknown: line ends, sparse, split, unmerged",
  ignore: !await hasGit(),
  fn: async () => {
    const root = await Deno.makeTempDir();
    const dirty = () => gitState(root)?.dirty;
    try {
      await git(root, "init", "-q");
      Deno.mkdirSync(join(root, "a"));
      Deno.mkdirSync(join(root, "b"));
      for (const name of ["a/one.ts", "b/two.ts", "three.ts"]) Deno.writeTextFileSync(join(root, name), "one\ntwo\n");
      await git(root, "add", "-A");
      await git(root, "commit", "-qm", "all");
      equal(dirty(), false);

      // As core.autocrlf checks files out; git has nothing against them either.
      await git(root, "config", "core.autocrlf", "true");
      Deno.removeSync(join(root, "three.ts"));
      await git(root, "checkout", "-q", "three.ts");
      equal(Deno.readTextFileSync(join(root, "three.ts")), "one\r\ntwo\r\n");
      equal(dirty(), false);
      Deno.writeTextFileSync(join(root, "three.ts"), "one\r\n2\r\n");
      equal(dirty(), true);
      await git(root, "checkout", "-q", "three.ts");

      await git(root, "sparse-checkout", "set", "--no-cone", "/a/", "/three.ts");
      equal([dirty(), existsSync(join(root, "b", "two.ts"))], [false, false]);
      Deno.writeTextFileSync(join(root, "a", "one.ts"), "1");
      equal(dirty(), true);
      await git(root, "checkout", "-q", "a/one.ts");
      await git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "a");
      equal(dirty(), null);
      await git(root, "sparse-checkout", "disable");

      await git(root, "update-index", "--assume-unchanged", "three.ts");
      equal(dirty(), null);
      await git(root, "update-index", "--no-assume-unchanged", "three.ts");
      equal(dirty(), false);
      await git(root, "update-index", "--split-index");
      equal(dirty(), null);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
