import { deepStrictEqual as equal } from "node:assert/strict";
import { shellWord } from "./shell.ts";

Deno.test({
  name: "words that mean something to a shell are quoted, and others are printed as they are",
  ignore: Deno.build.os === "windows",
  fn() {
    for (const plain of ["reports/runs/quick", "--out=/a/b", "x_1.2", "größe", "a@b:c%d+e"]) {
      equal(shellWord(plain), plain);
    }
    equal(shellWord("a b"), "'a b'");
    equal(shellWord("it's $HOME"), `'it'\\''s $HOME'`);
    for (const word of ["", "~", "a;b", "a*", "(x)", "#x", "a\\b", "`x`"]) equal(shellWord(word), `'${word}'`);
  },
});
