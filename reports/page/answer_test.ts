import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { answer, answerSection, inWords } from "./answer.ts";
import type { ReportInput } from "../view/input.ts";
import { synthetic } from "../testing/synthetic.ts";
import type { Counts } from "../view/comparison_words.ts";

const counts = (some: Partial<Counts>): Counts => ({
  ...{ equivalent: 0, "a-better": 0, "b-better": 0, "large-not-established": 0, undecided: 0, none: 0 },
  ...some,
});
const say = (some: Partial<Counts>) => inWords(counts(some), "MTL", "MAML");
const plain = (text: string) => text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

Deno.test("counted answers claim exactly what the verdicts do, and call what is open by its name", () => {
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

Deno.test("the first screen has a row per data set and shots of the first answering comparison, with the interval of its verdict, costs and n", () => {
  const input = synthetic({ algorithms: ["mtl", "fomaml", "maml"] });
  const text = plain(answerSection(input, ["answer-light.svg"]).text);
  const rows = answerSection(input, []).text.match(/<th scope="row">/g);
  strictEqual(rows?.length, 4);
  match(text, /Sinusoids5 shots MAML better .*1\.85× typical task1\.65× to 2\.07×/);
  match(text, /Omniglot, 5-way1 shot MAML better/);
  match(text, /0\.08×/);
  match(text, /3 training seeds, 24 test tasks each/);
  match(text, /The same as a picture: answer-light\.svg/);
  doesNotMatch(text, /FOMAML|undertrained:|beyond-margin|\b1 shots/);
});

Deno.test("below three seeds the answer is that there is none, with the reason and the command that gives one", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 2 });
  match(plain(answer(input).text), /^Not known\. There are too few seeds to compare MTL with MAML in all cases here\./);
  const text = plain(answerSection(input, []).text);
  match(text, /2 seeds have scores of both; a verdict needs 3/);
  match(text, /deno task bench --sweep reports\/runs\/quick\/sweep\.json --seeds 0-4 --algorithms mtl,maml/);
  ok(!/beats|matches MAML/.test(text));
});

Deno.test("without an answering family the answer says so and counts the exploring one", () => {
  const input = synthetic({ algorithms: ["mtl", "maml"], seeds: 3 });
  const matched: ReportInput = {
    ...input,
    verdicts: input.verdicts.filter(({ key }) => key.family === "matched"),
  };
  match(plain(answer(matched).text), /^No answer\. This run does not ask the main question/);
  const text = plain(answerSection(matched, []).text);
  match(text, /At matched settings: /);
  doesNotMatch(answerSection(matched, []).text, /class="hero"/);
});
