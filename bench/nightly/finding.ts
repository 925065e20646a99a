/** What a comparison finds. */

/** Kinds of findings, in the order they are told. */
export const KINDS = ["run", "verdict", "score", "cost", "speed"] as const;
/** See {@linkcode KINDS}. */
export type Kind = (typeof KINDS)[number];

/** One thing that moved. */
export interface Finding {
  readonly kind: Kind;
  /** What moved, in words. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** By how much, against which noise or tolerance. */
  readonly by: string;
}

/** Takes a finding, and whether it is for the worse. */
export type Tell = (worse: boolean, finding: Finding) => void;
