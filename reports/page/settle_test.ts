import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { ReportInput } from "../view/input.ts";
import { answerRows } from "../view/answer_rows.ts";
import type { Verdict } from "../statistics/judge.ts";
import { quoted, settling } from "./settle.ts";
import { synthetic } from "../testing/synthetic.ts";

const made = synthetic({ algorithms: ["mtl", "maml"] });
const plain = (text: string) =>
  text.replace(/<[^>]*>/g, "").replace(/&#39;/g, "'").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(
    /\s+/g,
    " ",
  );
function shown(change: Partial<Verdict>, manifest: unknown = made.manifest): string {
  const input: ReportInput = {
    ...made,
    manifest,
    verdicts: made.verdicts.map(({ key, verdict }) => ({ key, verdict: { ...verdict, ...change } })),
  };
  return plain(settling(input, answerRows(input))?.text ?? "");
}
const open = { verdict: "undecided", typical: "undecided", tail: "undecided" } as const;

Deno.test("an open comparison says how many seeds would settle it, how long they take, and the command for them", () => {
  const text = shown({ ...open, needs: { margin: 1, seeds: 38, words: "" } });
  match(
    text,
    /Sinusoids, 5 shots: 38 seeds instead of 3 would show that MTL and MAML are equal, if they are \(4 times in 5\), about [\d.]+ (?:s|min|h) more with 2 workers as here\./,
  );
  match(
    text,
    /deno task bench --sweep reports\/runs\/quick\/sweep\.json --seeds 0-37 --algorithms mtl,maml --store reports\/runs\/quick\/store --out reports\/runs\/quick-more-seeds/,
  );
});

Deno.test("where only the average is open, or the gap seems large, seeds would establish a difference", () => {
  match(
    shown({ ...open, typical: "a-better", needs: { margin: null, seeds: 9, words: "" } }),
    /establish a difference as large as it is on average/,
  );
  match(
    shown({ ...open, verdict: "large-not-established", needs: { margin: 1, seeds: 9, words: "" } }),
    /establish a difference as large as it seems/,
  );
});

Deno.test("where the average has a winner, nobody is asked to show that the sides are equal", () => {
  const beside = { ...open, tail: "b-better" } as const;
  const along = shown({ ...beside, needs: { margin: null, seeds: 9, words: "" } });
  match(along, /9 seeds instead of 3 would establish a difference as large as it seems on the typical task/);
  const against = shown({ ...beside, needs: { margin: null, seeds: null, words: "" } });
  match(against, /on average MAML is better, and the typical task does not say so; .* no question of more seeds/);
  doesNotMatch(`${along} ${against}`, /equal/);
});

Deno.test("where no number of seeds is enough, more test episodes are the command; where both say otherwise there is none", () => {
  match(
    shown({ ...open, needs: { margin: 1, seeds: null, words: "" } }),
    /no number of seeds is enough with 24 test tasks.*sed 's\/"episodes": 24,\/"episodes": 96,\/' reports\/runs\/quick\/sweep\.json > more_episodes\.json/,
  );
  const contrary = shown({
    ...open,
    typical: "a-better",
    tail: "b-better",
    needs: { margin: null, seeds: null, words: "" },
  });
  match(contrary, /no question of more seeds/);
  doesNotMatch(contrary, /deno task bench/);
});

Deno.test("nothing is said where everything is settled", () => {
  strictEqual(shown({ verdict: "equivalent" }), "");
});

Deno.test("what a manifest says reaches a command quoted for the shell", () => {
  strictEqual(quoted("reports/runs/a-1/x"), "reports/runs/a-1/x");
  strictEqual(quoted("a b'; rm -rf $HOME"), "'a b'\\''; rm -rf $HOME'");
  match(
    shown({ ...open, needs: { margin: 1, seeds: 9, words: "" } }, { sweep: { name: "x; reboot" } }),
    /--sweep 'reports\/runs\/x; reboot\/sweep\.json'/,
  );
});

Deno.test("comparisons that the same command would settle have it once, below all of them", () => {
  const text = shown({ ...open, needs: { margin: 1, seeds: 38, words: "" } });
  strictEqual(text.split("deno task bench").length, 2);
  match(text, /Sinusoids, 5 shots: 38 seeds.*Sinusoids, 10 shots: 38 seeds.*deno task bench/);
});
