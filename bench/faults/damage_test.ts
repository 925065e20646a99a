import { deepStrictEqual as equal, ok } from "node:assert";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { cli, withFolder, writeSweep } from "../testing/cli.ts";
import { draws, filesUnder, FULL, resultsOf, tablesOf, thorough } from "../testing/faults.ts";

/** Ways in which disks and interrupted copies ruin a file. */
const DAMAGES: Readonly<Record<string, (path: string, random: () => number) => void>> = {
  "truncated": (path, random) => Deno.truncateSync(path, Math.floor(random() * Deno.statSync(path).size)),
  "empty": (path) => Deno.truncateSync(path, 0),
  "with a bit flipped": (path, random) => {
    const bytes = Deno.readFileSync(path);
    if (bytes.length === 0) return;
    const at = Math.floor(random() * bytes.length);
    Deno.writeFileSync(path, bytes.with(at, bytes[at] ^ 1 << Math.floor(random() * 8)));
  },
  "half zeros": (path) => {
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.fill(0, bytes.length >> 1));
  },
  "missing": (path) => Deno.removeSync(path),
};

/** What may be computed again when a result is damaged: a training is its state and its result. */
function mendedBy(path: string): string[] {
  const stem = path.replace(/\.[a-z]+$/, "");
  return path.startsWith("training") ? [`${stem}.json`, `${stem}.state`] : [path];
}

Deno.test("damaged results are noticed, set aside and computed again to the same bytes; nothing else is", () =>
  withFolder(async (folder) => {
    const random = draws("damage");
    const sweep = writeSweep(folder);
    const whole = join(folder, "whole");
    const run = (out: string) => cli("--sweep", sweep, "--out", out, "--backend", "wasm", "--workers", "1", "--quiet");
    equal((await run(whole)).code, 0);
    for (let round = 0; round < (FULL ? 8 : 1); round++) {
      const out = join(folder, `damaged-${round}`);
      const store = join(out, "store");
      cpSync(whole, out, { recursive: true });
      const before = resultsOf(store);
      const kinds = Object.entries(DAMAGES);
      const hurt = [...before.keys()].sort().filter(() => random() < 0.3);
      const told: string[] = [];
      for (const path of hurt) {
        const [kind, damage] = kinds[Math.floor(random() * kinds.length)];
        damage(join(store, path), random);
        told.push(`${path} ${kind}`);
      }
      const { code, err } = await run(out);
      equal([code, err], [0, ""], told.join("\n"));
      equal(tablesOf(out), tablesOf(whole), told.join("\n"));
      const mended = new Set(hurt.flatMap(mendedBy));
      for (const [path, write] of resultsOf(store)) {
        if (!mended.has(path)) {
          equal(write, before.get(path), `${path} was computed again\n${told.join("\n")}`);
        }
      }
      for (const [path, line] of hurt.map((path, index) => [path, told[index]])) {
        // A state that nothing needs is not looked at; and a flipped bit may leave the meaning of JSON as it is.
        if (path.endsWith(".state") || line.endsWith("flipped")) continue;
        equal(Deno.readTextFileSync(join(store, path)), Deno.readTextFileSync(join(whole, "store", path)), line);
      }
    }
  }));

thorough(
  "a training whose state is gone is trained again when an evaluation needs it, and so is one whose result is gone",
  () =>
    withFolder(async (folder) => {
      const sweep = writeSweep(folder);
      const out = join(folder, "out");
      const run = () => cli("--sweep", sweep, "--out", out, "--backend", "wasm", "--workers", "1", "--quiet");
      equal((await run()).code, 0);
      const expected = tablesOf(out);
      const store = join(out, "store");
      for (const [kind, damage] of Object.entries(DAMAGES)) {
        const states = filesUnder(join(store, "training")).filter((path) => path.endsWith(".state"));
        for (const path of states) damage(path, () => 0.7);
        for (const path of filesUnder(join(store, "evaluation"))) Deno.removeSync(path);
        equal([(await run()).code, tablesOf(out)], [0, expected], kind);
        ok(kind === "missing" || states.some((path) => filesUnder(store).includes(`${path}.corrupt`)), kind);
        for (const path of filesUnder(store).filter((file) => file.endsWith(".corrupt"))) Deno.removeSync(path);
      }
    }),
);

Deno.test("results of another format are refused with the way out, and left as they are", () =>
  withFolder(async (folder) => {
    const sweep = writeSweep(folder);
    const out = join(folder, "out");
    const run = (...more: string[]) =>
      cli("--sweep", sweep, "--out", out, "--backend", "wasm", "--workers", "1", "--quiet", ...more);
    equal((await run()).code, 0);
    const expected = tablesOf(out);
    for (
      const [file, message] of [["sweep.json", /format 0, of an older version/], [
        "store/store.json",
        /format 0, of an older version/,
      ]] as const
    ) {
      const path = join(out, file);
      const own = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, own.replace(/"format": ?2/, '"format": 0'));
      const content = () =>
        filesUnder(out).filter((name) => !name.endsWith(".lock")).map((name) => [name, Deno.readTextFileSync(name)]);
      const before = content();
      const refused = await run();
      equal(
        [refused.code, message.test(refused.err), refused.err.trimEnd().includes("\n")],
        [2, true, false],
        refused.err,
      );
      equal(content(), before);
      Deno.writeTextFileSync(path, own);
    }
    equal([(await run()).code, tablesOf(out)], [0, expected]);
  }));
