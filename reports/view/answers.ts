/** Verdicts in words. */
import { type Answer, VERDICTS as NAMES } from "../../common/vocabulary.ts";
import type { Titles } from "./compared.ts";
import { VERDICTS } from "./palette.ts";

/** Verdicts in the order they are counted and explained. */
export const ANSWERS = Object.keys(VERDICTS) as readonly Answer[];

/** Whether a text names a verdict. */
export function isAnswer(text: string): text is Answer {
  return (NAMES as readonly string[]).includes(text);
}

/** "equivalent", "MTL better", "MAML better", ... */
export function answerWords(answer: Answer, { a, b }: Titles): string {
  return {
    equivalent: "equivalent",
    "a-better": `${a} better`,
    "b-better": `${b} better`,
    "large-not-established": "large, not established",
    undecided: "undecided",
    none: "no verdict",
  }[answer];
}
