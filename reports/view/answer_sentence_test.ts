import { match, ok, strictEqual } from "node:assert/strict";
import type { Answer, Reading } from "../../common/vocabulary.ts";
import { synthetic } from "../testing/synthetic.ts";
import { inSentence } from "./answer_rows.ts";
import { answerSentence, MAX_WORDS, wordCount } from "./answer_sentence.ts";
import { headline } from "./compared.ts";
import type { ReportInput } from "./input.ts";

const made = synthetic({ algorithms: ["mtl", "maml"] });
const rows = made.datasets.flatMap(({ name }) => headline(made, name));

/** The made-up run with other verdicts on what the answer rests on: sinusoids with 5 and 10 shots, Omniglot with 1 and 5. */
function said(...found: readonly (readonly [verdict: Answer, typical?: Reading, tail?: Reading])[]): string {
  const input: ReportInput = {
    ...made,
    cells: made.cells.map((row) => ({ ...row, trainGflop: row.algorithm === "mtl" ? 25 : 100 })),
    verdicts: made.verdicts.map((pair) => {
      const at = rows.indexOf(pair);
      if (at < 0) return pair;
      const [verdict, typical = null, tail = null] = found[at] ?? found[0];
      return { ...pair, verdict: { ...pair.verdict, verdict, typical, tail } };
    }),
  };
  const { lead, text } = answerSentence(input);
  return `${lead} ${text}`;
}

Deno.test("yes is said where multi-task learning is equal or better everywhere, no where it is worse everywhere, and the cost with it", () => {
  strictEqual(
    said(["equivalent"]),
    "Yes. MTL matches MAML in all cases here. Training MTL takes 25 % of the operations of MAML.",
  );
  match(
    said(["equivalent"], ["a-better"], ["equivalent"], ["equivalent"]),
    /^Yes\. MTL matches MAML on Sinusoids with 5 shots and Omniglot, 5-way; MTL beats MAML on Sinusoids with 10 shots\./,
  );
  match(said(["b-better"]), /^No\. MAML beats MTL in all cases here\./);
});

Deno.test("what differs between tasks depends on them, and what is open is never called yes or no", () => {
  match(said(["equivalent"], ["b-better"], ["equivalent"], ["equivalent"]), /^It depends on the task\. /);
  match(
    said(["equivalent"], ["undecided"], ["equivalent"], ["equivalent"]),
    /^Partly yes\. .*; whether MTL matches MAML is undecided on Sinusoids with 10 shots\./,
  );
  match(said(["b-better"], ["undecided"], ["undecided"], ["undecided"]), /^Partly no\. /);
  match(said(["undecided"]), /^Not decided\. Whether MTL matches MAML is undecided in all cases here\./);
  match(said(["none"]), /^Not known\. /);
  match(said(["large-not-established"]), /^Not decided\. /);
});

Deno.test("where the typical task and the average say different things, the answer depends on how errors are averaged", () => {
  const both = said(["undecided", "a-better", "undecided"], ["undecided", "undecided", "b-better"]);
  match(
    both,
    /^It depends on how errors are averaged\. On a typical task, MTL beats MAML on .*; on average, which rare failures rule, MAML beats MTL on Sinusoids with 10 shots\./,
  );
  match(said(["undecided", "a-better", "undecided"]), /^Not decided\. On a typical task, MTL beats MAML/);
  match(
    said(["undecided", "a-better", "b-better"]),
    /^It depends on how errors are averaged\. The typical task and the average name different winners/,
  );
});

Deno.test("the sentence never has more than 60 words: places are counted where they are too many to name", () => {
  const many = Array.from(
    { length: 12 },
    (_, i) => ({ ...made.datasets[0], name: `d${i}`, title: `A data set with a long title number ${i}` }),
  );
  const verdicts = many.flatMap(({ name }, i) =>
    rows.slice(0, 2).map(({ key, verdict }, j) => ({
      key: { ...key, dataset: name },
      verdict: { ...verdict, verdict: (["equivalent", "a-better", "b-better", "undecided"] as const)[(i + j) % 4] },
    }))
  );
  const { lead, text } = answerSentence({ ...made, datasets: many, verdicts });
  ok(wordCount(`${lead} ${text}`) <= MAX_WORDS, text);
  match(text, /in 6 of 24 cases/);
});

Deno.test("a title begins small within a sentence unless it is a name", () => {
  strictEqual(inSentence("Multi-task learning"), "multi-task learning");
  strictEqual(inSentence("First-order MAML"), "first-order MAML");
  strictEqual(inSentence("MAML"), "MAML");
  strictEqual(inSentence("Reptile"), "Reptile");
});
