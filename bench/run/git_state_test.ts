import { Subprocess } from "../../common/subprocess.ts";
import { deepStrictEqual as equal, ok } from "node:assert";
import { dirname, join } from "node:path";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readIndex } from "./git_index.ts";
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
async function git(root: string, ...args: string[]): Promise<string> {
  const own = ["-c", "user.name=a", "-c", "user.email=a@b", "-C", root];
  const { success, stdout, stderr } = await new Subprocess("git", {
    args: [...own, ...args],
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function hasGit(): Promise<boolean> {
  try {
    return (await new Subprocess("git", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}

/** What git says: whether a tracked file differs from what is staged. */
async function gitSaysDirty(root: string): Promise<boolean> {
  return await git(root, "diff-files", "--name-only") !== "";
}

const FILES = ["a/one.ts", "b/two.ts", "b/c/deep.ts", "three.ts", "größe & mehr.ts"];

/** A checkout of git's own with some files. */
async function withCheckout(use: (root: string, agree: (dirty: boolean) => Promise<void>) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    await git(root, "init", "-q");
    for (const name of FILES) {
      Deno.mkdirSync(dirname(join(root, name)), { recursive: true });
      Deno.writeTextFileSync(join(root, name), "one\ntwo\n");
    }
    await git(root, "add", "-A");
    await git(root, "commit", "-qm", "all");
    await use(root, async (dirty) => equal([gitState(root)?.dirty, await gitSaysDirty(root)], [dirty, dirty]));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const ignore = !await hasGit();

Deno.test({
  name: "checkouts that git itself made are read as it reads them: line ends, sparse, with a sparse index",
  ignore,
  fn: () =>
    withCheckout(async (root, agree) => {
      await agree(false);
      // As core.autocrlf checks files out; git has nothing against them either.
      await git(root, "config", "core.autocrlf", "true");
      Deno.removeSync(join(root, "three.ts"));
      await git(root, "checkout", "-q", "three.ts");
      equal(Deno.readTextFileSync(join(root, "three.ts")), "one\r\ntwo\r\n");
      await agree(false);
      Deno.writeTextFileSync(join(root, "three.ts"), "one\r\n2\r\n");
      await agree(true);
      await git(root, "checkout", "-q", "three.ts");

      await git(root, "sparse-checkout", "set", "--no-cone", "/a/", "/three.ts");
      equal(existsSync(join(root, "b", "two.ts")), false);
      await agree(false);
      Deno.writeTextFileSync(join(root, "a", "one.ts"), "1");
      await agree(true);
      await git(root, "checkout", "-q", "a/one.ts");
      await git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "a");
      await agree(false);
      Deno.writeTextFileSync(join(root, "a", "one.ts"), "1");
      await agree(true);
      await git(root, "checkout", "-q", "a/one.ts");
      Deno.mkdirSync(join(root, "b"));
      equal(gitState(root)?.dirty, null);
      Deno.removeSync(join(root, "b"));
      await git(root, "sparse-checkout", "disable");
      await agree(false);

      await git(root, "update-index", "--assume-unchanged", "three.ts");
      equal(gitState(root)?.dirty, null);
      await git(root, "update-index", "--no-assume-unchanged", "three.ts");
      await agree(false);
    }),
});

for (const version of ["2", "4"]) {
  Deno.test({
    name: `a split index of version ${version} is read as git reads it: what is shared, replaced, deleted and added`,
    ignore,
    fn: () =>
      withCheckout(async (root, agree) => {
        await git(root, "update-index", "--index-version", version);
        await agree(false);
        // Nothing goes back into what is shared.
        await git(root, "config", "splitIndex.maxPercentChange", "100");
        await git(root, "update-index", "--split-index");
        ok([...Deno.readDirSync(join(root, ".git"))].some(({ name }) => name.startsWith("sharedindex.")));
        await agree(false);
        Deno.writeTextFileSync(join(root, "b", "two.ts"), "another");
        await agree(true);
        await git(root, "add", "b/two.ts");
        await agree(false);
        await git(root, "rm", "-q", "--cached", "a/one.ts");
        Deno.writeTextFileSync(join(root, "a", "new.ts"), "new");
        await git(root, "add", "a/new.ts");
        await agree(false);
        Deno.writeTextFileSync(join(root, "a", "one.ts"), "no longer looked at");
        await agree(false);
        Deno.writeTextFileSync(join(root, "a", "new.ts"), "newer");
        await agree(true);
        await git(root, "add", "-A");
        await agree(false);
        Deno.removeSync(join(root, "größe & mehr.ts"));
        await agree(true);
      }),
  });
}

Deno.test({
  name: "a split index of many files is read as git reads it, whichever of them were replaced or deleted",
  ignore,
  fn: () =>
    withCheckout(async (root, agree) => {
      const names = Array.from({ length: 300 }, (_, index) => `many-${index}.ts`);
      for (const name of names) Deno.writeTextFileSync(join(root, name), name);
      await git(root, "add", "-A");
      await git(root, "config", "splitIndex.maxPercentChange", "100");
      await git(root, "update-index", "--split-index");
      const changed = names.filter((_, index) => index % 7 === 0 || (index > 100 && index < 180));
      for (const name of changed) Deno.writeTextFileSync(join(root, name), `${name} changed`);
      await git(root, "add", ...changed);
      const gone = names.filter((_, index) => index % 11 === 5);
      await git(root, "rm", "-qf", ...gone);
      await agree(false);
      const found = readIndex(join(root, ".git"))?.map(({ name }) => name).toSorted();
      equal(found, (await git(root, "-c", "core.quotePath=false", "ls-files")).trim().split("\n").toSorted());
      Deno.writeTextFileSync(join(root, names[299]), "");
      await agree(true);
    }),
});
