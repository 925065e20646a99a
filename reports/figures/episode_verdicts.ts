/** What pictures of classification episodes have in common: what an adapted network says of each query, and its words. */
import type { EpisodePicture, Illustration, PicturedState, ReportInput } from "../view/input.ts";
import { titleOf } from "../view/input.ts";
import { adaptedText } from "../view/adaptation.ts";
import type { ChosenStates } from "./pictures.ts";

/** The title of one of several pictures side by side. */
export function panelTitle(text: string, subtitle: string) {
  return { text, subtitle: subtitle === "" ? " " : subtitle, fontSize: 13, anchor: "start" as const, offset: 8 };
}

/** N of the pictured episode. */
export function waysOf({ episode }: EpisodePicture): number {
  return episode.supportY.length / episode.nSupport;
}

/**
 * The rows of every class of the pictured episode, of which some may have more examples than others.
 *
 * @param targets one-hot, [n, N]
 */
export function rowsOfClasses(targets: ArrayLike<number>, ways: number): number[][] {
  const rows: number[][] = Array.from({ length: ways }, () => []);
  for (let i = 0; i < targets.length; i++) if (targets[i] === 1) rows[i % ways].push(Math.floor(i / ways));
  return rows;
}

/**
 * Per query, the class with the largest logit after the last inner step where there are any, -1 where logits are not finite; undefined
 * where there are no predictions.
 */
function verdictsOf({ native }: ChosenStates, { episode }: EpisodePicture): number[] | undefined {
  const predictions = lastOf(native)?.predictions;
  if (predictions === undefined || predictions.length !== episode.nQuery) return undefined;
  return predictions.map((row) => row.map((logit) => logit ?? NaN)).map((logits) =>
    logits.every(Number.isFinite) ? logits.reduce((best, value, c) => value > logits[best] ? c : best, 0) : -1
  );
}

/** Where a state's adaptation ends. */
export function lastOf({ illustrations }: PicturedState): Illustration | undefined {
  return illustrations.toSorted((a, b) => (a.innerSteps ?? 0) - (b.innerSteps ?? 0)).at(-1);
}

/** "MAML, d = 0", "5 steps", and both together: "MAML, d = 0, 5 steps" */
function panelLabels(input: ReportInput, { algorithm, sharingDepth, native }: ChosenStates) {
  const heading = `${titleOf(input.algorithms, algorithm)}${sharingDepth === null ? "" : `, d = ${sharingDepth}`}`;
  const adapted = adaptedText(input, { ...native, innerSteps: lastOf(native)?.innerSteps ?? null });
  return { heading, adapted, label: `${heading}, ${adapted}` };
}

/** One adapted network of a picture: its words, what it says of each query, and how often it is right. */
export interface EpisodePanel {
  readonly heading: string;
  readonly adapted: string;
  readonly label: string;
  readonly verdicts: readonly number[];
  /** "51 of 75 right" */
  readonly count: string;
}

/** A panel for each state that says something of the queries. */
export function episodePanels(
  input: ReportInput,
  picture: EpisodePicture,
  states: readonly ChosenStates[],
): EpisodePanel[] {
  const { nQuery } = picture.episode;
  const queries = nQuery / waysOf(picture);
  return states.flatMap((state) => {
    const verdicts = verdictsOf(state, picture);
    if (verdicts === undefined) return [];
    const right = verdicts.filter((said, i) => said === Math.floor(i / queries)).length;
    return [{ ...panelLabels(input, state), verdicts, count: `${right} of ${nQuery} right` }];
  });
}
