import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { Subprocess } from "../../common/subprocess.ts";
import { withFolder } from "../testing/cli.ts";

const SCRIPT = join(PROJECT_ROOT, ".github", "nightly_history.sh");
const SETTINGS = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

async function run(cwd: string, program: "git" | "sh", ...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Subprocess(program, { args, cwd, env: SETTINGS, stdin: "null" })
    .output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function works(): Promise<boolean> {
  try {
    return (await run(PROJECT_ROOT, "git", "--version")).code === 0 &&
      (await run(PROJECT_ROOT, "sh", "-c", ":")).code === 0;
  } catch {
    return false;
  }
}

Deno.test({
  name: "the history of nights survives on a branch of its own, without the runs, and a lost answer is no first night",
  ignore: !await works(),
  fn: () =>
    withFolder(async (folder) => {
      const [remote, here, there] = ["remote.git", "here", "there"].map((name) => join(folder, name));
      const git = async (cwd: string, ...args: string[]) => {
        const { code, text } = await run(cwd, "git", ...args);
        equal(code, 0, text);
        return text.trim();
      };
      await git(folder, "init", "-q", "--bare", remote);
      await git(folder, "init", "-q", here);
      await git(here, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "code");
      await git(here, "remote", "add", "origin", remote);
      await git(here, "push", "-q", "origin", "HEAD:main");
      const script = (cwd: string, action: string, ...branch: string[]) =>
        run(cwd, "sh", SCRIPT, action, "reports/nightly", ...branch);
      const nights = (at: string, name = "history.jsonl") => join(at, "reports", "nightly", name);

      match((await script(here, "fetch")).text, /no branch nightly-history yet/);
      Deno.mkdirSync(nights(here, "runs"));
      Deno.writeTextFileSync(nights(here, "runs/large"), "not kept");
      Deno.writeTextFileSync(nights(here), "1\n");
      equal(await script(here, "keep"), { code: 0, text: "" });
      Deno.writeTextFileSync(nights(here), "1\n2\n");
      Deno.writeTextFileSync(nights(here, "baselines.jsonl"), "1\n");
      equal(await script(here, "keep"), { code: 0, text: "" });
      // Nothing new is no commit.
      equal(await script(here, "keep"), { code: 0, text: "" });
      equal(await git(remote, "rev-list", "--count", "nightly-history"), "2");
      equal(await git(here, "status", "--porcelain", "--untracked-files=no"), "");

      // Another sweep's history is on a branch of its own.
      equal(await script(here, "keep", "nightly-history-other"), { code: 0, text: "" });
      equal(await git(remote, "rev-list", "--count", "nightly-history-other"), "1");
      equal(await git(remote, "rev-list", "--count", "nightly-history"), "2");

      await git(folder, "clone", "-q", "--branch", "main", remote, there);
      equal(await script(there, "fetch"), { code: 0, text: "" });
      equal(Deno.readTextFileSync(nights(there)), "1\n2\n");
      equal([...Deno.readDirSync(join(there, "reports", "nightly"))].map(({ name }) => name).sort(), [
        "baselines.jsonl",
        "history.jsonl",
      ]);

      Deno.renameSync(remote, `${remote}.away`);
      const lost = await script(there, "fetch");
      equal(lost.code, 1, lost.text);
      match(lost.text, /The history cannot be asked for/);
    }),
});

Deno.test("what workflows run of other people's is named by its digest, with the version beside it", () => {
  const folder = join(PROJECT_ROOT, ".github", "workflows");
  const uses = [...Deno.readDirSync(folder)].flatMap(({ name }) =>
    Deno.readTextFileSync(join(folder, name)).match(/uses: .*/g) ?? []
  );
  equal(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)), []);
  equal(uses.length > 4, true);
});
