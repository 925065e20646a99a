/** What the answer must be read with: trainings that did not end well. */
import type { JudgedPair } from "../statistics/judge_comparisons.ts";
import { sideNames } from "../statistics/pair_scores.ts";
import { titlesOf } from "../view/compared.ts";
import type { ReportInput } from "../view/input.ts";

/** A sentence per kind of trouble among the comparisons that the answer counts; "" where there is none. */
export function beware(counted: readonly JudgedPair[], input: ReportInput): string {
  const flagsOf = ({ verdict }: JudgedPair, flag: string) =>
    verdict.flags.filter((text) => text.startsWith(`${flag}:`));
  const flagged = (flag: string) => counted.filter((pair) => flagsOf(pair, flag).length > 0);
  const [unfinished, diverged, missing] = ["undertrained", "diverged-training", "missing-seeds"].map(flagged);
  const collapsed = flagged("collapsed");
  const which = (pairs: readonly JudgedPair[]) =>
    counted.length === 1
      ? "the comparison"
      : pairs.length === counted.length
      ? `all ${counted.length} comparisons`
      : `${pairs.length} of the ${counted.length} comparisons`;
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const verb = (pairs: readonly JudgedPair[], one: string, many: string) =>
    pairs.length === 1 || counted.length === 1 ? one : many;
  // A flag reads "undertrained: anil 2, maml 1 of 3 seeds".
  const whose = new Set(unfinished.flatMap((pair) => {
    const [names, titles] = [sideNames(pair.key.a, pair.key.b), titlesOf(input, pair.key)];
    const has = (name: string) => flagsOf(pair, "undertrained").some((text) => text.includes(` ${name} `));
    return [...(has(names[0]) ? [titles.a] : []), ...(has(names[1]) ? [titles.b] : [])];
  }));
  return [
    unfinished.length === 0
      ? ""
      : `Beware: ${which(unfinished)} ${verb(unfinished, "rests", "rest")} on trainings of ${
        [...whose].join(" or ")
      } that were still improving when they ended (undertrained); what longer training would show is not known.`,
    diverged.length === 0
      ? ""
      : `${capital(which(diverged))} ${verb(diverged, "rests", "rest")} in part on diverged trainings.`,
    collapsed.length === 0
      ? ""
      : `${capital(which(collapsed))} ${
        verb(collapsed, "rests", "rest")
      } in part on collapsed trainings, far worse than with the other seeds; no interval is reliable there.`,
    missing.length === 0 ? "" : `${capital(which(missing))} ${verb(missing, "lacks", "lack")} seeds.`,
  ].filter((sentence) => sentence !== "").join(" ");
}
