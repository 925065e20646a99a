/** How the outer step size β goes on through a training: a factor per iteration. */
import { z } from "zod";

/** Where a training is. */
export interface ScheduleMoment {
  /** From 1. */
  readonly iteration: number;
  readonly iterations: number;
  /** How good the state was at the validation points passed before this iteration, larger is better. */
  readonly qualities: readonly number[];
}

/** One line of the table of schedules. */
export interface Schedule {
  readonly name: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  /** An object with `name` and its options. */
  readonly options: z.ZodObject;
  /** Whether it goes by validation points. */
  readonly needsValidation: boolean;
  /** Whether it goes by how many iterations there are in all, which a training that ends when it is flat does not know. */
  readonly needsEnd: boolean;
  /** The share of β at an iteration. */
  factor(moment: ScheduleMoment, options: Readonly<Record<string, unknown>>): number;
}

const constant: Schedule = {
  name: "constant",
  summary: "β stays as it is",
  options: z.strictObject({ name: z.literal("constant") }),
  needsValidation: false,
  needsEnd: false,
  factor: () => 1,
};

/** From 1 down to `final` along half a cosine: Loshchilov & Hutter 2017 (arXiv:1608.03983), equation 5 with one period. */
const cosine: Schedule = {
  name: "cosine",
  summary: "β falls along half a cosine (Loshchilov & Hutter 2017, arXiv:1608.03983, equation 5 with one period)",
  options: z.strictObject({
    name: z.literal("cosine"),
    final: z.number().min(0).max(1).default(0).describe("Share of β that is left at the end."),
  }),
  needsValidation: false,
  needsEnd: true,
  factor({ iteration, iterations }, { final }) {
    const progress = (iteration - 1) / Math.max(1, iterations);
    return Number(final) + (1 - Number(final)) * (1 + Math.cos(Math.PI * progress)) / 2;
  },
};

/** Times `factor` after each of `steps` equal parts of the training but the last. */
const step: Schedule = {
  name: "step",
  summary: "β falls by a factor after each of some equal parts of the training but the last",
  options: z.strictObject({
    name: z.literal("step"),
    factor: z.number().positive().lt(1).default(0.1).describe("What β is multiplied by."),
    steps: z.int().min(1).max(1000).default(3).describe("Parts of equal length that the training is divided into."),
  }),
  needsValidation: false,
  needsEnd: true,
  factor: ({ iteration, iterations }, { factor, steps }) =>
    Number(factor) ** Math.floor((iteration - 1) * Number(steps) / iterations),
};

/** Times `factor` whenever more than `patience` validation points in a row brought nothing better than the best before them; then it waits anew. */
const plateau: Schedule = {
  name: "plateau",
  summary: "β falls by a factor whenever validation episodes have not improved for a while",
  options: z.strictObject({
    name: z.literal("plateau"),
    factor: z.number().positive().lt(1).default(0.1).describe("What β is multiplied by."),
    patience: z.int().min(1).max(1000).default(2).describe(
      "Validation points without improvement that are waited for.",
    ),
  }),
  needsValidation: true,
  needsEnd: false,
  factor({ qualities }, { factor, patience }) {
    let [best, waited, drops] = [-Infinity, 0, 0];
    for (const quality of qualities) {
      if (quality > best) [best, waited] = [quality, 0];
      else waited++;
      if (waited > Number(patience)) [drops, waited] = [drops + 1, 0];
    }
    return Number(factor) ** drops;
  },
};

/** All schedules, by name. */
export const schedules = { constant, cosine, step, plateau } as const satisfies Record<string, Schedule>;

/** A schedule of the table. */
export type ScheduleName = keyof typeof schedules;
