import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { answer, answerCards, inWords } from "./answer.ts";
import type { ReportInput } from "../view/input.ts";
import { synthetic } from "../testing/synthetic.ts";
import type { Counts } from "../view/comparison_words.ts";

const counts = (some: Partial<Counts>): Counts => ({
  ...{ equivalent: 0, "a-better": 0, "b-better": 0, "large-not-established": 0, undecided: 0, none: 0 },
  ...some,
});
const say = (some: Partial<Counts>) => inWords(counts(some), "MTL", "MAML");
const plain = (text: string) => text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

Deno.test("the answer claims exactly what the verdicts do, and calls what is open by its name", () => {
  strictEqual(say({ equivalent: 4 }), "MTL matches MAML in all 4 comparisons.");
  strictEqual(say({ "b-better": 1 }), "MTL is worse than MAML in the one comparison.");
  strictEqual(
    say({ equivalent: 1, "a-better": 2, "b-better": 1, "large-not-established": 1, undecided: 1 }),
    "MTL matches MAML in 1 of 6 comparisons, is better than MAML in 2 of 6 comparisons and is worse than MAML in 1 of 6 comparisons; 1 seems large and is not established; 1 is undecided.",
  );
  strictEqual(
    say({ undecided: 3 }),
    "whether MTL matches MAML is open in all 3 comparisons: 3 are undecided.",
  );
  strictEqual(say({ none: 2 }), "whether MTL matches MAML is not known: no verdict in all 2 comparisons.");
  match(say({ undecided: 1, none: 2 }), /open in all 3 comparisons: 1 is undecided and 2 have no verdict/);
});

Deno.test("the answer is about the first comparison of the answering family and states n", () => {
  const text = plain(answer(synthetic({ algorithms: ["mtl", "fomaml", "maml"] })).text);
  match(text, /^ ?Each used as its authors do: .*MAML.* n = 3 training seeds × 24 test episodes in each\./);
  doesNotMatch(text.split("Of all")[0], /FOMAML/);
  match(text, /Of all \d+ comparisons of MTL with FOMAML and MAML, primary, native and matched: /);
});

Deno.test("below three seeds the answer is that there is none, with the reason", () => {
  const text = plain(answer(synthetic({ algorithms: ["mtl", "maml"], seeds: 2 })).text);
  match(text, /whether MTL matches MAML is not known: no verdict in all 4 comparisons/);
  match(text, /2 seeds have scores of both; a verdict needs 3/);
  doesNotMatch(text, /matches MAML in|better than|worse than/);
});

Deno.test("without an answering family the answer is about the exploring one and says so", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
  const matched: ReportInput = {
    ...input,
    verdicts: input.verdicts.filter(({ key }) => key.family === "matched"),
  };
  match(plain(answer(matched).text), /^ ?At matched settings: /);
  strictEqual(answerCards(matched, matched.datasets), undefined);
});
