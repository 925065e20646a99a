/** Flags of verdicts in plain words: results keep the short names, readers get sentences. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { sideNames } from "../statistics/pair_scores.ts";
import { answerWords, isAnswer } from "./answers.ts";
import { type Titles, titlesOf } from "./compared.ts";
import { type ReportInput, titleOf } from "./input.ts";
import { list, plural } from "./select.ts";

/** What a flag of trainings says of the seeds that have it. */
const OF_SEEDS: Readonly<Record<string, string>> = {
  undertrained: "still improving at the end of training",
  collapsed: "trained to a far worse score than with the other seeds",
  "diverged-training": "diverged in training, which counts as failing every test episode",
  restarted: "restarted after numbers that were not finite",
  "loss-spike": "had a jump of the loss during training",
};

/** Flags that are whole sentences by themselves. */
const WHOLE: Readonly<Record<string, string>> = {
  boundary: "so close to the line that another draw of the bootstrap could change the verdict",
  identical: "both sides are the same numbers",
  differs: "a difference is shown, and it lies within the margin",
  "beyond-margin": "the difference is shown to be larger than the margin",
};

/** What is to beware of in a comparison, a phrase per flag; a flag that has no words is said as it is. */
export function flagWords(
  input: Pick<ReportInput, "algorithms" | "adapters">,
  { key, verdict }: JudgedPair,
): string[] {
  const titles = titlesOf(input, key);
  const names = sideNames(key.a, key.b);
  return verdict.flags.map((flag) => {
    const at = flag.indexOf(": ");
    return at < 0 ? WHOLE[flag] ?? flag : detailed(flag.slice(0, at), flag.slice(at + 2), titles, names) ?? flag;
  });
}

function detailed(
  name: string,
  detail: string,
  titles: Titles,
  [a, b]: readonly [string, string],
): string | undefined {
  if (name === "uncorrected") {
    return isAnswer(detail)
      ? `on its own, without the other comparisons, it would be: ${answerWords(detail, titles)}`
      : undefined;
  }
  if (name === "limit-sensitive") {
    const [answer] = detail.split(" ");
    return isAnswer(answer)
      ? `hangs on how bad a failed episode is taken to be: with ten times that limit, on its own, ${
        answerWords(answer, titles)
      }`
      : undefined;
  }
  if (name === "diverged") {
    const found = /^a (\d+) and b (\d+) of (\d+) episodes, counted as (.*)$/.exec(detail);
    if (found === null) return undefined;
    const [, ofA, ofB, total, as] = found;
    return `failed test episodes of ${total}: ${titles.a} ${ofA}, ${titles.b} ${ofB} (counted as ${
      as === "the limit" ? "the largest error there is" : as
    })`;
  }
  if (name === "futile") return `left open, since ${detail}`;
  if (name === "missing-seeds") {
    const found = /^(\d+) of (\d+)$/.exec(detail);
    return found === null ? undefined : `${found[1]} of ${plural(found[2], "seed")} without a score of both`;
  }
  return ofSeeds(name, detail, (own) => own === a ? titles.a : own === b ? titles.b : own);
}

/** A flag of trainings in words, such as a prediction has; one that has no words is said as it is. */
export function trainingFlagWords({ algorithms }: Pick<ReportInput, "algorithms">, flag: string): string {
  const at = flag.indexOf(": ");
  return ofSeeds(flag.slice(0, at), flag.slice(at + 2), (own) => titleOf(algorithms, own)) ?? flag;
}

/** "MTL in 4 of 5 seeds: still improving at the end of training" of the flag's name and the rest of it. */
function ofSeeds(name: string, detail: string, titleOfSide: (name: string) => string): string | undefined {
  const found = /^(.*) of (\d+) seeds$/.exec(detail);
  if (found === null || !Object.hasOwn(OF_SEEDS, name)) return undefined;
  const sides = found[1].split(", ").map((side) => {
    const [, own, count] = /^(.*) (\d+)$/.exec(side) ?? [];
    return { title: own === undefined ? undefined : titleOfSide(own), count };
  });
  if (sides.some(({ title }) => title === undefined)) return undefined;
  return `${list(sides.map(({ title, count }) => `${title} in ${count}`))} of ${plural(found[2], "seed")}: ${
    OF_SEEDS[name]
  }`;
}
