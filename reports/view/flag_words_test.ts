import { deepStrictEqual, doesNotMatch } from "node:assert/strict";
import { synthetic } from "../testing/synthetic.ts";
import { flagWords, trainingFlagWords } from "./flag_words.ts";

const input = synthetic({ algorithms: ["mtl", "maml"] });
const [pair] = input.verdicts;
const words = (...flags: string[]) => flagWords(input, { ...pair, verdict: { ...pair.verdict, flags } });

Deno.test("every kind of flag is said in words, with the titles of the sides in place of their names", () => {
  deepStrictEqual(
    words(
      "beyond-margin",
      "diverged: a 3 and b 77 of 10000 episodes, counted as the limit",
      "undertrained: mtl 4, maml 1 of 5 seeds",
      "uncorrected: a-better",
      "missing-seeds: 1 of 5",
      "limit-sensitive: undecided with ten times the limit of divergence",
    ),
    [
      "the difference is shown to be larger than the margin",
      "failed test episodes of 10000: MTL 3, MAML 77 (counted as the largest error there is)",
      "MTL in 4 and MAML in 1 of 5 seeds: still improving at the end of training",
      "on its own, without the other comparisons, it would be: MTL better",
      "1 of 5 seeds without a score of both",
      "hangs on how bad a failed episode is taken to be: with ten times that limit, on its own, undecided",
    ],
  );
  const others = [
    "boundary",
    "identical",
    "differs",
    "collapsed: mtl 1 of 5 seeds",
    "diverged-training: maml 2 of 5 seeds",
    "restarted: maml 1 of 3 seeds",
    "loss-spike: maml 1 of 5 seeds",
  ];
  for (const text of words(...others)) doesNotMatch(text, /boundary|collapsed:|loss-spike|diverged-training|\bmaml\b/);
});

Deno.test("a flag that nobody has words for is said as it is", () => {
  deepStrictEqual(words("new-flag: 3", "diverged: strange", "collapsed: strange"), [
    "new-flag: 3",
    "diverged: strange",
    "collapsed: strange",
  ]);
});

Deno.test("flags of trainings beside a prediction are said in the same words", () => {
  deepStrictEqual(
    trainingFlagWords(input, "undertrained: mtl 4, maml 1 of 5 seeds"),
    "MTL in 4 and MAML in 1 of 5 seeds: still improving at the end of training",
  );
  deepStrictEqual(trainingFlagWords(input, "unheard-of"), "unheard-of");
});
